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
  'gateway.body-stopped': {
    code: 'BAD_REQUEST',
    en: { message: 'The rest of the request body did not come.', hint: 'Send the request again, without a pause.' },
    fr: { message: 'La suite du corps de la requête n’est pas arrivée.', hint: 'Renvoyez la requête, sans pause.' },
  },
  'gateway.held-by-you': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message: 'The gateway already holds as much of your requests as it takes from one person.',
      hint: 'Let some of them end, then send this one again.',
    },
    fr: {
      message: 'La passerelle retient déjà de vos requêtes tout ce qu’elle accepte d’une personne.',
      hint: 'Laissez-en finir quelques-unes, puis renvoyez celle-ci.',
    },
  },
  'gateway.held-by-all': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The gateway holds as much of requests and answers as it can at once.',
      hint: 'Try again in a moment.',
    },
    fr: {
      message: 'La passerelle retient autant de requêtes et de réponses qu’elle le peut à la fois.',
      hint: 'Réessayez dans un instant.',
    },
  },
  'gateway.encoded': {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    en: { message: 'The gateway takes this request only without compression.', hint: 'Send its body as it is.' },
    fr: { message: 'La passerelle n’accepte cette requête que sans compression.', hint: 'Envoyez son corps tel quel.' },
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
      message: '{{id}} cannot be reached just now.',
      hint: 'Try again in a moment; if it stays so, tell an administrator.',
    },
    fr: {
      message: '{{id}} est injoignable pour le moment.',
      hint: 'Réessayez dans un instant ; si cela persiste, prévenez un administrateur.',
    },
  },
  'gateway.broken-off': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{id}} stopped before it had answered.',
      hint: 'What it was doing for you is probably lost. When it runs again, look whether it was done, and ask once more if not.',
    },
    fr: {
      message: '{{id}} s’est arrêté avant d’avoir répondu.',
      hint: 'Ce qu’il faisait pour vous est sans doute perdu. Quand il fonctionnera de nouveau, voyez si c’est fait, sinon redemandez-le.',
    },
  },
  'gateway.bypassed': {
    code: 'CONFLICT',
    en: {
      message: 'Somebody goes around the gateway of {{services}}: jobs that nobody asked for through it: {{jobs}}.',
      hint: 'They are not counted, limited or held. Exposure shows whether the port is open; the Compose check can close it.',
    },
    fr: {
      message: 'Quelqu’un contourne la passerelle de {{services}} : tâches que personne n’y a demandées : {{jobs}}.',
      hint: 'Elles ne sont ni comptées, ni limitées, ni retenues. L’exposition montre si le port est ouvert ; la vérification Compose peut le fermer.',
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
  'gateway.port-of-service': {
    code: 'CONFLICT',
    en: {
      message: 'Port {{port}} belongs to {{by}}, so that the gateway cannot listen there.',
      hint: 'Choose another port; {{free}} is free.',
    },
    fr: {
      message: 'Le port {{port}} appartient à {{by}} : la passerelle ne peut pas y écouter.',
      hint: 'Choisissez un autre port ; {{free}} est libre.',
    },
  },
  'gateway.port-of-gateway': {
    code: 'CONFLICT',
    en: {
      message: 'Port {{port}} belongs to the gateway of {{by}}.',
      hint: 'Choose another port; {{free}} is free.',
    },
    fr: {
      message: 'Le port {{port}} appartient à la passerelle de {{by}}.',
      hint: 'Choisissez un autre port ; {{free}} est libre.',
    },
  },
  'gateway.port-of-panel': {
    code: 'CONFLICT',
    en: {
      message: 'Port {{port}} is the one at which Regie’s own page is served.',
      hint: 'Choose another port; {{free}} is free.',
    },
    fr: {
      message: 'Le port {{port}} est celui de la page de Regie elle-même.',
      hint: 'Choisissez un autre port ; {{free}} est libre.',
    },
  },
  'gateway.port-in-use': {
    code: 'CONFLICT',
    en: {
      message: 'Port {{port}} is in use by another program, so nothing was changed.',
      hint: 'Choose another port; {{free}} is free.',
    },
    fr: {
      message: 'Le port {{port}} est occupé par un autre programme : rien n’a été modifié.',
      hint: 'Choisissez un autre port ; {{free}} est libre.',
    },
  },
  'gateway.port-taken': {
    code: 'CONFLICT',
    en: {
      message: 'Port {{port}} is in use by another program.',
      hint: 'Choose another port; {{free}} is free. As soon as this one is, Regie listens there automatically.',
    },
    fr: {
      message: 'Le port {{port}} est occupé par un autre programme.',
      hint: 'Choisissez un autre port ; {{free}} est libre. Dès que celui-ci le sera, Regie y écoutera automatiquement.',
    },
  },
  'gateway.no-certificate': {
    code: 'CONFLICT',
    en: { message: 'There is no certificate for this gateway yet.', hint: 'Give it one, or turn TLS off.' },
    fr: {
      message: 'Cette passerelle n’a pas encore de certificat.',
      hint: 'Donnez-lui-en un, ou désactivez TLS.',
    },
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
