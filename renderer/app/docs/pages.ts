import type { Doc } from '../../../.config/markdown'

export const languages = ['en', 'fr'] as const
export type Language = (typeof languages)[number]

export const pageIds = ['guide', 'command-line', 'recipes', 'workflows', 'platforms', 'api'] as const
export type PageId = (typeof pageIds)[number]

type Load = () => Promise<{ default: Doc }>

/** Of each page its text; those without one of their own in a language are shown in English. `api` is made in the browser. */
const documents: Record<Exclude<PageId, 'api'>, { en: Load; fr?: Load }> = {
  guide: {
    en: () => import('../../../docs/user-guide.md?doc'),
    fr: () => import('../../../docs/fr/user-guide.md?doc'),
  },
  'command-line': { en: () => import('../../../docs/command-line.md?doc') },
  recipes: { en: () => import('../../../docs/recipes.md?doc') },
  workflows: { en: () => import('../../../docs/workflows.md?doc') },
  platforms: { en: () => import('../../../docs/platforms.md?doc') },
}

export interface Loaded {
  doc: Doc
  /** The language that it is written in. */
  language: Language
}

/** A page's text in a language, or in English where there is none. */
export async function loadDoc(page: Exclude<PageId, 'api'>, language: Language): Promise<Loaded> {
  const { en, fr } = documents[page]
  const own = language === 'fr' ? fr : en
  return { doc: (await (own ?? en)()).default, language: own ? language : 'en' }
}

const isOneOf = <T extends string>(all: readonly T[], text: string | undefined): text is T =>
  all.some((each) => each === text)

/** What an address asks for: `/docs/fr/guide`. What it does not say is the browser's language, and the guide. */
export function readAddress(pathname: string, preferred: readonly string[]): { language: Language; page: PageId } {
  const [, , first, second] = pathname.split('/')
  const known = preferred.map((each) => each.slice(0, 2)).find((each) => isOneOf(languages, each))
  const fallback: Language = isOneOf(languages, known) ? known : 'en'
  return {
    language: isOneOf(languages, first) ? first : fallback,
    page: isOneOf(pageIds, second) ? second : 'guide',
  }
}

/** The id of what an address names behind its #; empty where that is none, as somebody's link may have it. */
export function readTarget(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1))
  } catch {
    return ''
  }
}
