import { defineProblems } from './define'

export const supportProblems = defineProblems({
  'support.not-found': {
    code: 'NOT_FOUND',
    en: {
      message: 'This support bundle is no longer there.',
      hint: 'A bundle is kept for ten minutes after it was shown. Have it shown again, then save it.',
    },
    fr: {
      message: 'Ce dossier d’assistance n’est plus là.',
      hint: 'Un dossier est gardé dix minutes après avoir été affiché. Affichez-le de nouveau, puis enregistrez-le.',
    },
  },
})
