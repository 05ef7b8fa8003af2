import { defineProblems } from './define'

export const logProblems = defineProblems({
  'log.no-container': {
    code: 'NOT_FOUND',
    en: {
      message: 'The service has no container, so there is no log to read.',
      hint: 'Start the service: its log begins with the container.',
    },
    fr: {
      message: 'Le service n’a pas de conteneur : il n’y a aucun journal à lire.',
      hint: 'Démarrez le service : son journal commence avec le conteneur.',
    },
  },
  'log.engine-away': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker is not responding, so the log cannot be read now.',
      hint: 'The log continues automatically when Docker responds again.',
    },
    fr: {
      message: 'Docker ne répond pas : le journal est illisible pour l’instant.',
      hint: 'Le journal reprendra automatiquement dès que Docker répondra.',
    },
  },
  'log.unreadable': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Docker keeps no log of this container that could be read back.',
      hint: 'Its logging driver sends the lines elsewhere. Choose json-file or local under “logging” in the Compose file, then recreate the container.',
    },
    fr: {
      message: 'Docker ne garde de ce conteneur aucun journal relisible.',
      hint: 'Son pilote de journalisation envoie les lignes ailleurs. Choisissez json-file ou local sous « logging » dans le fichier Compose, puis recréez le conteneur.',
    },
  },
  'stats.not-a-container': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Only services that run in a container are measured.',
      hint: 'What the GPU does is on the GPUs page, for every service.',
    },
    fr: {
      message: 'Seuls les services qui tournent dans un conteneur sont mesurés.',
      hint: 'L’activité du GPU se trouve sur la page GPU, pour tous les services.',
    },
  },
})
