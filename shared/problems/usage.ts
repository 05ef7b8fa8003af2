import { defineProblems } from './define'

export const usageProblems = defineProblems({
  'ledger.moved-aside': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The record of people’s use could not be read and was kept as {{kept}}.',
      hint: 'Regie counts from zero, and people no longer see jobs and files that they made through the gateway before. Repair that file, stop Regie and put it back as gateway.db to have them again.',
    },
    fr: {
      message: 'Le relevé d’utilisation est illisible ; il a été conservé sous {{kept}}.',
      hint: 'Regie recompte à partir de zéro, et chacun ne voit plus les tâches et fichiers faits auparavant par la passerelle. Réparez ce fichier, arrêtez Regie et remettez-le sous le nom gateway.db pour les retrouver.',
    },
  },
})
