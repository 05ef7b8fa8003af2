import { defineProblems } from './define'

export const usageProblems = defineProblems({
  'job.not-found': {
    code: 'NOT_FOUND',
    en: {
      message: 'There is no such job any more.',
      hint: 'It has ended, or was given to its service just now and has another id there. Look at the list again.',
    },
    fr: {
      message: 'Cette tâche n’existe plus.',
      hint: 'Elle est terminée, ou vient d’être remise à son service sous un autre identifiant. Regardez de nouveau la liste.',
    },
  },
  'job.untold': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} does not tell which of its jobs this one is.',
      hint: 'Nothing was interrupted. It ends when it is done; an administrator can interrupt whatever runs there.',
    },
    fr: {
      message: '{{id}} ne dit pas laquelle de ses tâches est celle-ci.',
      hint: 'Rien n’a été interrompu. Elle se terminera d’elle-même ; un administrateur peut interrompre ce qui tourne.',
    },
  },
  'job.cancelled': {
    code: 'CONFLICT',
    en: { message: '{{who}} cancelled this job before it began.', hint: 'Send it again to have it made.' },
    fr: { message: '{{who}} a annulé cette tâche avant son début.', hint: 'Renvoyez-la pour l’exécuter.' },
  },
  'job.waking': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The service is starting.', hint: 'It goes on automatically.' },
    fr: { message: 'Le service démarre.', hint: 'La suite se fait automatiquement.' },
  },
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
  'limit.concurrent-jobs': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message: 'You have {{used}} jobs waiting or running; your limit is {{allowed}} at once.',
      hint: 'Another one is taken as soon as one of them ends. An administrator can change the limit in People.',
    },
    fr: {
      message: 'Vous avez {{used}} tâches en attente ou en cours ; votre limite est de {{allowed}} à la fois.',
      hint: 'Une autre sera acceptée dès que l’une d’elles se termine. Un administrateur peut changer la limite dans Personnes.',
    },
  },
  'limit.jobs-per-day': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message: 'You have had {{used}} jobs today; your limit is {{allowed}} a day.',
      hint: 'It opens again at {{time}} by the machine’s clock, in {{hours}} h {{minutes}} min. An administrator can change the limit in People.',
    },
    fr: {
      message: 'Vous avez eu {{used}} tâches aujourd’hui ; votre limite est de {{allowed}} par jour.',
      hint: 'Elle se rouvre à {{time}} à l’horloge de la machine, dans {{hours}} h {{minutes}} min. Un administrateur peut changer la limite dans Personnes.',
    },
  },
  'limit.gpu-seconds-per-day': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message: 'You have used {{used}} s of GPU time today; your limit is {{allowed}} s a day.',
      hint: 'It opens again at {{time}} by the machine’s clock, in {{hours}} h {{minutes}} min. An administrator can change the limit in People.',
    },
    fr: {
      message: 'Vous avez utilisé {{used}} s de temps GPU aujourd’hui ; votre limite est de {{allowed}} s par jour.',
      hint: 'Elle se rouvre à {{time}} à l’horloge de la machine, dans {{hours}} h {{minutes}} min. Un administrateur peut changer la limite dans Personnes.',
    },
  },
  'limit.key-concurrent-jobs': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message:
        'No more jobs at once: with the key {{key}} {{keyUsed}} wait or run, of {{keyAllowed}} allowed; of all of yours {{used}}, of {{allowed}}.',
      hint: 'Another one is taken as soon as one of them ends. The key’s limit is changed under My access, yours by an administrator in People.',
    },
    fr: {
      message:
        'Pas plus de tâches à la fois : avec la clé {{key}}, {{keyUsed}} en attente ou en cours sur {{keyAllowed}} permises ; en tout, {{used}} des vôtres sur {{allowed}}.',
      hint: 'Une autre sera acceptée dès que l’une d’elles se termine. La limite de la clé se change dans Mon accès, la vôtre par un administrateur dans Personnes.',
    },
  },
  'limit.key-jobs-per-day': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message:
        'No more jobs today: the key {{key}} has had {{keyUsed}}, of {{keyAllowed}} allowed; you have had {{used}} in all, of {{allowed}}.',
      hint: 'It opens again at {{time}} by the machine’s clock, in {{hours}} h {{minutes}} min. The key’s limit is changed under My access, yours by an administrator in People.',
    },
    fr: {
      message:
        'Plus de tâches aujourd’hui : la clé {{key}} en a eu {{keyUsed}} sur {{keyAllowed}} permises ; vous en avez eu {{used}} en tout, sur {{allowed}}.',
      hint: 'Réouverture à {{time}} à l’horloge de la machine, dans {{hours}} h {{minutes}} min. La limite de la clé se change dans Mon accès, la vôtre par un administrateur dans Personnes.',
    },
  },
  'limit.key-gpu-seconds-per-day': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message:
        'No more GPU time today: the key {{key}} has used {{keyUsed}} s, of {{keyAllowed}} s allowed; you have used {{used}} s in all, of {{allowed}} s.',
      hint: 'It opens again at {{time}} by the machine’s clock, in {{hours}} h {{minutes}} min. The key’s limit is changed under My access, yours by an administrator in People.',
    },
    fr: {
      message:
        'Plus de temps GPU aujourd’hui : la clé {{key}} a utilisé {{keyUsed}} s sur {{keyAllowed}} s permises ; vous avez utilisé {{used}} s en tout, sur {{allowed}} s.',
      hint: 'Réouverture à {{time}} à l’horloge de la machine, dans {{hours}} h {{minutes}} min. La limite de la clé se change dans Mon accès, la vôtre par un administrateur dans Personnes.',
    },
  },
})
