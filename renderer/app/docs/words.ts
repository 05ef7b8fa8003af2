import en from './words/en.json'
import fr from './words/fr.json'
import type { Language } from './pages'

export type Words = typeof en

/** The site's own words: it is a page of its own, and loads nothing of the panel's. */
export const wordsOf = (language: Language): Words => ({ en, fr })[language]
