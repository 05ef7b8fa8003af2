import { defineProblems } from './define'

/** What the gateway says of itself: its listeners, and requests that it cannot send on. */
export const gatewayProblems = defineProblems({
  'gateway.closed': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The gateway lets nobody in.', hint: 'An administrator finds the reason in Regie’s log.' },
    fr: {
      message: 'La passerelle ne laisse entrer personne.',
      hint: 'Un administrateur en trouvera la raison dans le journal de Regie.',
    },
  },
  'gateway.bad-request': {
    code: 'BAD_REQUEST',
    en: { message: 'The gateway does not send this request on: {{why}}.', hint: 'Correct the client and ask again.' },
    fr: {
      message: 'La passerelle ne transmet pas cette requête : {{why}}.',
      hint: 'Corrigez le client et recommencez.',
    },
  },
  'gateway.body-too-large': {
    code: 'PAYLOAD_TOO_LARGE',
    en: { message: 'The request body is larger than {{limit}}.', hint: 'Send less.' },
    fr: { message: 'Le corps de la requête dépasse {{limit}}.', hint: 'Envoyez moins de données.' },
  },
  'gateway.answer-too-large': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service’s answer is larger than {{limit}}, so that what is yours in it cannot be told apart.',
      hint: 'Ask for less, or ask an administrator.',
    },
    fr: {
      message: 'La réponse du service dépasse {{limit}} : ce qui vous y appartient ne peut pas être distingué.',
      hint: 'Demandez moins, ou adressez-vous à un administrateur.',
    },
  },
  'gateway.away': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{id}} does not answer: {{detail}}.',
      hint: 'Try again in a moment; if it stays so, tell an administrator.',
    },
    fr: {
      message: '{{id}} ne répond pas : {{detail}}.',
      hint: 'Réessayez dans un instant ; si cela persiste, prévenez un administrateur.',
    },
  },
  'gateway.refused': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{id}} does not accept Regie’s credential.',
      hint: 'Your own key is right. An administrator finds the cause in Regie: Services → {{id}} → Doctor.',
    },
    fr: {
      message: '{{id}} n’accepte pas l’identifiant de Regie.',
      hint: 'Votre clé est bonne. Un administrateur trouvera la cause dans Regie : Services → {{id}} → Docteur.',
    },
  },
  'gateway.failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The gateway failed.', hint: 'Try again. An administrator finds the reason in Regie’s log.' },
    fr: {
      message: 'La passerelle a échoué.',
      hint: 'Réessayez. Un administrateur en trouvera la raison dans le journal de Regie.',
    },
  },
  'gateway.stopping': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'Regie is stopping.', hint: 'Try again in a moment.' },
    fr: { message: 'Regie s’arrête.', hint: 'Réessayez dans un instant.' },
  },
  'gateway.port-taken': {
    code: 'CONFLICT',
    en: { message: 'Port {{port}} is in use by {{by}}.', hint: 'Choose another port; {{free}} is free.' },
    fr: { message: 'Le port {{port}} est occupé par {{by}}.', hint: 'Choisissez un autre port ; {{free}} est libre.' },
  },
  'gateway.cannot-listen': {
    code: 'CONFLICT',
    en: {
      message: 'The gateway cannot listen on {{host}}, port {{port}}: {{detail}}.',
      hint: 'Choose an address of this machine and a port from 1024 on.',
    },
    fr: {
      message: 'La passerelle ne peut pas écouter sur {{host}}, port {{port}} : {{detail}}.',
      hint: 'Choisissez une adresse de cette machine et un port à partir de 1024.',
    },
  },
})
