import { defineProblems } from './define'

export const releaseProblems = defineProblems({
  'release.available': {
    code: 'CONFLICT',
    en: {
      message: 'Regie {{version}} is available at {{address}}.',
      hint: 'See Settings › Regie updates. Nothing is installed while a rotation, a job or an update is running.',
    },
    fr: {
      message: 'Regie {{version}} est disponible à l’adresse {{address}}.',
      hint: 'Voyez Réglages › Mises à jour de Regie. Rien n’est installé pendant un renouvellement, une tâche ou une mise à jour.',
    },
  },
  'release.refused': {
    code: 'CONFLICT',
    en: {
      message: 'The update feed of Regie was refused ({{detail}}).',
      hint: 'Check the address of the feed in Settings › Regie updates (or REGIE_UPDATE_FEED) and who answers there. Until it answers as it should, no new version is announced.',
    },
    fr: {
      message: 'Le flux de mises à jour de Regie a été refusé ({{detail}}).',
      hint: 'Vérifiez l’adresse du flux dans Réglages › Mises à jour de Regie (ou REGIE_UPDATE_FEED) et qui répond à cette adresse. Tant que la réponse n’est pas correcte, aucune nouvelle version n’est annoncée.',
    },
  },
  'release.not-installed': {
    code: 'CONFLICT',
    en: {
      message: 'Regie {{version}} was to be installed, but {{current}} is still running.',
      hint: 'Try again in Settings › Regie updates, or install the new version yourself. It is not tried again automatically.',
    },
    fr: {
      message: 'Regie {{version}} devait être installée, mais {{current}} est toujours en service.',
      hint: 'Réessayez dans Réglages › Mises à jour de Regie, ou installez la nouvelle version vous-même. Aucun nouvel essai automatique n’aura lieu.',
    },
  },
  'release.feed-invalid': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This is not the address of an update feed.',
      hint: 'Enter an address that begins with https:// and has no username, question mark or hash in it.',
    },
    fr: {
      message: 'Ce n’est pas l’adresse d’un flux de mises à jour.',
      hint: 'Saisissez une adresse qui commence par https://, sans nom d’utilisateur, point d’interrogation ni dièse.',
    },
  },
  'release.fixed': {
    code: 'CONFLICT',
    en: {
      message: '{{variable}} determines this.',
      hint: 'Remove it from the environment in which Regie is started, then change it here.',
    },
    fr: {
      message: '{{variable}} en décide.',
      hint: 'Retirez-la de l’environnement dans lequel Regie est démarré, puis modifiez ce réglage ici.',
    },
  },
  'release.no-feed': {
    code: 'CONFLICT',
    en: {
      message: 'No update feed is configured.',
      hint: 'Enter its address in Settings › Regie updates.',
    },
    fr: {
      message: 'Aucun flux de mises à jour n’est configuré.',
      hint: 'Saisissez son adresse dans Réglages › Mises à jour de Regie.',
    },
  },
  'release.nothing-offered': {
    code: 'CONFLICT',
    en: {
      message: 'There is no new version that can be downloaded from here.',
      hint: 'Look for a new version first. One without a valid signature is only announced.',
    },
    fr: {
      message: 'Aucune nouvelle version ne peut être téléchargée d’ici.',
      hint: 'Cherchez d’abord une nouvelle version. Une version sans signature valide est seulement annoncée.',
    },
  },
  'release.not-ready': {
    code: 'CONFLICT',
    en: {
      message: 'No new version is ready to install.',
      hint: 'Download it first in Settings › Regie updates.',
    },
    fr: {
      message: 'Aucune nouvelle version n’est prête à être installée.',
      hint: 'Téléchargez-la d’abord dans Réglages › Mises à jour de Regie.',
    },
  },
  'release.busy': {
    code: 'CONFLICT',
    en: {
      message: 'A job, a rotation, an update or a start is still running.',
      hint: 'Wait until it has ended, then try again. Nothing was changed.',
    },
    fr: {
      message: 'Une tâche, un renouvellement, une mise à jour ou un démarrage est encore en cours.',
      hint: 'Attendez que ce soit terminé, puis réessayez. Rien n’a été modifié.',
    },
  },
  'release.no-room': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The disk has no room for the new version.',
      hint: 'Free some space on the disk of the data folder, then try again. Nothing was downloaded.',
    },
    fr: {
      message: 'Le disque n’a pas assez de place pour la nouvelle version.',
      hint: 'Libérez de l’espace sur le disque du dossier de données, puis réessayez. Rien n’a été téléchargé.',
    },
  },
  'release.cut': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The download was interrupted.',
      hint: 'Try again; it goes on where it stopped.',
    },
    fr: {
      message: 'Le téléchargement a été interrompu.',
      hint: 'Réessayez ; il reprend là où il s’est arrêté.',
    },
  },
  'release.wrong-file': {
    code: 'CONFLICT',
    en: {
      message: 'What was downloaded is not the version that was signed.',
      hint: 'It was deleted and nothing was installed. Ask whoever publishes the feed before you try again.',
    },
    fr: {
      message: 'Ce qui a été téléchargé n’est pas la version qui a été signée.',
      hint: 'Le fichier a été supprimé et rien n’a été installé. Demandez à qui publie le flux avant de réessayer.',
    },
  },
  'release.failed': {
    code: 'CONFLICT',
    en: {
      message: 'The new version could not be installed ({{detail}}).',
      hint: 'The version that runs is unchanged. Install the new one yourself, or try again.',
    },
    fr: {
      message: 'La nouvelle version n’a pas pu être installée ({{detail}}).',
      hint: 'La version en service est inchangée. Installez la nouvelle vous-même, ou réessayez.',
    },
  },
  'release.no-key': {
    code: 'CONFLICT',
    en: {
      message: 'This build has no key by which new versions could be verified.',
      hint: 'Download and install a new version yourself.',
    },
    fr: {
      message: 'Cette version de Regie ne contient pas de clé pour vérifier de nouvelles versions.',
      hint: 'Téléchargez et installez une nouvelle version vous-même.',
    },
  },
  'release.not-here': {
    code: 'CONFLICT',
    en: {
      message: 'Only the installed desktop application can install new versions.',
      hint: 'Here, replace Regie the way it was installed.',
    },
    fr: {
      message: 'Seule l’application de bureau installée peut installer de nouvelles versions.',
      hint: 'Ici, remplacez Regie de la manière dont il a été installé.',
    },
  },
})
