import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Settings } from '../../shared/contract'
import type * as Catalogue from '../../shared/problems'

export type Language = 'en' | 'fr'

/** The catalogue of failures in all languages; only fetched for those that the panel does not write itself. */
let problems: typeof Catalogue | undefined

/** English comes with every answer of the panel, so only other languages need the catalogue. */
const loaders: Record<Language, () => Promise<Record<string, object>>> = {
  en: async () => (await import('./en')).en,
  fr: async () => {
    const [{ fr }, catalogue] = await Promise.all([import('./fr'), import('../../shared/problems')])
    problems = catalogue
    const spaced: unknown = JSON.parse(unbroken(JSON.stringify(fr)))
    return spaced as typeof fr // the same shape: only spaces differ
  },
}

/** French puts a space before : ; ! ? and inside « »; it must not break the line there. */
const unbroken = (text: string) => text.replaceAll(/ (?=[:;!?»%])/g, '\u00a0').replaceAll('« ', '«\u00a0')

const isLanguage = (text: string): text is Language => text === 'en' || text === 'fr'

/** The language that a setting means: the system's first one that there is, else English. */
export function resolveLanguage(setting: Settings['language'], preferred = navigator.languages): Language {
  if (setting !== 'system') return setting
  return preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

/** The language on screen. */
export const currentLanguage = (): Language => (isLanguage(i18next.language) ? i18next.language : 'en')

const storageKey = 'regie-language'

const remembered = (): Settings['language'] => {
  const text = localStorage.getItem(storageKey) ?? 'system'
  return isLanguage(text) ? text : 'system'
}

/** Shows another language; its words are fetched first. Remembered here, so that the next start need not wait. */
export async function showLanguage(setting: Settings['language']): Promise<void> {
  localStorage.setItem(storageKey, setting)
  const language = resolveLanguage(setting)
  if (language === i18next.language) return
  const resources = await loaders[language]()
  for (const [namespace, words] of Object.entries(resources)) i18next.addResourceBundle(language, namespace, words)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

/** Makes the words ready; to be awaited before the first render. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: {},
    fallbackLng: false,
    ns: ['common'],
    defaultNS: 'common',
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  })
  await showLanguage(remembered())
}

/** A reason or failure as the panel gives it: a rung's, a generation's, a notice, or a typed error's. */
export interface PanelReason {
  problem: string
  params: Record<string, string | number>
  message: string
  hint: string
}

/** What is wrong and what to do, in the language on screen. */
export function describeReason({ problem, params, message, hint }: PanelReason): { message: string; hint: string } {
  const language = currentLanguage()
  if (language === 'en' || !problems?.isProblemId(problem)) return { message, hint }
  const text = problems.describeProblem(problem, params, language)
  return { message: unbroken(text.message), hint: unbroken(text.hint) }
}
