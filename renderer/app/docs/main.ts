import type { DocSection } from '../../../.config/markdown'
import './docs.css'
import { element } from './element'
import { languages, loadDoc, pageIds, readAddress, readTarget, type Language, type PageId } from './pages'
import { searchBox } from './search-box'
import { wordsOf, type Words } from './words'

interface Shown {
  article: HTMLElement
  headings: DocSection[]
}

async function contentOf(page: PageId, language: Language, words: Words): Promise<Shown> {
  if (page === 'api') {
    const { loadProcedures, renderReference } = await import('./reference')
    return renderReference(await loadProcedures(), words)
  }
  const { doc, language: written } = await loadDoc(page, language)
  const article = element('div', written === language ? {} : { lang: written })
  // Of our own Markdown, rendered when Regie was built.
  article.innerHTML = doc.html
  if (written !== language) article.prepend(element('p', { class: 'note', lang: language }, words.inEnglish))
  return { article, headings: doc.sections.filter(({ level }) => level === 2) }
}

const headingList = (headings: readonly DocSection[]) =>
  element('ul', {}, ...headings.map(({ id, title }) => element('li', {}, element('a', { href: `#${id}` }, title))))

function pageList(current: PageId, language: Language, words: Words, headings: readonly DocSection[]) {
  const items = pageIds.map((page) =>
    element(
      'li',
      {},
      element(
        'a',
        { href: `/docs/${language}/${page}`, 'aria-current': page === current ? 'page' : null },
        words.pageNames[page],
      ),
      ...(page === current && headings.length > 0 ? [headingList(headings)] : []),
    ),
  )
  return element('nav', { 'aria-label': words.pages }, element('ul', {}, ...items))
}

/** Shows what the address names after #: the page was not there yet when the browser looked for it. */
function showTarget() {
  const target = document.getElementById(readTarget(location.hash))
  if (target instanceof HTMLDetailsElement) target.open = true
  target?.scrollIntoView()
}

async function show() {
  const { language, page } = readAddress(location.pathname, navigator.languages)
  const words = wordsOf(language)
  document.documentElement.lang = language
  document.title = `${words.pageNames[page]} · ${words.title}`
  const other = languages.find((each) => each !== language) ?? language
  const header = element(
    'header',
    {},
    element('a', { class: 'skip', href: '#text' }, words.skip),
    element('a', { class: 'home', href: `/docs/${language}/guide` }, words.title),
    searchBox(language, words),
    element('a', { href: `/docs/${other}/${page}`, hreflang: other, lang: other }, words.language),
    element('a', { href: '/' }, words.panel),
  )
  const main = element('main', { id: 'text', tabindex: '-1' })
  document.body.replaceChildren(header, element('div', { class: 'columns' }, pageList(page, language, words, []), main))
  try {
    const { article, headings } = await contentOf(page, language, words)
    main.replaceChildren(article)
    document.querySelector('nav')?.replaceWith(pageList(page, language, words, headings))
    showTarget()
  } catch {
    main.replaceChildren(element('p', { role: 'alert', class: 'note' }, words.failed))
  }
}

window.addEventListener('hashchange', showTarget)
void show()
