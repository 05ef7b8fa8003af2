import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Settings } from '../../shared/contract'
import { fill } from '../../shared/fill'
import { isolatedText } from '../../shared/plain-text'
import type * as Catalogue from '../../shared/problems'

export type Language = 'en' | 'fr'

/**
 * The catalogue of failures in all languages. English comes with every answer of the panel, so it is only fetched for
 * other languages.
 */
let problems: typeof Catalogue | undefined

async function fetchProblems(language: Language): Promise<void> {
  if (language !== 'en') problems ??= await import('../../shared/problems')
}

/** French puts a space before : ; ! ? and inside « »; it must not break the line there. */
const unbroken = (text: string) => text.replaceAll(/ (?=[:;!?»%])/g, '\u00a0').replaceAll('« ', '«\u00a0')

type Words = Record<string, unknown>

const topics = import.meta.glob<{ default: Words }>('./{en,fr}/*.json')

async function fetchWords(language: string, topic: string): Promise<Words> {
  const load = topics[`./${language}/${topic}.json`]
  if (!load) throw new Error(`there are no words ${language}/${topic}`)
  const words = (await load()).default
  if (language === 'en') return words
  const spaced: unknown = JSON.parse(unbroken(JSON.stringify(words)))
  return spaced as Words // the same shape: only spaces differ
}

/** Each topic's words are fetched when a component first asks for them; it waits for them as for its code. */
const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, topic, done) => {
    fetchWords(language, topic).then(
      (words) => done(null, words),
      (error: unknown) => done(error instanceof Error ? error : String(error), true), // asked again, some times
    )
  },
}

/** Fetches the words of some topics, all at once. */
export const fetchWordsOf = (wanted: readonly string[]): Promise<void> => i18next.loadNamespaces(wanted)

/** Fetches the words of all topics: from then on nothing waits for them. */
export const fetchAllWords = (): Promise<void> =>
  i18next.loadNamespaces(Object.keys(topics).map((file) => file.replace(/^.*\/(.*)\.json$/, '$1')))

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
  await fetchProblems(language)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

/** Makes the first words ready; to be awaited before the first render. */
export async function startI18n(): Promise<void> {
  const language = resolveLanguage(remembered())
  await Promise.all([
    fetchProblems(language),
    i18next
      .use(backend)
      .use(initReactI18next)
      .init({
        lng: language,
        fallbackLng: false,
        load: 'currentOnly',
        ns: ['common'],
        defaultNS: 'common',
        // React escapes what it shows; a name turns nothing beside it.
        interpolation: { escapeValue: true, escape: isolatedText },
        returnNull: false,
        // Else it advertises in the console of each person's browser.
        showSupportNotice: false,
      }),
  ])
  document.documentElement.lang = language
}

/** A reason or failure as the panel gives it: a rung's, a generation's, a notice, or a typed error's. */
export interface PanelReason {
  problem: string
  params: Record<string, string | number>
  message: string
  hint: string
}

/** A line of evidence as the panel gives it. */
interface EvidenceLine {
  params: Record<string, string | number>
  text: string
}

/** Values as a language writes them: its own decimal sign. What is whole stays: ports and versions have no separators. */
const written = (params: EvidenceLine['params'], language: string): EvidenceLine['params'] =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'number' && !Number.isInteger(value) ? value.toLocaleString(language) : value,
    ]),
  )

/** The problem that a line gives as its cause, in the language on screen: see `because`. */
function causeIn({ why, ...others }: EvidenceLine['params'], language: Language): EvidenceLine['params'] {
  if (typeof why !== 'string' || !problems?.isProblemId(why)) return {}
  return { cause: unbroken(problems.describeProblem(why, written(others, language), language).message) }
}

/**
 * What a line says, in the language on screen: English comes with it, the others stand in a topic's words under `key`;
 * a line that they do not know is shown in English.
 */
export function describeLine(topic: string, key: string, { params, text }: EvidenceLine): string {
  const language = currentLanguage()
  if (language === 'en') return text
  const words: unknown = i18next.getResource(language, topic, key)
  return typeof words === 'string' ? fill(words, { ...written(params, language), ...causeIn(params, language) }) : text
}

/** What is wrong and what to do, in the language on screen. */
export function describeReason({ problem, params, message, hint }: PanelReason): { message: string; hint: string } {
  const language = currentLanguage()
  if (language === 'en' || !problems?.isProblemId(problem)) return { message, hint }
  const text = problems.describeProblem(problem, written(params, language), language)
  return { message: unbroken(text.message), hint: unbroken(text.hint) }
}
