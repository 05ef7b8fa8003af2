import { defineProblems } from './define'

export const generationProblems = defineProblems({
  'generation.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no generation {{id}}.', hint: 'It may have been deleted; look in the gallery.' },
    fr: { message: 'La génération {{id}} n’existe pas.', hint: 'Elle a peut-être été supprimée ; voyez la galerie.' },
  },
  'image.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no image {{id}}.', hint: 'It may have been deleted; look in the gallery.' },
    fr: { message: 'L’image {{id}} n’existe pas.', hint: 'Elle a peut-être été supprimée ; voyez la galerie.' },
  },
})
