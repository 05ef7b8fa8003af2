import { defineProblems } from './define'

/** `detail` is always the service's own words (or a protocol term such as ECONNREFUSED), never translated. */
export const backendProblems = defineProblems({
  'backend.unreachable': {
    code: 'BAD_GATEWAY',
    en: { message: 'Nothing answers at {{url}}.', hint: 'Start the service, or check its address and port.' },
    fr: { message: 'Rien ne répond à {{url}}.', hint: 'Démarrez le service, ou vérifiez son adresse et son port.' },
  },
  'backend.host-unknown': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The host name {{host}} is unknown.',
      hint: 'Check the address of the service for a typing error.',
    },
    fr: {
      message: 'Le nom d’hôte {{host}} est inconnu.',
      hint: 'Vérifiez l’adresse du service : elle contient peut-être une faute de frappe.',
    },
  },
  'backend.timeout': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: '{{url}} did not respond within {{seconds}} s.',
      hint: 'It may be loading a model: wait a little and try again. If it stays silent, look at its log and restart it.',
    },
    fr: {
      message: '{{url}} n’a pas répondu en {{seconds}} s.',
      hint: 'Le service charge peut-être un modèle : attendez un peu et réessayez. S’il ne répond toujours pas, consultez son journal et redémarrez-le.',
    },
  },
  'backend.tls': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The certificate of {{url}} is not trusted ({{detail}}).',
      hint: 'Give the service a certificate that this machine trusts, or use its http:// address on a private network.',
    },
    fr: {
      message: 'Le certificat de {{url}} n’est pas reconnu ({{detail}}).',
      hint: 'Donnez au service un certificat reconnu par cette machine, ou utilisez son adresse http:// sur un réseau privé.',
    },
  },
  'backend.refused': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{url}} refuses Regie’s credential ({{status}}).',
      hint: 'The service still contains another secret: sync or rotate the credential, then restart the service so that it reads it.',
    },
    fr: {
      message: '{{url}} refuse l’identifiant de Regie ({{status}}).',
      hint: 'Le service détient encore un autre secret : synchronisez ou renouvelez l’identifiant, puis redémarrez le service pour qu’il le relise.',
    },
  },
  'backend.credential-needed': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{url}} asks for a credential, and this service has none in Regie ({{status}}).',
      hint: 'Choose or add the credential of this service.',
    },
    fr: {
      message: '{{url}} demande un identifiant, et ce service n’en a pas dans Regie ({{status}}).',
      hint: 'Choisissez ou ajoutez l’identifiant de ce service.',
    },
  },
  'backend.open': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{url}} is open to everyone: it answers without a credential.',
      hint: 'Turn its protection on (ComfyUI-Login, or --api-auth for Forge) and restart it, or keep it on a private address.',
    },
    fr: {
      message: '{{url}} est ouvert à tous : il répond sans identifiant.',
      hint: 'Activez sa protection (ComfyUI-Login, ou --api-auth pour Forge) et redémarrez-le, ou gardez-le sur une adresse privée.',
    },
  },
  'backend.empty-token': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{url}} has no password yet: an empty token opens it.',
      hint: 'Rotate the credential, so that its PASSWORD file is written, then restart the service.',
    },
    fr: {
      message: '{{url}} n’a pas encore de mot de passe : un jeton vide l’ouvre.',
      hint: 'Renouvelez l’identifiant pour écrire son fichier PASSWORD, puis redémarrez le service.',
    },
  },
  'backend.ui-only-protected': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The page of {{url}} asks for a password, but its API is open to everyone.',
      hint: '--gradio-auth does not protect the API: start Forge with --api-auth too.',
    },
    fr: {
      message: 'La page de {{url}} demande un mot de passe, mais son API est ouverte à tous.',
      hint: '--gradio-auth ne protège pas l’API : démarrez Forge aussi avec --api-auth.',
    },
  },
  'backend.redirected': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{url}} sends Regie to {{location}} instead of answering.',
      hint: 'A sign-in page or a proxy is in front of the service: use its direct address, or the credential that it requires.',
    },
    fr: {
      message: '{{url}} renvoie Regie vers {{location}} au lieu de répondre.',
      hint: 'Une page de connexion ou un proxy précède le service : utilisez son adresse directe, ou l’identifiant demandé.',
    },
  },
  'backend.server-error': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service failed with {{status}}: {{detail}}',
      hint: 'Check the end of its log; a restart often helps.',
    },
    fr: {
      message: 'Le service a échoué avec {{status}} : {{detail}}',
      hint: 'Consultez la fin de son journal ; un redémarrage suffit souvent.',
    },
  },
  'backend.unexpected-answer': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{asked}} gave an answer that {{kind}} does not give: {{detail}}',
      hint: 'Check that the address belongs to this kind of service, and that there is no proxy in between.',
    },
    fr: {
      message: '{{asked}} a donné une réponse que {{kind}} ne donne pas : {{detail}}',
      hint: 'Vérifiez que l’adresse est bien celle de ce type de service, et qu’aucun proxy ne s’interpose.',
    },
  },
  'backend.answer-too-large': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The answer to {{asked}} is too large: {{size}}. Regie reads at most {{limit}} of it.',
      hint: 'Check that the address is that of the service. If it is, check its log for the extension or custom node that makes this response so long, and disable it.',
    },
    fr: {
      message: 'La réponse à {{asked}} est trop grande : {{size}}. Regie en lit au plus {{limit}}.',
      hint: 'Vérifiez que l’adresse est bien celle du service. Si oui, cherchez dans son journal l’extension ou le nœud personnalisé qui allonge cette réponse, et désactivez-le.',
    },
  },
  'backend.api-off': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{url}} answers, but its API is off.',
      hint: 'If it is still starting, wait a minute. Otherwise start Forge with --api, and check that --api-auth is user:password without further colons or commas.',
    },
    fr: {
      message: '{{url}} répond, mais son API est désactivée.',
      hint: 'S’il démarre encore, attendez une minute. Sinon, démarrez Forge avec --api, et vérifiez que --api-auth est de la forme utilisateur:motdepasse, sans autre deux-points ni virgule.',
    },
  },
  'backend.api-missing': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{url}} answers, but the routes of its API and of its extensions are missing.',
      hint: 'If it is still starting, wait a minute. Otherwise the thread that adds them has ended: look at its log, and check that --api-auth is user:password without further colons or commas.',
    },
    fr: {
      message: '{{url}} répond, mais les routes de son API et de ses extensions manquent.',
      hint: 'S’il démarre encore, attendez une minute. Sinon, le thread qui les ajoute s’est arrêté : consultez son journal, et vérifiez que --api-auth est de la forme utilisateur:motdepasse, sans autre deux-points ni virgule.',
    },
  },
  'backend.below-root': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'Forge answers at {{root}}, and nothing answers below {{url}}.',
      hint: 'Its --subpath is for a proxy that removes the path. Use {{root}}, or the proxy’s address.',
    },
    fr: {
      message: 'Forge répond à {{root}}, et rien ne répond sous {{url}}.',
      hint: 'Son option --subpath est destinée à un proxy qui retire le chemin. Utilisez {{root}}, ou l’adresse du proxy.',
    },
  },
  'backend.no-models': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service has no model to generate with.',
      hint: 'Put a checkpoint into its models folder, then check again.',
    },
    fr: {
      message: 'Le service n’a aucun modèle pour générer.',
      hint: 'Placez un checkpoint dans son dossier de modèles, puis vérifiez de nouveau.',
    },
  },
  'backend.models-missing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The workflow {{workflow}} needs files that the service does not have: {{missing}}.',
      hint: 'Put them into the service’s models folder, or choose another workflow.',
    },
    fr: {
      message: 'Le workflow {{workflow}} a besoin de fichiers que le service n’a pas : {{missing}}.',
      hint: 'Placez-les dans le dossier de modèles du service, ou choisissez un autre workflow.',
    },
  },
  'backend.unknown-checkpoint': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service has no checkpoint named {{name}}.',
      hint: 'It has: {{available}}. Choose one of them, or add the file to its models folder.',
    },
    fr: {
      message: 'Le service n’a pas de checkpoint nommé {{name}}.',
      hint: 'Il a : {{available}}. Choisissez l’un d’eux, ou ajoutez le fichier à son dossier de modèles.',
    },
  },
  'backend.unknown-sampler': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'The service has no sampler named {{name}}.', hint: 'It has: {{available}}.' },
    fr: { message: 'Le service n’a pas d’échantillonneur nommé {{name}}.', hint: 'Il a : {{available}}.' },
  },
  'backend.unknown-scheduler': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'The service has no scheduler named {{name}}.', hint: 'It has: {{available}}.' },
    fr: { message: 'Le service n’a pas de planificateur nommé {{name}}.', hint: 'Il a : {{available}}.' },
  },
  'backend.unknown-workflow': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'There is no workflow named {{name}}.', hint: 'There are: {{available}}.' },
    fr: { message: 'Aucun workflow ne s’appelle {{name}}.', hint: 'Il y a : {{available}}.' },
  },
  'backend.no-workflows': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Forge has no workflows.',
      hint: 'Leave the workflow out, or send this to a ComfyUI service.',
    },
    fr: {
      message: 'Forge n’a pas de workflows.',
      hint: 'Laissez le workflow vide, ou envoyez ceci à un service ComfyUI.',
    },
  },
  'backend.size-multiple': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This model makes images whose sides are multiples of {{multiple}}, not {{width}}×{{height}}.',
      hint: 'Choose for example {{suggestion}}.',
    },
    fr: {
      message:
        'Ce modèle produit des images dont les côtés sont des multiples de {{multiple}}, pas {{width}}×{{height}}.',
      hint: 'Choisissez par exemple {{suggestion}}.',
    },
  },
  'backend.seed-too-large': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The seed {{seed}} is too large for this service.',
      hint: 'Use a seed from 0 to {{max}}, or leave it out to have one drawn.',
    },
    fr: {
      message: 'La graine {{seed}} est trop grande pour ce service.',
      hint: 'Utilisez une graine de 0 à {{max}}, ou laissez-la vide pour un tirage au sort.',
    },
  },
  'backend.input-refused': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service refuses “{{input}}” of {{node}}: {{detail}}',
      hint: 'Correct that value and generate again.',
    },
    fr: {
      message: 'Le service refuse « {{input}} » de {{node}} : {{detail}}',
      hint: 'Corrigez cette valeur et relancez la génération.',
    },
  },
  'backend.choice-refused': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{node}} has no {{input}} named {{value}}.',
      hint: 'The service has: {{available}}. Choose one of them, or add the missing file.',
    },
    fr: {
      message: '{{node}} n’a pas de {{input}} nommé {{value}}.',
      hint: 'Le service a : {{available}}. Choisissez l’un d’eux, ou ajoutez le fichier manquant.',
    },
  },
  'backend.node-missing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service does not know a node that the workflow uses: {{detail}}',
      hint: 'Update ComfyUI or install the missing custom node, then restart it.',
    },
    fr: {
      message: 'Le service ne connaît pas un nœud utilisé par le workflow : {{detail}}',
      hint: 'Mettez ComfyUI à jour ou installez le nœud manquant, puis redémarrez-le.',
    },
  },
})
