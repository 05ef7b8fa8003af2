import type { Language } from '../../shared/problems'
import { places, type Place } from './places'

const words = {
  en: { overview: 'Overview', studio: 'New generation', gallery: 'Gallery' },
  fr: { overview: 'Vue d’ensemble', studio: 'Nouvelle génération', gallery: 'Galerie' },
} satisfies Record<Language, Record<string, string>>

/** A place that the icon of a program leads to: Windows' jump list, macOS' dock. */
export interface Jump {
  title: string
  place: Place
  /** The same as a link, which a second start takes. */
  link: string
}

export function jumpsIn(language: Language): Jump[] {
  const { overview, studio, gallery } = words[language]
  return [
    { title: studio, place: places.studio, link: 'regie://studio' },
    { title: gallery, place: places.gallery, link: 'regie://gallery' },
    { title: overview, place: places.overview, link: 'regie://overview' },
  ]
}
