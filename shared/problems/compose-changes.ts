import { defineProblems } from './define'

/** How a container and the files it came from differ, and what would be done about it. */
export const composeChangeProblems = defineProblems({
  'compose.files-elsewhere': {
    code: 'CONFLICT',
    en: {
      message: 'The project’s files are not on this machine: {{file}}',
      hint: 'Its containers can be started and stopped from here; to create or recreate them, Regie needs the files.',
    },
    fr: {
      message: 'Les fichiers du projet ne sont pas sur cette machine : {{file}}',
      hint: 'Ses conteneurs peuvent être démarrés et arrêtés d’ici ; pour les créer ou les recréer, Regie a besoin des fichiers.',
    },
  },
  'compose.no-container': {
    code: 'NOT_FOUND',
    en: {
      message: '{{id}} has no container yet.',
      hint: 'Start it: Regie creates the container from its Compose files.',
    },
    fr: {
      message: '{{id}} n’a pas encore de conteneur.',
      hint: 'Démarrez-le : Regie crée le conteneur à partir de ses fichiers Compose.',
    },
  },
  'compose.not-running': {
    code: 'CONFLICT',
    en: { message: '{{id}} did not stay up: its container ended at once.', hint: 'Read its log, then start it again.' },
    fr: {
      message: '{{id}} n’est pas resté en marche : son conteneur s’est arrêté aussitôt.',
      hint: 'Lisez son journal, puis redémarrez-le.',
    },
  },
  'compose.stopped-elsewhere': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} was stopped outside this panel.', hint: 'Start it again when you want it.' },
    fr: { message: '{{id}} a été arrêté en dehors de ce panneau.', hint: 'Redémarrez-le quand vous le souhaitez.' },
  },
  'compose.removed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The container of {{id}} was removed outside this panel.',
      hint: 'Start the service: Regie creates the container again.',
    },
    fr: {
      message: 'Le conteneur de {{id}} a été supprimé en dehors de ce panneau.',
      hint: 'Démarrez le service : Regie recrée le conteneur.',
    },
  },
  'compose.env-changed': {
    code: 'CONFLICT',
    en: {
      message: 'Environment variables differ from those in the container: {{names}}.',
      hint: 'Recreate it: a restart keeps the old values.',
    },
    fr: {
      message: 'Des variables d’environnement diffèrent de celles du conteneur : {{names}}.',
      hint: 'Recréez-le : un redémarrage garde les anciennes valeurs.',
    },
  },
  'compose.ports-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The files publish other ports ({{wanted}}) than the container does ({{current}}).',
      hint: 'Recreate it: ports are fixed when a container is created.',
    },
    fr: {
      message: 'Les fichiers publient d’autres ports ({{wanted}}) que le conteneur ({{current}}).',
      hint: 'Recréez-le : les ports sont fixés à la création du conteneur.',
    },
  },
  'compose.image-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The files name the image {{wanted}}; the container was created from {{current}}.',
      hint: 'Recreate it to use the other image.',
    },
    fr: {
      message: 'Les fichiers désignent l’image {{wanted}} ; le conteneur provient de {{current}}.',
      hint: 'Recréez-le pour utiliser l’autre image.',
    },
  },
  'compose.image-newer': {
    code: 'CONFLICT',
    en: {
      message: '{{image}} is another image now than the one in the container: it was pulled or built since.',
      hint: 'Recreate it: a restart keeps the old image.',
    },
    fr: {
      message: '{{image}} n’est plus l’image du conteneur : elle a été téléchargée ou construite depuis.',
      hint: 'Recréez-le : un redémarrage garde l’ancienne image.',
    },
  },
  'compose.volumes-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The files mount other folders or files than the container does: {{targets}}.',
      hint: 'Recreate it: mounts are fixed when a container is created.',
    },
    fr: {
      message: 'Les fichiers montent d’autres dossiers ou fichiers que le conteneur : {{targets}}.',
      hint: 'Recréez-le : les montages sont fixés à la création du conteneur.',
    },
  },
  'compose.command-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The files give the container another command.',
      hint: 'Recreate it: the command is fixed when a container is created.',
    },
    fr: {
      message: 'Les fichiers donnent une autre commande au conteneur.',
      hint: 'Recréez-le : la commande est fixée à la création du conteneur.',
    },
  },
  'compose.settings-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The service’s settings in the Compose files changed since the container was created.',
      hint: 'Recreate it to apply them.',
    },
    fr: {
      message: 'Les réglages du service dans les fichiers Compose ont changé depuis la création du conteneur.',
      hint: 'Recréez-le pour les appliquer.',
    },
  },
  'compose.file-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The mounted file {{file}} changed after the container started.',
      hint: 'Restart it: the same container reads the file again.',
    },
    fr: {
      message: 'Le fichier monté {{file}} a changé après le démarrage du conteneur.',
      hint: 'Redémarrez-le : le même conteneur relit le fichier.',
    },
  },
  'compose.other-files': {
    code: 'CONFLICT',
    en: {
      message:
        'The container was created from other Compose files than the service names: {{files}}. What these ask for and it does not have cannot be told.',
      hint: 'Use these files for the service; a recreate without them would drop what they add, a GPU for instance.',
    },
    fr: {
      message:
        'Le conteneur provient d’autres fichiers Compose que ceux du service : {{files}}. Impossible de dire ce qu’ils demandent et qu’il n’a pas.',
      hint: 'Utilisez ces fichiers pour le service ; une recréation sans eux perdrait ce qu’ils ajoutent, un GPU par exemple.',
    },
  },
  'compose.other-project': {
    code: 'CONFLICT',
    en: {
      message:
        'Another folder has a project of the same name, {{project}}: its containers, made from {{files}}, would be removed.',
      hint: 'Give one of the two another name (COMPOSE_PROJECT_NAME, or name: in its file), or take that one down by its own files.',
    },
    fr: {
      message:
        'Un autre dossier a un projet du même nom, {{project}} : ses conteneurs, issus de {{files}}, seraient supprimés.',
      hint: 'Donnez un autre nom à l’un des deux (COMPOSE_PROJECT_NAME, ou name: dans son fichier), ou supprimez celui-là par ses propres fichiers.',
    },
  },
  'compose.folders-gone': {
    code: 'CONFLICT',
    en: {
      message:
        '{{name}} mounts folders or files that are missing: {{sources}}. Docker would put empty folders in their place.',
      hint: 'Restore them; a folder that is meant to be empty, create it yourself. Then start the service again.',
    },
    fr: {
      message:
        '{{name}} monte des dossiers ou fichiers absents : {{sources}}. Docker mettrait des dossiers vides à leur place.',
      hint: 'Remettez-les en place ; un dossier qui doit être vide, créez-le vous-même. Puis démarrez de nouveau le service.',
    },
  },
  'compose.plan-up': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} has no container: it is created from the Compose files.',
      hint: 'An image that is missing is pulled first, which can take long.',
    },
    fr: {
      message: '{{id}} n’a pas de conteneur : il est créé à partir des fichiers Compose.',
      hint: 'Une image manquante est d’abord téléchargée, ce qui peut être long.',
    },
  },
  'compose.plan-start': {
    code: 'CONFLICT',
    en: {
      message: 'Its files agree with the container, so it is started as it is.',
      hint: 'What was written inside the container is kept.',
    },
    fr: {
      message: 'Ses fichiers correspondent au conteneur ; il est donc démarré tel quel.',
      hint: 'Ce qui a été écrit dans le conteneur est conservé.',
    },
  },
  'compose.plan-unpause': {
    code: 'CONFLICT',
    en: {
      message: 'The container of {{id}} is paused: it goes on where it was.',
      hint: 'What is in its memory is kept.',
    },
    fr: {
      message: 'Le conteneur de {{id}} est en pause : il continue là où il en était.',
      hint: 'Ce qui est dans sa mémoire est conservé.',
    },
  },
  'compose.plan-recreate': {
    code: 'CONFLICT',
    en: {
      message: 'The container is started as it is: only a recreate applies the changes.',
      hint: 'Recreate it when you are ready: what was written inside the container, and in no volume, is lost then.',
    },
    fr: {
      message: 'Le conteneur est démarré tel quel : seule une recréation applique les changements.',
      hint: 'Recréez-le quand vous êtes prêt : ce qui a été écrit dans le conteneur, hors volume, est alors perdu.',
    },
  },
  'compose.plan-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'It cannot be determined whether the files changed, so the container is started unchanged.',
      hint: 'Look at the reason: {{why}}',
    },
    fr: {
      message: 'Impossible de savoir si les fichiers ont changé ; le conteneur est démarré tel quel.',
      hint: 'Voyez la raison : {{why}}',
    },
  },
})
