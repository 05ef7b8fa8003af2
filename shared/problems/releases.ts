import { defineProblems } from './define'

export const releaseProblems = defineProblems({
  'release.available': {
    code: 'CONFLICT',
    en: {
      message: 'Regie {{version}} is available at {{address}}.',
      hint: 'Download and install it yourself when no rotation, job or update is running. Nothing is installed automatically.',
    },
    fr: {
      message: 'Regie {{version}} est disponible à l’adresse {{address}}.',
      hint: 'Téléchargez-la et installez-la vous-même quand aucun renouvellement, tâche ou mise à jour n’est en cours. Rien n’est installé automatiquement.',
    },
  },
  'release.refused': {
    code: 'CONFLICT',
    en: {
      message: 'The update feed of Regie was refused ({{detail}}).',
      hint: 'Check REGIE_UPDATE_FEED and who answers there. Until it answers as it should, no new version is announced.',
    },
    fr: {
      message: 'Le flux de mises à jour de Regie a été refusé ({{detail}}).',
      hint: 'Vérifiez REGIE_UPDATE_FEED et qui répond à cette adresse. Tant que la réponse n’est pas correcte, aucune nouvelle version n’est annoncée.',
    },
  },
})
