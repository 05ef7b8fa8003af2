import { defineProblems } from './define'

/** Why a request does not reach a service that is stopped, starting, or away for a moment. */
export const wakingProblems = defineProblems({
  'waking.asleep': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} is stopped.', hint: 'A job starts it, and so does opening its page.' },
    fr: { message: '{{id}} est arrêté.', hint: 'Une tâche le démarre, et l’ouverture de sa page aussi.' },
  },
  'waking.not-allowed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} is stopped, and requests may not start it.',
      hint: 'Ask an administrator to start it, or to let requests wake it.',
    },
    fr: {
      message: '{{id}} est arrêté, et une requête ne peut pas le démarrer.',
      hint: 'Demandez à un administrateur de le démarrer, ou d’autoriser le réveil par une requête.',
    },
  },
  'waking.late': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} is not ready yet; this request waited {{seconds}} s.',
      hint: 'Nothing was lost: send it again.',
    },
    fr: {
      message: '{{id}} n’est pas encore prêt ; cette requête a attendu {{seconds}} s.',
      hint: 'Rien n’est perdu : renvoyez-la.',
    },
  },
  'waking.failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} did not start.',
      hint: 'An administrator sees why in Regie. A request tries again in {{again}} s.',
    },
    fr: {
      message: '{{id}} n’a pas démarré.',
      hint: 'Un administrateur voit pourquoi dans Regie. Une requête réessaiera dans {{again}} s.',
    },
  },
  'waking.failed-because': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} did not start: {{why}}', hint: 'A request tries again in {{again}} s.' },
    fr: { message: '{{id}} n’a pas démarré : {{why}}', hint: 'Une requête réessaiera dans {{again}} s.' },
  },
  'waking.locked-out': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} refuses Regie’s credential.',
      hint: 'An administrator can find out why with “Why 401?” in Regie.',
    },
    fr: {
      message: '{{id}} refuse l’identifiant de Regie.',
      hint: 'Un administrateur peut chercher pourquoi avec « Pourquoi 401 ? » dans Regie.',
    },
  },
  'waking.vault-closed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} is stopped, and cannot be started while Regie’s vault is locked.',
      hint: 'Ask an administrator to unlock the vault.',
    },
    fr: {
      message: '{{id}} est arrêté, et ne peut pas démarrer tant que le coffre de Regie est verrouillé.',
      hint: 'Demandez à un administrateur de déverrouiller le coffre.',
    },
  },
  'waking.full': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'Too many requests wait for {{id}}.', hint: 'Send it again in a moment.' },
    fr: { message: 'Trop de requêtes attendent {{id}}.', hint: 'Renvoyez-la dans un moment.' },
  },
  'waking.too-many': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message: '{{most}} of your requests wait for {{id}}, which is the most for one person.',
      hint: 'Send it again when some of them have been answered.',
    },
    fr: {
      message: '{{most}} de vos requêtes attendent {{id}}, le maximum pour une personne.',
      hint: 'Renvoyez-la quand certaines auront reçu leur réponse.',
    },
  },
  'waking.cancelled': {
    code: 'CONFLICT',
    en: { message: '{{who}} no longer waits for it, and nobody else did.', hint: 'The next request wakes it again.' },
    fr: { message: '{{who}} ne l’attend plus, et personne d’autre.', hint: 'La prochaine requête le réveille.' },
  },
  'waking.in-vain': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message:
        'You have had {{id}} started several times and no longer waited for it; it starts for you again in {{again}} s.',
      hint: 'Wait until then. What others ask for still starts it.',
    },
    fr: {
      message:
        'Vous avez fait démarrer {{id}} plusieurs fois sans l’attendre ; il redémarrera pour vous dans {{again}} s.',
      hint: 'Attendez jusque-là. Les demandes des autres le démarrent toujours.',
    },
  },
  'waking.given-up': {
    code: 'CONFLICT',
    en: {
      message: 'You no longer wait for it. Nobody else does either: it is stopped again.',
      hint: 'Its start page wakes it again.',
    },
    fr: {
      message: 'Vous ne l’attendez plus. Personne d’autre non plus : il est de nouveau arrêté.',
      hint: 'Sa page de démarrage le réveille.',
    },
  },
  'waking.goes-on': {
    code: 'CONFLICT',
    en: { message: 'You no longer wait for it. It goes on without you.', hint: 'Its start page waits for it again.' },
    fr: {
      message: 'Vous ne l’attendez plus. Il continue sans vous.',
      hint: 'Sa page de démarrage l’attend de nouveau.',
    },
  },
  'waking.request': {
    code: 'CONFLICT',
    en: { message: 'Woken by a request of {{who}}.', hint: 'Whether requests may do so is one of its settings.' },
    fr: { message: 'Réveillé par une requête de {{who}}.', hint: 'Ce réveil est l’un de ses réglages.' },
  },
  'waking.studio': {
    code: 'CONFLICT',
    en: {
      message: 'Woken for a job of {{who}} in the Studio.',
      hint: 'Whether jobs may do so is one of its settings.',
    },
    fr: {
      message: 'Réveillé pour une tâche de {{who}} dans le Studio.',
      hint: 'Ce réveil est l’un de ses réglages.',
    },
  },
  'waking.load-test': {
    code: 'CONFLICT',
    en: {
      message: 'Woken for a load test by {{who}}.',
      hint: 'It was confirmed there.',
    },
    fr: {
      message: 'Réveillé pour un test de charge par {{who}}.',
      hint: 'Cela y a été confirmé.',
    },
  },
})
