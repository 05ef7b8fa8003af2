import { defineProblems } from './define'

export const containerProblems = defineProblems({
  'container.none': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} has no container now.',
      hint: 'Start the service; its container is made then.',
    },
    fr: {
      message: '{{id}} n’a pas de conteneur en ce moment.',
      hint: 'Démarrez le service : son conteneur sera alors créé.',
    },
  },
  'container.gone': {
    code: 'NOT_FOUND',
    en: {
      message: 'The container {{container}} is no longer there.',
      hint: 'It was removed or made anew. Look at the service again.',
    },
    fr: {
      message: 'Le conteneur {{container}} n’existe plus.',
      hint: 'Il a été supprimé ou recréé. Regardez le service à nouveau.',
    },
  },
  'container.not-running': {
    code: 'CONFLICT',
    en: {
      message: 'The container {{container}} is not running, so nothing can be run inside it.',
      hint: 'Start the service and try again.',
    },
    fr: {
      message: 'Le conteneur {{container}} n’est pas en marche : rien ne peut y être exécuté.',
      hint: 'Démarrez le service, puis réessayez.',
    },
  },
  'container.engine-failed': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'Docker could not do this with the container {{container}}: {{detail}}.',
      hint: 'Look at the state of Docker and of the container, then try again.',
    },
    fr: {
      message: 'Docker n’a pas pu faire cela avec le conteneur {{container}} : {{detail}}.',
      hint: 'Regardez l’état de Docker et du conteneur, puis réessayez.',
    },
  },
  'container.exec-timeout': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: '{{program}} did not end within {{seconds}} s inside the container {{container}}.',
      hint: 'The container may be overloaded or its GPU may hang. Try again, or restart the service.',
    },
    fr: {
      message: '{{program}} ne s’est pas terminé en {{seconds}} s dans le conteneur {{container}}.',
      hint: 'Le conteneur est peut-être surchargé, ou son GPU bloqué. Réessayez ou redémarrez le service.',
    },
  },
  'container.unreadable': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'Docker describes the container {{container}} in a way that Regie cannot read: {{detail}}.',
      hint: 'Update Regie, or report this with the version of Docker.',
    },
    fr: {
      message: 'Docker décrit le conteneur {{container}} d’une façon que Regie ne sait pas lire : {{detail}}.',
      hint: 'Mettez Regie à jour, ou signalez-le avec la version de Docker.',
    },
  },
  'container.no-shell': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The container {{container}} holds no shell: neither {{tried}} can be run in it.',
      hint: 'Images without a distribution have none. Name another program that is in the image, e.g. python3.',
    },
    fr: {
      message: 'Le conteneur {{container}} ne contient aucun shell : aucun de {{tried}} ne peut y être exécuté.',
      hint: 'Les images sans distribution n’en ont pas. Indiquez un autre programme présent dans l’image, par exemple python3.',
    },
  },
  'container.no-program': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{program}} cannot be run in the container {{container}}.',
      hint: 'Name a program that is in the image and may be executed.',
    },
    fr: {
      message: '{{program}} ne peut pas être exécuté dans le conteneur {{container}}.',
      hint: 'Indiquez un programme présent dans l’image et exécutable.',
    },
  },
  'container.shell-not-found': {
    code: 'NOT_FOUND',
    en: {
      message: 'This terminal is closed.',
      hint: 'Open a new one: a terminal ends when nobody looks at it for a while.',
    },
    fr: {
      message: 'Ce terminal est fermé.',
      hint: 'Ouvrez-en un nouveau : un terminal se termine quand personne ne le regarde pendant un moment.',
    },
  },
  'container.too-many-shells': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message: '{{count}} terminals are open already.',
      hint: 'Close one of them first.',
    },
    fr: {
      message: '{{count}} terminaux sont déjà ouverts.',
      hint: 'Fermez-en un d’abord.',
    },
  },
})
