import { defineProblems } from './define'

export const updateProblems = defineProblems({
  'updates.not-a-stack': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} was not made from one of Regie’s stacks, or its files were changed too much to tell.',
      hint: 'Update it as it was made; Regie updates only what it knows whole.',
    },
    fr: {
      message: '{{id}} ne vient pas d’une des stacks de Regie, ou ses fichiers ont trop changé pour le dire.',
      hint: 'Mettez-le à jour comme il a été fait ; Regie ne met à jour que ce qu’il connaît en entier.',
    },
  },
  'updates.up-to-date': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is at version {{version}} already, the newest that this Regie brings.',
      hint: 'Nothing to do.',
    },
    fr: {
      message: '{{id}} est déjà en version {{version}}, la plus récente de ce Regie.',
      hint: 'Rien à faire.',
    },
  },
  'updates.made-later': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} was made by a later Regie: it is at version {{version}}, and this Regie brings {{own}}.',
      hint: 'Update Regie. An update never leads to an earlier version.',
    },
    fr: {
      message: '{{id}} vient d’un Regie plus récent : il est en version {{version}}, et ce Regie apporte {{own}}.',
      hint: 'Mettez Regie à jour. Une mise à jour ne mène jamais à une version antérieure.',
    },
  },
  'updates.other-stack': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is another stack by now: this update was of the one in {{folder}}.',
      hint: 'Keep it for good, which removes its old image. The service that has the id now is left as it is.',
    },
    fr: {
      message: '{{id}} est désormais un autre stack : cette mise à jour concernait celui de {{folder}}.',
      hint: 'Gardez-la définitivement, ce qui retire son ancienne image. Le service qui porte l’id reste tel quel.',
    },
  },
  'updates.not-running': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} does not answer, so it cannot be told what works today and must work after the update.',
      hint: 'Start it, wait until it is ready, then update.',
    },
    fr: {
      message: '{{id}} ne répond pas : impossible de savoir ce qui marche aujourd’hui et doit marcher ensuite.',
      hint: 'Démarrez-le, attendez qu’il soit prêt, puis mettez-le à jour.',
    },
  },
  'updates.no-credential': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} has no credential, so it could not be verified that the new version is protected.',
      hint: 'Give the service its credential, then update.',
    },
    fr: {
      message: '{{id}} n’a pas d’identifiant : impossible de vérifier que la nouvelle version est protégée.',
      hint: 'Donnez au service son identifiant, puis mettez-le à jour.',
    },
  },
  'updates.running': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is being updated or brought back.',
      hint: 'Wait until that has ended, or roll the update back.',
    },
    fr: {
      message: '{{id}} est en cours de mise à jour ou de retour en arrière.',
      hint: 'Attendez la fin, ou annulez la mise à jour.',
    },
  },
  'updates.undecided': {
    code: 'CONFLICT',
    en: {
      message: 'The last update of {{id}} can still be undone.',
      hint: 'Keep it for good or undo it before the next one.',
    },
    fr: {
      message: 'La dernière mise à jour de {{id}} peut encore être annulée.',
      hint: 'Gardez-la pour de bon ou annulez-la avant la suivante.',
    },
  },
  'updates.generating': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is making an image: running or waiting {{count}}.',
      hint: 'Wait until nothing runs, then update. An update interrupts no image.',
    },
    fr: {
      message: '{{id}} génère une image : {{count}} en cours ou en attente.',
      hint: 'Attendez que plus rien ne tourne. Une mise à jour n’interrompt aucune image.',
    },
  },
  'updates.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'No update with the id {{id}} is known.', hint: 'List the updates again.' },
    fr: { message: 'Aucune mise à jour d’id {{id}} n’est connue.', hint: 'Relisez la liste des mises à jour.' },
  },
  'updates.offer-changed': {
    code: 'CONFLICT',
    en: {
      message: 'Version {{to}} was asked for, and {{offered}} is offered.',
      hint: 'Look at the offer again, then decide.',
    },
    fr: {
      message: 'La version {{to}} a été demandée, et {{offered}} est proposée.',
      hint: 'Relisez la proposition, puis décidez.',
    },
  },
  'updates.files-undecided': {
    code: 'CONFLICT',
    en: {
      message: 'You changed files that the new version has too: {{files}}.',
      hint: 'Say for each whether it is kept or replaced.',
    },
    fr: {
      message: 'Vous avez modifié des fichiers que la nouvelle version contient aussi : {{files}}.',
      hint: 'Dites pour chacun s’il est gardé ou remplacé.',
    },
  },
  'updates.files-unreadable': {
    code: 'CONFLICT',
    en: {
      message: 'The files of {{id}} in {{folder}} cannot be read ({{code}}).',
      hint: 'Make the folder readable and writable for whoever runs Regie.',
    },
    fr: {
      message: 'Les fichiers de {{id}} dans {{folder}} ne peuvent pas être lus ({{code}}).',
      hint: 'Rendez le dossier lisible et modifiable pour qui exécute Regie.',
    },
  },
  'updates.card-too-small': {
    code: 'CONFLICT',
    en: {
      message: 'The card does not hold both versions: about {{needed}} MiB are needed and {{free}} MiB are free.',
      hint: 'Allow that the old version stands still while the new one is tried.',
    },
    fr: {
      message: 'La carte ne contient pas les deux versions : il faut environ {{needed}} Mio, {{free}} Mio sont libres.',
      hint: 'Permettez que l’ancienne version s’arrête pendant l’essai de la nouvelle.',
    },
  },
  'updates.no-port': {
    code: 'CONFLICT',
    en: {
      message: 'The new version’s files publish no port {{port}}, where the service is reached.',
      hint: 'Let the Compose files and the service’s address name the same port, then begin again.',
    },
    fr: {
      message: 'Les fichiers de la nouvelle version ne publient pas le port {{port}}, où le service est joint.',
      hint: 'Faites nommer le même port par les fichiers Compose et l’adresse du service, puis recommencez.',
    },
  },
  'updates.cancelled': {
    code: 'CONFLICT',
    en: { message: 'The update was cancelled.', hint: 'Nothing to do: the old version answers.' },
    fr: { message: 'La mise à jour a été annulée.', hint: 'Rien à faire : l’ancienne version répond.' },
  },
  'updates.interrupted': {
    code: 'CONFLICT',
    en: {
      message: 'Regie ended in the middle of the update.',
      hint: 'Nothing to do: the old version was brought back. Begin again when you like.',
    },
    fr: {
      message: 'Regie s’est arrêté au milieu de la mise à jour.',
      hint: 'Rien à faire : l’ancienne version est revenue. Recommencez quand vous voulez.',
    },
  },
  'updates.unexpected': {
    code: 'CONFLICT',
    en: { message: 'The update failed unexpectedly.', hint: 'The log of the panel tells more. Begin again.' },
    fr: {
      message: 'La mise à jour a échoué de façon inattendue.',
      hint: 'Le journal du panneau en dit plus. Recommencez.',
    },
  },
  'updates.not-built': {
    code: 'CONFLICT',
    en: {
      message: 'The build ended, but its image {{image}} is not there.',
      hint: 'Somebody may have removed it. Begin again.',
    },
    fr: {
      message: 'La construction est finie, mais son image {{image}} n’est pas là.',
      hint: 'Quelqu’un l’a peut-être supprimée. Recommencez.',
    },
  },
  'updates.ended': {
    code: 'CONFLICT',
    en: {
      message: 'The new version ended unexpectedly, with exit code {{code}}.',
      hint: 'Read the last lines of its log at the failed step.',
    },
    fr: {
      message: 'La nouvelle version s’est arrêtée d’elle-même, avec le code {{code}}.',
      hint: 'Lisez les dernières lignes de son journal à l’étape en échec.',
    },
  },
  'updates.silent': {
    code: 'CONFLICT',
    en: {
      message: 'The new version did not answer within {{seconds}} s.',
      hint: 'Read the last lines of its log at the failed step.',
    },
    fr: {
      message: 'La nouvelle version n’a pas répondu en {{seconds}} s.',
      hint: 'Lisez les dernières lignes de son journal à l’étape en échec.',
    },
  },
  'updates.files-changed': {
    code: 'CONFLICT',
    en: {
      message: 'Files of the stack were changed while it was updated: {{files}}.',
      hint: 'Nothing was overwritten. Look at the offer again, then decide.',
    },
    fr: {
      message: 'Des fichiers de la stack ont changé pendant la mise à jour : {{files}}.',
      hint: 'Rien n’a été écrasé. Relisez la proposition, puis décidez.',
    },
  },
  'updates.old-stopped': {
    code: 'CONFLICT',
    en: {
      message: 'The old version of {{id}} was stopped or removed by somebody while it was updated.',
      hint: 'Start it if you want it, then begin again.',
    },
    fr: {
      message: 'L’ancienne version de {{id}} a été arrêtée ou supprimée par quelqu’un pendant la mise à jour.',
      hint: 'Démarrez-la si vous la voulez, puis recommencez.',
    },
  },
  'updates.secret-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The credential of {{id}} was changed while it was updated.',
      hint: 'Nothing to do: the old version answers with the new secret. Begin again.',
    },
    fr: {
      message: 'L’identifiant de {{id}} a changé pendant la mise à jour.',
      hint: 'Rien à faire : l’ancienne version répond avec le nouveau secret. Recommencez.',
    },
  },
  'updates.image-gone': {
    code: 'CONFLICT',
    en: {
      message: 'The image of the old version is not there any more, so it cannot be brought back.',
      hint: 'The new version was left as it is. Building the old files again needs a network: put them back by hand.',
    },
    fr: {
      message: 'L’image de l’ancienne version n’est plus là : impossible d’y revenir.',
      hint: 'La nouvelle version a été laissée telle quelle. Reconstruire l’ancienne demande le réseau, à la main.',
    },
  },
  'updates.snapshot-gone': {
    code: 'CONFLICT',
    en: {
      message: 'The snapshot of {{file}} is not there any more.',
      hint: 'Put the file back by hand, then roll back again.',
    },
    fr: {
      message: 'L’instantané de {{file}} n’est plus là.',
      hint: 'Remettez le fichier à la main, puis annulez de nouveau.',
    },
  },
  'updates.cannot-undo': {
    code: 'CONFLICT',
    en: {
      message: 'There is nothing to roll back: this update has ended for good.',
      hint: 'Look at how it ended in the list of updates.',
    },
    fr: {
      message: 'Il n’y a rien à annuler : cette mise à jour est terminée pour de bon.',
      hint: 'La liste des mises à jour dit comment elle s’est terminée.',
    },
  },
  'updates.cannot-keep': {
    code: 'CONFLICT',
    en: {
      message: 'Only an update whose new version answers can be kept for good.',
      hint: 'Wait until it has switched.',
    },
    fr: {
      message: 'Seule une mise à jour dont la nouvelle version répond peut être gardée pour de bon.',
      hint: 'Attendez la bascule.',
    },
  },
  'updates.not-back': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} could not be brought back to its old version: {{cause}}',
      hint: 'Fix that, then roll back again; the snapshot and the old image are kept.',
    },
    fr: {
      message: '{{id}} n’a pas pu revenir à son ancienne version : {{cause}}',
      hint: 'Réparez cela, puis annulez de nouveau ; l’instantané et l’ancienne image sont gardés.',
    },
  },
  'updates.waiting': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'An update of {{id}} was cut off, and Docker is not there to bring it back.',
      hint: 'Start Docker: Regie then continues automatically.',
    },
    fr: {
      message: 'Une mise à jour de {{id}} a été coupée, et Docker n’est pas là pour y revenir.',
      hint: 'Démarrez Docker : Regie continue ensuite automatiquement.',
    },
  },
})
