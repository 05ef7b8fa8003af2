import { defineProblems } from './define'

/** What needs attention beside services and credentials, and what keeps alerts from being sent. */
export const alertProblems = defineProblems({
  'attention.disk-low': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The disk of Regie’s data folder has {{percent}} % free ({{free}} GiB).',
      hint: 'Delete images from the gallery, or what Docker keeps and nothing needs (Services, Free up space), before it is full.',
    },
    fr: {
      message: 'Le disque du dossier de données de Regie n’a plus que {{percent}} % de libre ({{free}} Gio).',
      hint: 'Supprimez des images de la galerie, ou ce que Docker garde sans usage (Services, Libérer de l’espace), avant qu’il soit plein.',
    },
  },
  'attention.queue-stuck': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'A job has waited for {{service}} for {{minutes}} min.',
      hint: 'Look who has the card (GPUs), and whether the service works: stop a job that hangs, or start the service again.',
    },
    fr: {
      message: 'Une tâche attend {{service}} depuis {{minutes}} min.',
      hint: 'Regardez qui occupe la carte (GPU) et si le service travaille : arrêtez une tâche bloquée, ou redémarrez le service.',
    },
  },
  'attention.certificate-ending': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The certificate of {{service}}’s gateway ends in {{days}} days.',
      hint: 'Renew it and put it in the same place; Regie takes the new one automatically. After its end, clients refuse the connection.',
    },
    fr: {
      message: 'Le certificat de la passerelle de {{service}} expire dans {{days}} jours.',
      hint: 'Renouvelez-le et déposez-le au même endroit ; Regie prend le nouveau automatiquement. Après son expiration, les clients refusent la connexion.',
    },
  },
  'attention.authority-ending': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Regie’s authority for certificates ends in {{days}} days.',
      hint: 'Make a new one in the gateway’s settings, and have it trusted where the old one is.',
    },
    fr: {
      message: 'L’autorité de certification de Regie expire dans {{days}} jours.',
      hint: 'Créez-en une nouvelle dans les réglages de la passerelle, et faites-la approuver là où l’ancienne l’est.',
    },
  },
  'attention.key-ending': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The key “{{name}}” of {{id}} ends in {{days}} days.',
      hint: 'Replace it on the page People, or let it end if nobody needs it.',
    },
    fr: {
      message: 'La clé « {{name}} » de {{id}} expire dans {{days}} jours.',
      hint: 'Remplacez-la sur la page Personnes, ou laissez-la expirer si personne n’en a besoin.',
    },
  },
  'attention.leak-found': {
    code: 'CONFLICT',
    en: {
      message: 'The last leak scan found {{count}} places where a secret does not belong.',
      hint: 'Look at them on the page Credentials, and rotate what stands there.',
    },
    fr: {
      message: 'La dernière recherche de fuites a trouvé {{count}} endroits où un secret ne devrait pas être.',
      hint: 'Regardez-les sur la page Identifiants, et renouvelez ce qui s’y trouve.',
    },
  },
  'attention.door-open': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} answers without credentials: its last exposure test gave it {{value}}.',
      hint: 'Open the service’s exposure test: it names what answers without a credential, and how to close it.',
    },
    fr: {
      message: '{{service}} répond sans identifiant : son dernier test d’exposition lui donne {{value}}.',
      hint: 'Ouvrez le test d’exposition du service : il nomme ce qui répond sans identifiant, et comment le fermer.',
    },
  },
  'alerts.undelivered': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{name}} has not taken alerts after {{tries}} tries: {{why}}',
      hint: 'Correct the channel and test it (Settings, Alerts). What waits is sent then.',
    },
    fr: {
      message: '{{name}} n’a pas pris les alertes après {{tries}} essais : {{why}}',
      hint: 'Corrigez le canal et testez-le (Réglages, Alertes). Ce qui attend part ensuite.',
    },
  },
  'alerts.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no “{{id}}” among the alerts.', hint: 'Reload the page: it was removed meanwhile.' },
    fr: { message: 'Il n’y a pas de « {{id}} » dans les alertes.', hint: 'Rechargez la page : il a été supprimé.' },
  },
  'alerts.too-many': {
    code: 'CONFLICT',
    en: { message: 'There are {{count}} already, which is the most.', hint: 'Remove one that is not needed.' },
    fr: { message: 'Il y en a déjà {{count}}, c’est le maximum.', hint: 'Supprimez-en un qui ne sert plus.' },
  },
  'alerts.secret-needed': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This channel needs its secret: {{what}}.',
      hint: 'Give it once; it is kept in the vault and never shown here.',
    },
    fr: {
      message: 'Ce canal a besoin de son secret : {{what}}.',
      hint: 'Donnez-le une fois ; il est gardé dans le coffre et jamais affiché ici.',
    },
  },
  'alerts.address': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This is not an address to which alerts can be sent.',
      hint: 'Give a whole address, such as https://hooks.example.org/regie, without a name and password in it.',
    },
    fr: {
      message: 'Ce n’est pas une adresse à laquelle des alertes peuvent être envoyées.',
      hint: 'Donnez une adresse complète, comme https://hooks.example.org/regie, sans nom ni mot de passe dedans.',
    },
  },
  'alerts.address-foreign': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This is not an address of {{service}}.',
      hint: 'Copy the webhook’s address from {{service}} as it stands; for another service choose the kind Webhook.',
    },
    fr: {
      message: 'Ce n’est pas une adresse de {{service}}.',
      hint: 'Copiez l’adresse du webhook depuis {{service}} telle quelle ; pour un autre service, choisissez le type Webhook.',
    },
  },
  'alerts.unencrypted': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{host}} would be spoken to without encryption.',
      hint: 'Use HTTPS or TLS. Only for a host of your own network, confirm that it is private.',
    },
    fr: {
      message: '{{host}} serait contacté sans chiffrement.',
      hint: 'Utilisez HTTPS ou TLS. Seulement pour un hôte de votre propre réseau, confirmez qu’il est privé.',
    },
  },
  'alerts.not-private': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} is no private address, and would be spoken to without encryption.',
      hint: 'Nothing was sent. Use HTTPS or TLS for a host on the internet.',
    },
    fr: {
      message: '{{host}} n’est pas une adresse privée, et serait contacté sans chiffrement.',
      hint: 'Rien n’a été envoyé. Utilisez HTTPS ou TLS pour un hôte sur Internet.',
    },
  },
  'alerts.refused': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} answered {{status}}.',
      hint: '4xx: check the address and the secret. 5xx: the service has trouble, Regie tries again.',
    },
    fr: {
      message: '{{host}} a répondu {{status}}.',
      hint: '4xx : vérifiez l’adresse et le secret. 5xx : le service a un problème, Regie réessaie.',
    },
  },
  'alerts.redirected': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} sends elsewhere ({{status}}), where Regie does not follow.',
      hint: 'Give the address that it leads to.',
    },
    fr: {
      message: '{{host}} redirige ailleurs ({{status}}), où Regie ne suit pas.',
      hint: 'Donnez l’adresse vers laquelle il mène.',
    },
  },
  'alerts.silent': {
    code: 'GATEWAY_TIMEOUT',
    en: { message: '{{host}} did not answer within {{seconds}} s.', hint: 'Regie tries again.' },
    fr: { message: '{{host}} n’a pas répondu en {{seconds}} s.', hint: 'Regie réessaie.' },
  },
  'alerts.unreachable': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} cannot be reached ({{detail}}).',
      hint: 'Check the address, and that this machine may reach it. Regie tries again.',
    },
    fr: {
      message: '{{host}} est injoignable ({{detail}}).',
      hint: 'Vérifiez l’adresse, et que cette machine peut la joindre. Regie réessaie.',
    },
  },
  'alerts.untrusted': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The certificate of {{host}} is not trusted ({{detail}}).',
      hint: 'Nothing was sent. Have its authority trusted by this system (NODE_EXTRA_CA_CERTS), or correct the address.',
    },
    fr: {
      message: 'Le certificat de {{host}} n’est pas approuvé ({{detail}}).',
      hint: 'Rien n’a été envoyé. Faites approuver son autorité par ce système (NODE_EXTRA_CA_CERTS), ou corrigez l’adresse.',
    },
  },
  'alerts.mail-refused': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} refused the message ({{detail}}).',
      hint: 'Check username, password, sender and recipients with whoever runs the mail server.',
    },
    fr: {
      message: '{{host}} a refusé le message ({{detail}}).',
      hint: 'Vérifiez nom d’utilisateur, mot de passe, expéditeur et destinataires auprès du responsable du serveur de messagerie.',
    },
  },
  'alerts.failed': {
    code: 'BAD_GATEWAY',
    en: { message: 'Sending failed unexpectedly.', hint: 'Regie’s own log says more. Regie tries again.' },
    fr: { message: 'L’envoi a échoué de façon inattendue.', hint: 'Le journal de Regie en dit plus. Regie réessaie.' },
  },
  'alerts.no-desktop': {
    code: 'CONFLICT',
    en: {
      message: 'There is no desktop here to show a notification on.',
      hint: 'Regie runs without a window. Choose another channel.',
    },
    fr: {
      message: 'Il n’y a pas de bureau ici pour afficher une notification.',
      hint: 'Regie tourne sans fenêtre. Choisissez un autre canal.',
    },
  },
  'alerts.unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The settings of the alerts could not be read and were kept as {{kept}}.',
      hint: 'The rules are as at first, and there is no channel beside the panel: set them up again.',
    },
    fr: {
      message: 'Les réglages des alertes sont illisibles ; ils ont été conservés sous {{kept}}.',
      hint: 'Les règles sont celles du début, et il n’y a pas de canal hors du panneau : réglez-les à nouveau.',
    },
  },
  'alerts.credential-used': {
    code: 'CONFLICT',
    en: {
      message: 'A channel of the alerts uses {{id}}: a new secret is given to the channel, not drawn.',
      hint: 'Settings, Alerts: edit the channel and give its new secret there, or remove it.',
    },
    fr: {
      message: 'Un canal des alertes utilise {{id}} : un nouveau secret est donné au canal, pas tiré au sort.',
      hint: 'Réglages, Alertes : modifiez le canal et donnez-y son nouveau secret, ou supprimez-le.',
    },
  },
})
