import MiniSearch from 'minisearch'
import { loadDoc, pageIds, type Language, type PageId } from './pages'
import { loadProcedures, sectionsOf } from './reference'

export interface Found {
  page: PageId
  id: string
  title: string
  /** Of the text around the first word that was found. */
  excerpt: string
}

interface Entry extends Found {
  key: string
  text: string
}

/** So many are shown. */
const most = 12
const excerptLength = 140

/** Letters without their accents, so that “pare feu” finds “pare-feu”, and “generation” “génération”. */
const folded = (term: string) =>
  term
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()

async function entriesOf(language: Language): Promise<Entry[]> {
  const pages = await Promise.all(
    pageIds.map(async (page) => {
      const sections =
        page === 'api' ? sectionsOf(await loadProcedures()) : (await loadDoc(page, language)).doc.sections
      return sections.map(({ id, title, text }) => ({ page, id, title, text, excerpt: '', key: `${page}#${id}` }))
    }),
  )
  return pages.flat()
}

function excerptOf(text: string, terms: readonly string[]): string {
  const plain = folded(text)
  const first = Math.min(...terms.map((term) => plain.indexOf(term)).filter((at) => at >= 0), text.length)
  const from = first === text.length ? 0 : Math.max(0, first - 40)
  const cut = text.slice(from, from + excerptLength)
  return `${from > 0 ? '…' : ''}${cut}${from + excerptLength < text.length ? '…' : ''}`
}

/** Reads every page of a language once, and searches them in the browser: nobody is asked what is looked for. */
export async function createSearch(language: Language): Promise<(query: string) => Found[]> {
  const entries = await entriesOf(language)
  const byKey = new Map(entries.map((entry) => [entry.key, entry]))
  const index = new MiniSearch<Entry>({
    idField: 'key',
    fields: ['title', 'text'],
    processTerm: folded,
    searchOptions: { boost: { title: 4 }, prefix: true, fuzzy: 0.2, combineWith: 'AND' },
  })
  index.addAll(entries)
  return (query) =>
    index
      .search(query)
      .slice(0, most)
      .flatMap(({ id, terms }) => {
        const entry = byKey.get(String(id))
        return entry ? [{ ...entry, excerpt: excerptOf(entry.text, terms) }] : []
      })
}
