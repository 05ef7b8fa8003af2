import { defineProblems } from './define'

/** How the process of a service ended. */
export const serviceEndingProblems = defineProblems({
  'service.exit-code': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} exited with code {{code}}.',
      hint: 'Read its log, then start it again. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} s’est terminé avec le code {{code}}.',
      hint: 'Lisez son journal, puis redémarrez-le. Sa dernière ligne : {{line}}',
    },
  },
  'service.exit-clean': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} exited without an error.',
      hint: 'Its command must keep running while it serves. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} s’est terminé sans erreur.',
      hint: 'Sa commande doit rester active tant qu’elle sert. Sa dernière ligne : {{line}}',
    },
  },
  'service.exit-killed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} was killed (SIGKILL).',
      hint: 'Most often the system was out of memory: free some or use a smaller model, then start it again. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} a été tué (SIGKILL).',
      hint: 'Le plus souvent, la mémoire était épuisée : libérez-en ou choisissez un modèle plus petit, puis redémarrez-le. Sa dernière ligne : {{line}}',
    },
  },
  'service.exit-crashed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} crashed ({{signal}}).',
      hint: 'A native library broke: check that the driver and its libraries are compatible, then start it again. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} a planté ({{signal}}).',
      hint: 'Une bibliothèque native a échoué : vérifiez la compatibilité du pilote et des bibliothèques, puis redémarrez-le. Sa dernière ligne : {{line}}',
    },
  },
  'service.exit-signal': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} was ended from outside ({{signal}}).', hint: 'Start it again. Its last line: {{line}}' },
    fr: {
      message: '{{id}} a été arrêté de l’extérieur ({{signal}}).',
      hint: 'Redémarrez-le. Sa dernière ligne : {{line}}',
    },
  },
  'service.exit-not-executable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} exited with code 126: its script found a command that is not executable.',
      hint: 'Make that command executable. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} s’est terminé avec le code 126 : son script a trouvé une commande non exécutable.',
      hint: 'Rendez cette commande exécutable. Sa dernière ligne : {{line}}',
    },
  },
  'service.exit-not-found': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} exited with code 127: its script did not find a command.',
      hint: 'Install that command or correct the script. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} s’est terminé avec le code 127 : son script n’a pas trouvé une commande.',
      hint: 'Installez cette commande ou corrigez le script. Sa dernière ligne : {{line}}',
    },
  },
  'service.exit-unknown': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} is gone; how it ended is unknown.', hint: 'Start it again. Its last line: {{line}}' },
    fr: {
      message: '{{id}} a disparu ; on ne sait pas comment il s’est terminé.',
      hint: 'Redémarrez-le. Sa dernière ligne : {{line}}',
    },
  },
})
