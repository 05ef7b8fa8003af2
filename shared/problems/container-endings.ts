import { defineProblems } from './define'

/** How a container ended. */
export const containerEndingProblems = defineProblems({
  'ending.oom': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} was killed because its container had no memory left (exit code {{code}}).',
      hint: 'Give the engine more memory, run fewer services at once, or use a smaller model; then start it again. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} a été tué : son conteneur n’avait plus de mémoire (code {{code}}).',
      hint: 'Donnez plus de mémoire au moteur, lancez moins de services à la fois ou choisissez un modèle plus petit, puis redémarrez-le. Sa dernière ligne : {{line}}',
    },
  },
  'ending.oom-limit': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message:
        '{{id}} was killed because it used all of the {{limit}} of memory that its container may use (exit code {{code}}).',
      hint: 'Raise the memory limit in its Compose file and recreate it, or use a smaller model. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} a été tué : il a utilisé les {{limit}} de mémoire permis à son conteneur (code {{code}}).',
      hint: 'Relevez la limite de mémoire dans son fichier Compose et recréez-le, ou choisissez un modèle plus petit. Sa dernière ligne : {{line}}',
    },
  },
  'ending.killed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} was killed (exit code 137), and Docker does not know by whom.',
      hint: 'Under WSL2 and Docker Desktop a virtual machine without memory looks like this: raise its memory in .wslconfig or in Docker Desktop. On Linux the kernel’s log tells. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} a été tué (code 137), et Docker ne sait pas par qui.',
      hint: 'Sous WSL2 et Docker Desktop, une machine virtuelle à court de mémoire se présente ainsi : augmentez sa mémoire dans .wslconfig ou dans Docker Desktop. Sous Linux, le journal du noyau le dit. Sa dernière ligne : {{line}}',
    },
  },
  'ending.stop-timeout': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} was stopped outside Regie and killed because it did not end in time (exit code {{code}}).',
      hint: 'Start wakes it. If its last work was lost, give it more time with stop_grace_period in its Compose file.',
    },
    fr: {
      message: '{{id}} a été arrêté en dehors de Regie, puis tué car il ne se terminait pas à temps (code {{code}}).',
      hint: 'Démarrez-le pour le réveiller. Si son dernier travail est perdu, accordez-lui plus de temps avec stop_grace_period dans son fichier Compose.',
    },
  },
  'ending.asleep': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} was stopped through Docker, not by this run of Regie (exit code {{code}}).',
      hint: 'It may be asleep on purpose: idle monitors stop a service that nobody uses. Start wakes it.',
    },
    fr: {
      message: '{{id}} a été arrêté par Docker, mais pas par cette session de Regie (code {{code}}).',
      hint: 'Il dort peut-être exprès : un moniteur d’inactivité arrête les services inutilisés. Démarrez-le pour le réveiller.',
    },
  },
  'ending.asleep-maybe': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} ended before Regie looked (exit code {{code}}); what ended it is unknown.',
      hint: 'It may be asleep on purpose, or it may have failed: this code alone shows neither. Start it, and read its log if it ends again. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} s’est terminé avant que Regie ne regarde (code {{code}}) ; la cause n’est pas connue.',
      hint: 'Il dort peut-être exprès, ou il a échoué : ce code seul ne prouve rien. Démarrez-le, et lisez son journal s’il se termine encore. Sa dernière ligne : {{line}}',
    },
  },
  'ending.server-ended': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} exited with code 0. A server that serves does not end: this is not a normal exit.',
      hint: 'Read its log for what made it leave, then start it again. Its last line: {{line}}',
    },
    fr: {
      message:
        '{{id}} s’est terminé avec le code 0. Un serveur qui sert ne se termine pas : ce n’est pas une fin normale.',
      hint: 'Cherchez dans son journal ce qui l’a fait partir, puis redémarrez-le. Sa dernière ligne : {{line}}',
    },
  },
  'ending.engine-refused': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} exited with code 125: Docker itself could not run its container.',
      hint: 'Look at its Compose file for options that this engine does not know. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} s’est terminé avec le code 125 : Docker lui-même n’a pas pu lancer son conteneur.',
      hint: 'Cherchez dans son fichier Compose des options que ce moteur ne connaît pas. Sa dernière ligne : {{line}}',
    },
  },
  'ending.generic': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} exited with code 255.',
      hint: 'This code means an unspecified error, in the program or in what runs it. Read its log. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} s’est terminé avec le code 255.',
      hint: 'Il désigne une erreur sans numéro propre, dans le programme ou dans ce qui l’exécute. Lisez son journal. Sa dernière ligne : {{line}}',
    },
  },
  'ending.paused': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} is paused in Docker: it keeps its memory and answers nothing.',
      hint: 'Unpause it, or stop it.',
    },
    fr: {
      message: '{{id}} est en pause dans Docker : il garde sa mémoire et ne répond à rien.',
      hint: 'Reprenez-le, ou arrêtez-le.',
    },
  },
  'ending.restarting': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message:
        '{{id}} ends again and again, and Docker restarts it each time ({{count}} times; last exit code {{code}}).',
      hint: 'Stop it, fix what its log shows, then start it. Its last line: {{line}}',
    },
    fr: {
      message:
        '{{id}} se termine sans cesse et Docker le relance à chaque fois ({{count}} fois ; dernier code {{code}}).',
      hint: 'Arrêtez-le, corrigez ce que montre son journal, puis redémarrez-le. Sa dernière ligne : {{line}}',
    },
  },
  'ending.no-gpu-driver': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} could not be started: Docker has no driver for the GPU that it asks for.',
      hint: 'Install the NVIDIA Container Toolkit and restart Docker; in Docker Desktop, update it and Windows’ NVIDIA driver. Docker reports: {{detail}}',
    },
    fr: {
      message: '{{id}} n’a pas pu démarrer : Docker n’a pas de pilote pour le GPU demandé.',
      hint: 'Installez NVIDIA Container Toolkit et redémarrez Docker ; avec Docker Desktop, mettez-le à jour ainsi que le pilote NVIDIA de Windows. Message de Docker : {{detail}}',
    },
  },
  'ending.gpu-unknown': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} could not be started: the GPU that it asks for is not on this machine.',
      hint: 'Write the UUID of a GPU that the GPUs page shows into its Compose file, then recreate it. Docker reports: {{detail}}',
    },
    fr: {
      message: '{{id}} n’a pas pu démarrer : le GPU demandé n’est pas sur cette machine.',
      hint: 'Écrivez dans son fichier Compose l’UUID d’un GPU de la page GPU, puis recréez-le. Message de Docker : {{detail}}',
    },
  },
  'ending.gpu-library': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} could not be started: Docker found no working NVIDIA driver for it.',
      hint: 'Check that nvidia-smi works on the machine, then restart Docker. Docker reports: {{detail}}',
    },
    fr: {
      message: '{{id}} n’a pas pu démarrer : Docker n’a trouvé aucun pilote NVIDIA en état de marche.',
      hint: 'Vérifiez que nvidia-smi fonctionne sur la machine, puis redémarrez Docker. Message de Docker : {{detail}}',
    },
  },
  'ending.port-taken': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} could not be started: its port is in use by another program or container.',
      hint: 'Stop that one, or publish another port in its Compose file. Docker reports: {{detail}}',
    },
    fr: {
      message: '{{id}} n’a pas pu démarrer : son port est pris par un autre programme ou conteneur.',
      hint: 'Arrêtez celui-ci, ou publiez un autre port dans son fichier Compose. Message de Docker : {{detail}}',
    },
  },
  'ending.mount': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} could not be started: a file or folder that it mounts cannot be mounted.',
      hint: 'Check that it exists and is what the Compose file expects, a file or a folder. Docker reports: {{detail}}',
    },
    fr: {
      message: '{{id}} n’a pas pu démarrer : un fichier ou dossier à monter ne peut pas l’être.',
      hint: 'Vérifiez qu’il existe et qu’il est bien ce que le fichier Compose attend, un fichier ou un dossier. Message de Docker : {{detail}}',
    },
  },
  'ending.no-command': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} could not be started: its image does not contain the command that it is configured to run.',
      hint: 'Correct the command or the entrypoint in its Compose file. Docker reports: {{detail}}',
    },
    fr: {
      message: '{{id}} n’a pas pu démarrer : son image ne contient pas la commande à exécuter.',
      hint: 'Corrigez la commande ou l’entrypoint dans son fichier Compose. Message de Docker : {{detail}}',
    },
  },
  'ending.not-executable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} could not be started: the command in its image is not executable.',
      hint: 'Make it executable, save scripts with LF line endings, and check that the image is built for this machine. Docker reports: {{detail}}',
    },
    fr: {
      message: '{{id}} n’a pas pu démarrer : la commande de son image ne peut pas être exécutée.',
      hint: 'Rendez-la exécutable, enregistrez les scripts avec des fins de ligne LF, et vérifiez que l’image convient à cette machine. Message de Docker : {{detail}}',
    },
  },
  'ending.not-started': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} could not be started by Docker.', hint: 'Docker reports: {{detail}}' },
    fr: { message: '{{id}} n’a pas pu être démarré par Docker.', hint: 'Message de Docker : {{detail}}' },
  },
})
