import { defineProblems } from './define'

/** Models on a drive of Windows, and their copy into a volume. */
export const modelsProblems = defineProblems({
  'models.not-on-drive': {
    code: 'CONFLICT',
    en: {
      message: 'The container mounts no models from a Windows drive at {{target}}.',
      hint: 'Look again: the container may have been recreated meanwhile.',
    },
    fr: {
      message: 'Le conteneur ne monte aucun modèle d’un lecteur Windows sur {{target}}.',
      hint: 'Regardez de nouveau : le conteneur a peut-être été recréé entre-temps.',
    },
  },
  'models.not-running': {
    code: 'CONFLICT',
    en: { message: '{{id}} is not running.', hint: 'Start it: the speed is measured inside its container.' },
    fr: { message: '{{id}} n’est pas démarré.', hint: 'Démarrez-le : la vitesse se mesure dans son conteneur.' },
  },
  'models.no-tools': {
    code: 'CONFLICT',
    en: {
      message: 'The service’s image lacks what a copy needs: {{programs}}.',
      hint: 'Nothing was copied. Copy the folder by hand, with an image that has these programs.',
    },
    fr: {
      message: 'L’image du service n’a pas ce que demande une copie : {{programs}}.',
      hint: 'Rien n’a été copié. Copiez le dossier à la main, avec une image qui a ces programmes.',
    },
  },
  'models.volume-taken': {
    code: 'CONFLICT',
    en: {
      message: 'A volume named {{volume}} is there, and Regie did not make it for this service.',
      hint: 'Nothing was copied into it. Rename or remove it if nothing needs it.',
    },
    fr: {
      message: 'Un volume nommé {{volume}} existe, et Regie ne l’a pas créé pour ce service.',
      hint: 'Rien n’y a été copié. Renommez-le ou supprimez-le s’il ne sert à rien.',
    },
  },
  'models.no-room': {
    code: 'CONFLICT',
    en: {
      message: '{{free}} GiB are free where Docker keeps volumes ({{where}}); the copy needs {{needed}} GiB.',
      hint: 'Make room first: Settings → Docker. What is copied already is kept.',
    },
    fr: {
      message: '{{free}} Gio sont libres là où Docker garde les volumes ({{where}}) ; la copie demande {{needed}} Gio.',
      hint: 'Faites d’abord de la place : Réglages → Docker. Ce qui est déjà copié est gardé.',
    },
  },
  'models.busy': {
    code: 'CONFLICT',
    en: { message: 'The models of {{id}} are being copied.', hint: 'Wait until it is done, or cancel it.' },
    fr: { message: 'Les modèles de {{id}} sont en cours de copie.', hint: 'Attendez la fin, ou annulez.' },
  },
  'models.not-copying': {
    code: 'CONFLICT',
    en: { message: 'These models are not being copied.', hint: 'There is nothing to cancel.' },
    fr: { message: 'Ces modèles ne sont pas en cours de copie.', hint: 'Il n’y a rien à annuler.' },
  },
  'models.not-switched': {
    code: 'CONFLICT',
    en: {
      message: 'The container of {{id}} does not mount the copy yet.',
      hint: 'Change the Compose file and recreate the service first.',
    },
    fr: {
      message: 'Le conteneur de {{id}} ne monte pas encore la copie.',
      hint: 'Modifiez d’abord le fichier Compose et recréez le service.',
    },
  },
  'models.odd-name': {
    code: 'CONFLICT',
    en: {
      message: 'A name in the folder cannot be copied safely: {{name}}',
      hint: 'Rename that file (it holds a line break or the like), then begin again. Nothing was changed.',
    },
    fr: {
      message: 'Un nom du dossier ne peut pas être copié sûrement : {{name}}',
      hint: 'Renommez ce fichier (il contient un saut de ligne ou autre), puis recommencez. Rien n’a été modifié.',
    },
  },
  'models.link': {
    code: 'CONFLICT',
    en: {
      message: '{{name}} in the folder is a link or no ordinary file.',
      hint: 'Put the file itself there, or take the link away, then begin again. Nothing was changed.',
    },
    fr: {
      message: '{{name}} dans le dossier est un lien ou n’est pas un fichier ordinaire.',
      hint: 'Mettez-y le fichier lui-même, ou retirez le lien, puis recommencez. Rien n’a été modifié.',
    },
  },
  'models.unreadable': {
    code: 'CONFLICT',
    en: {
      message: 'Parts of the folder cannot be read.',
      hint: 'Check the rights of the folder, then begin again. Nothing was changed.',
    },
    fr: {
      message: 'Une partie du dossier est illisible.',
      hint: 'Vérifiez les droits du dossier, puis recommencez. Rien n’a été modifié.',
    },
  },
  'models.cut-short': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{name}} could not be copied whole.',
      hint: 'The drive may be away, or the disk full. Begin again: it goes on from here. Nothing was switched.',
    },
    fr: {
      message: '{{name}} n’a pas pu être copié en entier.',
      hint: 'Le lecteur est peut-être absent, ou le disque plein. Recommencez : la copie reprend ici. Rien n’a changé pour le service.',
    },
  },
  'models.differs': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The copy of {{name}} is not the same as the original.',
      hint: 'Nothing was switched. Begin again: this file is copied anew. If it differs again, check the disk.',
    },
    fr: {
      message: 'La copie de {{name}} n’est pas identique à l’original.',
      hint: 'Rien n’a changé pour le service. Recommencez : ce fichier sera recopié. S’il diffère encore, vérifiez le disque.',
    },
  },
  'models.changed': {
    code: 'CONFLICT',
    en: {
      message: '{{name}} was changed or added while the folder was copied.',
      hint: 'Begin again: only what is new is copied. Nothing was switched.',
    },
    fr: {
      message: '{{name}} a été modifié ou ajouté pendant la copie du dossier.',
      hint: 'Recommencez : seul le nouveau est copié. Rien n’a changé pour le service.',
    },
  },
  'models.failed': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The copy failed for an unexpected reason.',
      hint: 'The panel’s log has more. Begin again: it goes on from here. Nothing was switched.',
    },
    fr: {
      message: 'La copie a échoué pour une raison inattendue.',
      hint: 'Le journal du panneau en dit plus. Recommencez : la copie reprend ici. Rien n’a changé pour le service.',
    },
  },
})
