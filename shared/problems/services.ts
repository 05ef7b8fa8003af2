import { defineProblems } from './define'

export const serviceProblems = defineProblems({
  'service.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no service named {{id}}.', hint: 'Choose one of the services in the list.' },
    fr: { message: 'Aucun service ne s’appelle {{id}}.', hint: 'Choisissez un service de la liste.' },
  },
  'service.exists': {
    code: 'CONFLICT',
    en: { message: 'A service named {{id}} exists already.', hint: 'Choose another id.' },
    fr: { message: 'Un service nommé {{id}} existe déjà.', hint: 'Choisissez un autre identifiant.' },
  },
  'service.busy': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is busy: {{operation}} is in progress.',
      hint: 'Wait until it is finished, then try again.',
    },
    fr: {
      message: '{{id}} est occupé : opération en cours ({{operation}}).',
      hint: 'Attendez la fin de l’opération, puis réessayez.',
    },
  },
})
