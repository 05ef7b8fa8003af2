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
      message: 'The host name {{host}} is not known.',
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
      message: '{{url}} did not answer within {{seconds}} s.',
      hint: 'It may be loading a model: wait a little and try again. If it stays silent, look at its log and restart it.',
    },
    fr: {
      message: '{{url}} n’a pas répondu en {{seconds}} s.',
      hint: 'Le service charge peut-être un modèle : attendez un peu et réessayez. S’il reste muet, consultez son journal et redémarrez-le.',
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
      hint: 'The service still holds another secret: sync or rotate the credential, then restart the service so that it reads it.',
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
      message: '{{url}} is open to everybody: it answers without a credential.',
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
      message: 'The page of {{url}} asks for a password, but its API is open to everybody.',
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
      hint: 'A login page or a proxy stands before the service: use its direct address, or the credential that it asks for.',
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
      hint: 'Look at the end of its log; a restart often helps.',
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
      hint: 'Check that the address belongs to this kind of service, and that no proxy stands between.',
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
      hint: 'Check that the address is that of the service. If it is, look in its log for the extension or custom node that makes this answer so long, and turn it off.',
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
    fr: { message: 'Le service n’a pas de sampler nommé {{name}}.', hint: 'Il a : {{available}}.' },
  },
  'backend.unknown-scheduler': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'The service has no scheduler named {{name}}.', hint: 'It has: {{available}}.' },
    fr: { message: 'Le service n’a pas de scheduler nommé {{name}}.', hint: 'Il a : {{available}}.' },
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
      message: 'This model makes pictures whose sides are multiples of {{multiple}}, not {{width}}×{{height}}.',
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
      message: 'La seed {{seed}} est trop grande pour ce service.',
      hint: 'Utilisez une seed de 0 à {{max}}, ou laissez-la vide pour un tirage au sort.',
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
  'backend.job-refused': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'The service refuses the job: {{detail}}', hint: 'Change the parameters and generate again.' },
    fr: {
      message: 'Le service refuse la tâche : {{detail}}',
      hint: 'Modifiez les paramètres et relancez la génération.',
    },
  },
  'backend.out-of-memory': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The GPU ran out of memory.',
      hint: 'Use a smaller size or batch, or free memory: unload models or stop another service on this GPU.',
    },
    fr: {
      message: 'Le GPU manque de mémoire.',
      hint: 'Réduisez la taille ou le lot, ou libérez de la mémoire : déchargez des modèles ou arrêtez un autre service sur ce GPU.',
    },
  },
  'backend.execution-failed': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service failed in {{node}}: {{detail}}',
      hint: 'Look at the end of the service’s log; other parameters or another model may work.',
    },
    fr: {
      message: 'Le service a échoué dans {{node}} : {{detail}}',
      hint: 'Consultez la fin du journal du service ; d’autres paramètres ou un autre modèle peuvent convenir.',
    },
  },
  'backend.job-lost': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service does not know the job any more.',
      hint: 'It was restarted, or somebody cleared its queue. Generate again.',
    },
    fr: {
      message: 'Le service ne connaît plus cette tâche.',
      hint: 'Il a été redémarré, ou quelqu’un a vidé sa file. Relancez la génération.',
    },
  },
  'backend.disconnected': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service stopped answering in the middle of the job ({{detail}}).',
      hint: 'It has probably crashed: look at the end of its log, start it and generate again.',
    },
    fr: {
      message: 'Le service a cessé de répondre au milieu de la tâche ({{detail}}).',
      hint: 'Il s’est sans doute arrêté brutalement : consultez la fin de son journal, démarrez-le et relancez la génération.',
    },
  },
  'backend.job-timeout': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: 'The job was not finished after {{minutes}} minutes and was cancelled.',
      hint: 'The service may hang: look at its log and restart it. Smaller pictures and fewer steps take less time.',
    },
    fr: {
      message: 'La tâche n’était pas terminée après {{minutes}} minutes et a été annulée.',
      hint: 'Le service est peut-être bloqué : consultez son journal et redémarrez-le. De plus petites images et moins d’étapes prennent moins de temps.',
    },
  },
  'backend.no-images': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The job finished, but the service made no picture.',
      hint: 'Look at the service’s log; a part of the workflow was probably skipped.',
    },
    fr: {
      message: 'La tâche est terminée, mais le service n’a produit aucune image.',
      hint: 'Consultez le journal du service ; une partie du workflow a sans doute été ignorée.',
    },
  },
  'backend.image-gone': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service made {{file}}, but no longer has it.',
      hint: 'The file was deleted there. Generate again with another seed, so that it is not answered from the cache.',
    },
    fr: {
      message: 'Le service a produit {{file}}, mais ne l’a plus.',
      hint: 'Le fichier y a été supprimé. Relancez avec une autre seed, pour que la réponse ne vienne pas du cache.',
    },
  },
  'backend.outputs-dropped': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service left out an output it could not make: {{detail}}',
      hint: 'The other outputs were made. Check the named node.',
    },
    fr: {
      message: 'Le service a laissé de côté une sortie impossible : {{detail}}',
      hint: 'Les autres sorties ont été produites. Vérifiez le nœud nommé.',
    },
  },
  'backend.no-live-progress': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service’s WebSocket could not be opened ({{detail}}), so progress and previews were not shown.',
      hint: 'A proxy in between must let WebSocket connections through.',
    },
    fr: {
      message:
        'Le WebSocket du service n’a pas pu être ouvert ({{detail}}) : progression et aperçus n’ont pas été affichés.',
      hint: 'Un proxy intermédiaire doit laisser passer les connexions WebSocket.',
    },
  },
  'backend.progress-untold': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service does not tell whose job is running, so progress and previews were not shown.',
      hint: 'Forge started with --nowebui, and very old versions, only tell of whatever job runs. Start it without --nowebui.',
    },
    fr: {
      message:
        'Le service ne dit pas à qui appartient la tâche en cours : progression et aperçus n’ont pas été affichés.',
      hint: 'Forge démarré avec --nowebui, et les très anciennes versions, ne parlent que de la tâche en cours, quelle qu’elle soit. Démarrez-le sans --nowebui.',
    },
  },
  'backend.left-running': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The job was not interrupted on the service: it does not tell whose job is running.',
      hint: 'The job goes on there and its images are discarded. Forge started without --nowebui tells jobs apart; whoever knows that nobody else uses it can interrupt in its own interface.',
    },
    fr: {
      message: 'La tâche n’a pas été interrompue sur le service : il ne dit pas à qui appartient la tâche en cours.',
      hint: 'La tâche s’y poursuit et ses images sont ignorées. Forge démarré sans --nowebui distingue les tâches ; si personne d’autre ne l’utilise, interrompez-la depuis son interface.',
    },
  },
  'backend.interrupted-elsewhere': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'Somebody else interrupted this job on the service, so its images may be unfinished.',
      hint: 'Generate again with the same seed to see the whole image.',
    },
    fr: {
      message: 'Quelqu’un d’autre a interrompu cette tâche sur le service : ses images peuvent être inachevées.',
      hint: 'Relancez la génération avec la même seed pour obtenir l’image complète.',
    },
  },
  'backend.no-previews': {
    code: 'CONFLICT',
    en: {
      message: 'The service runs without --preview-method, so it sent no previews.',
      hint: 'Add --preview-method auto to its arguments and restart it.',
    },
    fr: {
      message: 'Le service tourne sans --preview-method : il n’a envoyé aucun aperçu.',
      hint: 'Ajoutez --preview-method auto à ses arguments, puis redémarrez-le.',
    },
  },
  'backend.interrupted-by-others': {
    code: 'CONFLICT',
    en: {
      message: 'Somebody else interrupted this job on the service.',
      hint: 'Whoever uses the same service can interrupt what runs there. Generate again.',
    },
    fr: {
      message: 'Quelqu’un d’autre a interrompu cette tâche sur le service.',
      hint: 'Quiconque utilise le même service peut interrompre ce qui y tourne. Relancez la génération.',
    },
  },
  'backend.model-damaged': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The model file {{file}} is damaged or incomplete: {{detail}}',
      hint: 'Download it again, or choose another model.',
    },
    fr: {
      message: 'Le fichier de modèle {{file}} est endommagé ou incomplet : {{detail}}',
      hint: 'Téléchargez-le de nouveau, ou choisissez un autre modèle.',
    },
  },
  'backend.sampler-replaced': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service used the sampler {{used}} instead of {{asked}}.',
      hint: 'It replaces what it does not know without saying so; choose one from its list.',
    },
    fr: {
      message: 'Le service a utilisé le sampler {{used}} au lieu de {{asked}}.',
      hint: 'Il remplace ce qu’il ne connaît pas sans le dire ; choisissez dans sa liste.',
    },
  },
  'backend.checkpoint-replaced': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service used the checkpoint {{used}} instead of {{asked}}.',
      hint: 'It keeps the loaded model when it cannot load another; look at its log.',
    },
    fr: {
      message: 'Le service a utilisé le checkpoint {{used}} au lieu de {{asked}}.',
      hint: 'Il garde le modèle chargé quand il ne peut pas en charger un autre ; consultez son journal.',
    },
  },
})
