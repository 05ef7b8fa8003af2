import { fill } from '../../../shared/fill'
import type { Language } from '../../../shared/problems'
import { en, type WordKey } from './en'
import { fr } from './fr'

/** What the command line says, in both languages. */
export const words: Readonly<Record<Language, Readonly<Record<WordKey, string>>>> = { en, fr }
export type { WordKey } from './en'

/** Says something, with its values in their places. */
export type Say = (key: WordKey, params?: Readonly<Record<string, string | number>>) => string

export const sayIn =
  (language: Language): Say =>
  (key, params = {}) =>
    fill(words[language][key], params)
