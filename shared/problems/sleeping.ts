import { defineProblems } from './define'

/** Why Regie stops, unloads, starts or wakes a service by itself, and why it leaves that. */
export const sleepingProblems = defineProblems({
  'sleeping.stopped': {
    code: 'CONFLICT',
    en: {
      message: '{{minutes}} min without work.',
      hint: 'A request wakes it where that is allowed. The limit is one of its settings.',
    },
    fr: {
      message: '{{minutes}} min sans travail.',
      hint: 'Une requête le réveille si cela est permis. La limite est l’un de ses réglages.',
    },
  },
  'sleeping.unloaded': {
    code: 'CONFLICT',
    en: {
      message: '{{minutes}} min without work: its models were taken out of memory.',
      hint: 'The next job loads them again. The limit is one of its settings.',
    },
    fr: {
      message: '{{minutes}} min sans travail : ses modèles ont quitté la mémoire.',
      hint: 'La tâche suivante les recharge. La limite est l’un de ses réglages.',
    },
  },
  'sleeping.rivals': {
    code: 'CONFLICT',
    en: {
      message: 'Two sleepers would fight: {{monitors}} also put {{services}} to sleep.',
      hint: 'Keep one. To keep Regie’s, run “docker stop {{monitors}}”, and take it out of its Compose file.',
    },
    fr: {
      message: 'Deux mises en veille se gêneraient : {{monitors}} endort aussi {{services}}.',
      hint: 'Gardez-en une. Pour garder celle de Regie : « docker stop {{monitors}} », puis ôtez-le de son fichier Compose.',
    },
  },
  'sleeping.no-monitor': {
    code: 'CONFLICT',
    en: {
      message: '{{name}} is not, or no longer, an idle monitor of {{id}}: it was left alone.',
      hint: 'Open the list again. What Regie does not recognise it never removes.',
    },
    fr: {
      message: '{{name}} n’est pas, ou plus, une surveillance d’inactivité de {{id}} : rien n’a été touché.',
      hint: 'Regardez de nouveau la liste. Regie n’enlève jamais ce qu’il ne reconnaît pas.',
    },
  },
  'sleeping.monitor-kept': {
    code: 'CONFLICT',
    en: {
      message: '{{name}} could not be removed: {{detail}}',
      hint: 'Find it with “docker ps -a”, and remove it by hand: “docker rm -f {{name}}”.',
    },
    fr: {
      message: '{{name}} n’a pas pu être enlevé : {{detail}}',
      hint: 'Regardez-le avec « docker ps », puis enlevez-le à la main : « docker rm -f {{name}} ».',
    },
  },
  'sleeping.scheduled': {
    code: 'CONFLICT',
    en: { message: 'Its hours have begun.', hint: 'Its schedule is one of its settings.' },
    fr: { message: 'Ses heures ont commencé.', hint: 'Son horaire est l’un de ses réglages.' },
  },
  'sleeping.busy': {
    code: 'CONFLICT',
    en: {
      message: '{{minutes}} min idle as Regie saw it, but {{running}} running and {{waiting}} waiting there.',
      hint: 'A client outside Regie works with it. It counts from now on again.',
    },
    fr: {
      message: '{{minutes}} min sans activité vue de Regie, mais {{running}} en cours et {{waiting}} en attente.',
      hint: 'Un client en dehors de Regie y travaille. Le décompte repart de zéro.',
    },
  },
  'sleeping.unknown': {
    code: 'CONFLICT',
    en: {
      message: '{{minutes}} min idle, but it is unknown whether something runs there: {{cause}}',
      hint: 'Regie never stops what it cannot see, and looks again every minute.',
    },
    fr: {
      message: '{{minutes}} min sans activité, mais on ignore si quelque chose y tourne : {{cause}}',
      hint: 'Regie n’arrête jamais ce qu’il ne voit pas, et regarde de nouveau chaque minute.',
    },
  },
  'sleeping.rotating': {
    code: 'CONFLICT',
    en: {
      message: '{{minutes}} min idle, but the secret of {{credential}} is being rotated.',
      hint: 'Regie looks again every minute.',
    },
    fr: {
      message: '{{minutes}} min sans activité, mais le secret de {{credential}} est en cours de renouvellement.',
      hint: 'Regie regarde de nouveau chaque minute.',
    },
  },
  'sleeping.refused': {
    code: 'CONFLICT',
    en: {
      message: '{{minutes}} min idle, but it was not possible: {{cause}}',
      hint: 'Regie tries again every minute.',
    },
    fr: {
      message: '{{minutes}} min sans activité, mais ce n’était pas possible : {{cause}}',
      hint: 'Regie réessaie chaque minute.',
    },
  },
})
