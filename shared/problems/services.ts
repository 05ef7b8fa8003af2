import { defineProblems } from './define'

export const serviceProblems = defineProblems({
  'service.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no service named {{id}}.', hint: 'Choose one of the services in the list.' },
    fr: { message: 'Aucun service ne s’appelle {{id}}.', hint: 'Choisissez un service de la liste.' },
  },
  'service.exists': {
    code: 'CONFLICT',
    en: { message: 'A service named {{id}} already exists.', hint: 'Choose another id.' },
    fr: { message: 'Un service nommé {{id}} existe déjà.', hint: 'Choisissez un autre identifiant.' },
  },
  'service.url-of-gateway': {
    code: 'CONFLICT',
    en: {
      message: '{{url}} is where the gateway of {{by}} listens.',
      hint: 'Enter the address at which the service itself listens.',
    },
    fr: {
      message: 'La passerelle de {{by}} écoute à {{url}}.',
      hint: 'Indiquez l’adresse à laquelle le service lui-même écoute.',
    },
  },
  'service.url-of-panel': {
    code: 'CONFLICT',
    en: {
      message: '{{url}} is the address of Regie’s own page.',
      hint: 'Enter the address at which the service itself listens.',
    },
    fr: {
      message: '{{url}} est l’adresse de la page de Regie elle-même.',
      hint: 'Indiquez l’adresse à laquelle le service lui-même écoute.',
    },
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
  'service.coming': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} is starting.', hint: 'Loading can take minutes.' },
    fr: { message: '{{id}} démarre.', hint: 'Le chargement peut prendre quelques minutes.' },
  },
  'service.away': {
    code: 'BAD_GATEWAY',
    en: { message: '{{id}} does not answer.', hint: 'Ask an administrator to check it.' },
    fr: { message: '{{id}} ne répond pas.', hint: 'Demandez à un administrateur de l’examiner.' },
  },
  'service.not-wakeable': {
    code: 'FORBIDDEN',
    en: {
      message: '{{id}} may not be started by users.',
      hint: 'Ask an administrator to start it, or to allow users to start it.',
    },
    fr: {
      message: '{{id}} ne peut pas être démarré par un utilisateur.',
      hint: 'Demandez à un administrateur de le démarrer, ou d’autoriser les utilisateurs à le faire.',
    },
  },
  'service.invalid': {
    code: 'BAD_REQUEST',
    en: { message: 'The service cannot be used: {{issues}}', hint: 'Correct the named fields and send it again.' },
    fr: { message: 'Le service est inutilisable : {{issues}}', hint: 'Corrigez les champs nommés et renvoyez-le.' },
  },
  'service.running': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is running, so its address cannot be changed.',
      hint: 'Stop it first, then change the address.',
    },
    fr: {
      message: '{{id}} est en marche ; son adresse ne peut pas être changée.',
      hint: 'Arrêtez-le d’abord, puis changez l’adresse.',
    },
  },
  'service.project-running': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} has a running container, so its Compose project cannot be changed.',
      hint: 'Stop it first, then change its Compose files, service or project.',
    },
    fr: {
      message: 'Le conteneur de {{id}} est en marche ; son projet Compose ne peut pas être changé.',
      hint: 'Arrêtez-le d’abord, puis changez ses fichiers Compose, son service ou son projet.',
    },
  },
  'service.changed-meanwhile': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} was changed meanwhile.',
      hint: 'Read it again, compare it with your changes, and save them with its new revision.',
    },
    fr: {
      message: '{{id}} a été modifié entre-temps.',
      hint: 'Relisez-le, comparez avec vos changements, puis enregistrez-les avec sa nouvelle révision.',
    },
  },
  'service.external': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is managed externally: Regie only monitors it.',
      hint: 'Start or stop it where it runs.',
    },
    fr: {
      message: '{{id}} est géré en dehors de Regie, qui ne fait que le surveiller.',
      hint: 'Démarrez-le ou arrêtez-le là où il est exécuté.',
    },
  },
  'service.no-container': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is not a Docker Compose service, so “{{operation}}” does not apply to it.',
      hint: 'Start, stop or restart it instead.',
    },
    fr: {
      message: '{{id}} n’est pas un service Docker Compose ; « {{operation}} » ne s’y applique pas.',
      hint: 'Démarrez-le, arrêtez-le ou redémarrez-le plutôt.',
    },
  },
  'service.not-ours': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} was running already and was not started by Regie, so Regie cannot stop it.',
      hint: 'Stop it where it was started; after that Regie can start it itself.',
    },
    fr: {
      message: '{{id}} tournait déjà sans avoir été démarré par Regie, qui ne peut donc pas l’arrêter.',
      hint: 'Arrêtez-le là où il a été démarré ; Regie pourra ensuite le démarrer lui-même.',
    },
  },
  'service.compose-unavailable': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is a Docker Compose service, and this version of Regie cannot start or stop those.',
      hint: 'Start it with “docker compose up -d”; Regie watches it and generates with it as soon as it answers.',
    },
    fr: {
      message: '{{id}} est un service Docker Compose, que cette version de Regie ne sait ni démarrer ni arrêter.',
      hint: 'Démarrez-le avec « docker compose up -d » ; Regie l’observe et l’utilise dès qu’il répond.',
    },
  },
  'service.not-checked': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} has not been checked yet.', hint: 'Wait a moment.' },
    fr: { message: '{{id}} n’a pas encore été examiné.', hint: 'Patientez un instant.' },
  },
  'service.stopped': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} is not running.', hint: 'Start it.' },
    fr: { message: '{{id}} n’est pas démarré.', hint: 'Démarrez-le.' },
  },
  'service.starting': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} runs, but is not responding at {{url}} yet.',
      hint: 'Loading can take minutes; its log shows what it is doing.',
    },
    fr: {
      message: '{{id}} est lancé, mais ne répond pas encore à {{url}}.',
      hint: 'Le chargement peut prendre quelques minutes ; son journal montre ce qu’il fait.',
    },
  },
  'service.climbing': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} answers; what it can do is being checked.', hint: 'Wait a moment.' },
    fr: { message: '{{id}} répond ; la vérification est en cours.', hint: 'Patientez un instant.' },
  },
  'service.silent': {
    code: 'BAD_GATEWAY',
    en: { message: '{{id}} is not responding at {{url}}.', hint: 'Start it where it runs, or correct its address.' },
    fr: {
      message: '{{id}} ne répond pas à {{url}}.',
      hint: 'Démarrez-le là où il est exécuté, ou corrigez son adresse.',
    },
  },
  'service.start-timeout': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: '{{id}} did not respond at {{url}} within {{seconds}} s of its start.',
      hint: 'It still runs: read its log, then wait or stop it. Check that its command serves this very port.',
    },
    fr: {
      message: '{{id}} n’a pas répondu à {{url}} dans les {{seconds}} s après son démarrage.',
      hint: 'Il tourne encore : lisez son journal, puis attendez ou arrêtez-le. Vérifiez que sa commande sert bien ce port.',
    },
  },
  'service.start-cancelled': {
    code: 'CONFLICT',
    en: { message: 'The start of {{id}} was cancelled.', hint: 'Start it again when you want it.' },
    fr: { message: 'Le démarrage de {{id}} a été annulé.', hint: 'Redémarrez-le quand vous le souhaitez.' },
  },
  'service.will-not-end': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: '{{id}} was killed but has not ended.',
      hint: 'It may hang in a driver call: check the system’s process list; a reboot may be needed.',
    },
    fr: {
      message: '{{id}} a été tué mais n’est pas terminé.',
      hint: 'Il est peut-être bloqué dans un pilote : regardez la liste des processus ; un redémarrage de la machine peut être nécessaire.',
    },
  },
  'service.port-taken': {
    code: 'CONFLICT',
    en: {
      message: 'Another program answers at {{url}} ({{answer}}), so {{id}} cannot start there.',
      hint: 'Stop that program, or give the service another port.',
    },
    fr: {
      message: 'Un autre programme répond à {{url}} ({{answer}}) ; {{id}} ne peut pas y démarrer.',
      hint: 'Arrêtez ce programme, ou donnez un autre port au service.',
    },
  },
  'service.port-shared': {
    code: 'CONFLICT',
    en: {
      message: 'The service {{other}} runs at {{url}}, so {{id}} cannot start there.',
      hint: 'Stop {{other}} first, or give one of the two another port.',
    },
    fr: {
      message: 'Le service {{other}} tourne à {{url}} ; {{id}} ne peut pas y démarrer.',
      hint: 'Arrêtez d’abord {{other}}, ou donnez un autre port à l’un des deux.',
    },
  },
  'service.simulator-missing': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The simulator’s program {{program}} is missing.', hint: 'Install Regie again.' },
    fr: { message: 'Le programme du simulateur, {{program}}, est introuvable.', hint: 'Réinstallez Regie.' },
  },
  'service.simulator-address': {
    code: 'BAD_REQUEST',
    en: {
      message: 'A simulated service cannot be at {{url}}.',
      hint: 'Use http://127.0.0.1 with a port of your choice.',
    },
    fr: {
      message: 'Un service simulé ne peut pas être à {{url}}.',
      hint: 'Utilisez http://127.0.0.1 avec le port de votre choix.',
    },
  },
  'service.secret-changed': {
    code: 'CONFLICT',
    en: {
      message: 'Credential {{credentialId}} has changed since the program was started.',
      hint: 'The program still has the previous value.',
    },
    fr: {
      message: 'L’identifiant {{credentialId}} a changé depuis le démarrage du programme.',
      hint: 'Le programme a encore l’ancienne valeur.',
    },
  },
  'service.folder-missing': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The working folder {{folder}} does not exist.',
      hint: 'Create it, or correct the service’s folder.',
    },
    fr: {
      message: 'Le dossier de travail {{folder}} n’existe pas.',
      hint: 'Créez-le, ou corrigez le dossier du service.',
    },
  },
  'service.command-missing': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The command {{command}} was not found.', hint: 'Enter its full path, or install it.' },
    fr: { message: 'La commande {{command}} est introuvable.', hint: 'Donnez son chemin complet, ou installez-la.' },
  },
  'service.command-refused': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The system refuses to run {{command}} ({{error}}).',
      hint: 'Make it executable, or name the program that runs it, e.g. python.',
    },
    fr: {
      message: 'Le système refuse d’exécuter {{command}} ({{error}}).',
      hint: 'Rendez-la exécutable, ou nommez le programme qui l’exécute, p. ex. python.',
    },
  },
  'service.command-is-script': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{command}} cannot be run directly.',
      hint: 'For a batch file use cmd.exe as the command, with the arguments /c and the file.',
    },
    fr: {
      message: '{{command}} ne peut pas être exécuté directement.',
      hint: 'Pour un fichier batch, utilisez la commande cmd.exe avec les arguments /c et le fichier.',
    },
  },
  'service.launch-failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{command}} could not be started ({{error}}).',
      hint: 'Check its path, arguments and folder, and that the machine has memory left.',
    },
    fr: {
      message: '{{command}} n’a pas pu être lancé ({{error}}).',
      hint: 'Vérifiez son chemin, ses arguments et son dossier, et qu’il reste de la mémoire.',
    },
  },
  'service.web-thread-ended': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} runs, but the thread that serves its pages and its API has ended: {{line}}',
      hint: 'It does not recover on its own. Fix what the line says, then restart the service.',
    },
    fr: {
      message: '{{id}} tourne, mais le thread qui sert ses pages et son API s’est arrêté : {{line}}',
      hint: 'Il ne se rétablit pas automatiquement. Corrigez ce que dit la ligne, puis redémarrez le service.',
    },
  },
})
