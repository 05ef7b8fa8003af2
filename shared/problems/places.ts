import { defineProblems } from './define'

/** What the fingerprint map has to say of a place. */
export const placeProblems = defineProblems({
  'place.stale-mount': {
    code: 'CONFLICT',
    en: {
      message: 'The container still uses the file that was at {{path}} before it was replaced.',
      hint: 'It mounts this single file, so it keeps the old one. Restart {{service}}. An editor that saves in place, or mounting the folder, avoids it.',
    },
    fr: {
      message: 'Le conteneur garde le fichier qui se trouvait à {{path}} avant qu’un autre ne prenne sa place.',
      hint: 'Il monte ce fichier seul, et garde donc l’ancien. Redémarrez {{service}}. Un éditeur qui enregistre sur place, ou monter le dossier, l’évite.',
    },
  },
  'place.other-file': {
    code: 'CONFLICT',
    en: {
      message: 'The container sees something else than {{path}} on this machine.',
      hint: 'The engine may run on another machine, or its share may lag behind. Refresh the map, then restart {{service}}.',
    },
    fr: {
      message: 'Le conteneur voit autre chose que {{path}} sur cette machine.',
      hint: 'Le moteur tourne peut-être sur une autre machine, ou son partage est en retard. Relisez la carte, puis redémarrez {{service}}.',
    },
  },
  'place.environment-old': {
    code: 'CONFLICT',
    en: {
      message: 'The container was created with another value of {{variable}} than {{path}} contains now.',
      hint: 'A container’s environment is set when it is created: recreate {{service}}; a restart would keep the old value.',
    },
    fr: {
      message: 'Le conteneur a été créé avec une autre valeur de {{variable}} que celle que contient {{path}}.',
      hint: 'L’environnement d’un conteneur est fixé à sa création : recréez {{service}} ; un redémarrage garderait l’ancienne valeur.',
    },
  },
  'place.other-text': {
    code: 'CONFLICT',
    en: {
      message: '{{variable}} contains another text than the Compose files ask for.',
      hint: 'The files were changed since the container was created: recreate the service.',
    },
    fr: {
      message: '{{variable}} contient un autre texte que celui que demandent les fichiers Compose.',
      hint: 'Les fichiers ont changé depuis la création du conteneur : recréez le service.',
    },
  },
  'place.not-running': {
    code: 'CONFLICT',
    en: {
      message: '{{container}} is not running, so its files cannot be seen from inside.',
      hint: 'It reads the files when it starts. Start it to check.',
    },
    fr: {
      message: '{{container}} est arrêté : ses fichiers ne peuvent pas être vus de l’intérieur.',
      hint: 'Il prendra les fichiers tels quels à son démarrage. Démarrez-le pour regarder.',
    },
  },
  'place.no-reader': {
    code: 'CONFLICT',
    en: {
      message: 'The container has no program “cat” with which {{path}} could be read from inside.',
      hint: 'This is not a fault; what the service accepts shows whether it has the correct value.',
    },
    fr: {
      message: 'Le conteneur n’a pas de programme « cat » pour lire {{path}} de l’intérieur.',
      hint: 'Ce n’est pas un défaut ; ce que le service accepte dit s’il a la bonne valeur.',
    },
  },
  'place.live-restart': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} refuses the secret that its file contains: it read the file before it was changed.',
      hint: 'Restart {{service}}; it reads the file when it starts.',
    },
    fr: {
      message: '{{service}} refuse le secret que contient son fichier : il l’a lu avant son changement.',
      hint: 'Redémarrez {{service}} ; il lit le fichier à son démarrage.',
    },
  },
  'place.live-recreate': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} refuses the vault’s secret: its container was created with an older one.',
      hint: 'Recreate {{service}}; a restart would keep the old environment.',
    },
    fr: {
      message: '{{service}} refuse le secret du coffre : son conteneur a été créé avec un plus ancien.',
      hint: 'Recréez {{service}} ; un redémarrage garderait l’ancien environnement.',
    },
  },
})
