import { defineProblems } from './define'

/** Backups of everything that Regie knows, and their restoring. */
export const backupProblems = defineProblems({
  'backup.not-set-up': {
    code: 'CONFLICT',
    en: {
      message: 'Backups have no folder yet, or nothing that opens them.',
      hint: 'Choose a folder, and a passphrase or an age recipient, in the settings of the backups.',
    },
    fr: {
      message: 'Les sauvegardes n’ont pas encore de dossier, ou rien qui les ouvre.',
      hint: 'Choisissez un dossier, et une phrase secrète ou un destinataire age, dans les réglages des sauvegardes.',
    },
  },
  'backup.running': {
    code: 'CONFLICT',
    en: {
      message: 'Something is already being done with the backups.',
      hint: 'Wait until it has ended, or cancel it.',
    },
    fr: {
      message: 'Une opération sur les sauvegardes est déjà en cours.',
      hint: 'Attendez qu’elle se termine, ou annulez-la.',
    },
  },
  'backup.cancelled': {
    code: 'CONFLICT',
    en: { message: 'It was cancelled.', hint: 'Nothing was changed; begin it again when you like.' },
    fr: { message: 'L’opération a été annulée.', hint: 'Rien n’a été modifié ; recommencez quand vous voulez.' },
  },
  'backup.failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The backup could not be made.', hint: 'The log of the panel says why.' },
    fr: { message: 'La sauvegarde n’a pas pu être faite.', hint: 'Le journal du panneau en donne la raison.' },
  },
  'backup.folder': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '“{{folder}}” is not the full path of a folder on this system.',
      hint: 'Write it from its root on, as /mnt/backups or D:\\Backups.',
    },
    fr: {
      message: '« {{folder}} » n’est pas le chemin complet d’un dossier sur ce système.',
      hint: 'Écrivez-le depuis sa racine, par exemple /mnt/backups ou D:\\Sauvegardes.',
    },
  },
  'backup.folder-inside': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{folder}} lies in the data folder {{root}}.',
      hint: 'Choose a folder elsewhere, best on another disk: a backup must not be lost with what it is of.',
    },
    fr: {
      message: '{{folder}} se trouve dans le dossier de données {{root}}.',
      hint: 'Choisissez un dossier ailleurs, de préférence sur un autre disque : une sauvegarde ne doit pas être perdue avec l’original.',
    },
  },
  'backup.folder-missing': {
    code: 'CONFLICT',
    en: {
      message: 'The folder {{folder}} cannot be used ({{code}}).',
      hint: 'Connect its disk, or check that Regie may write there.',
    },
    fr: {
      message: 'Le dossier {{folder}} n’est pas utilisable ({{code}}).',
      hint: 'Branchez son disque, ou vérifiez que Regie a le droit d’y écrire.',
    },
  },
  'backup.no-room': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{folder}} has {{free}} MB free; {{needed}} MB are needed.',
      hint: 'Make room there, keep fewer backups, or make them without images.',
    },
    fr: {
      message: '{{folder}} a {{free}} Mo libres ; il en faut {{needed}}.',
      hint: 'Libérez de la place, conservez moins de sauvegardes, ou n’y mettez pas les images.',
    },
  },
  'backup.changed': {
    code: 'CONFLICT',
    en: { message: '{{name}} changed while it was read.', hint: 'Begin again.' },
    fr: { message: '{{name}} a changé pendant la lecture.', hint: 'Recommencez.' },
  },
  'backup.recipient': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'That is no recipient of age.',
      hint: 'Give the line that begins with age1, as age-keygen prints it.',
    },
    fr: {
      message: 'Ce n’est pas un destinataire age.',
      hint: 'Indiquez la ligne qui commence par age1, telle que age-keygen l’affiche.',
    },
  },
  'backup.wrong-key': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This does not open the backup.',
      hint: 'Give the passphrase, or the identity, that was set when it was made.',
    },
    fr: {
      message: 'Ceci n’ouvre pas la sauvegarde.',
      hint: 'Indiquez la phrase secrète ou l’identité définie au moment où elle a été faite.',
    },
  },
  'backup.key-kind': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This backup was made for an age identity, and has no passphrase.',
      hint: 'Give the identity: the file with the line AGE-SECRET-KEY-1.',
    },
    fr: {
      message: 'Cette sauvegarde a été faite pour une identité age et n’a pas de phrase secrète.',
      hint: 'Indiquez l’identité : le fichier contenant la ligne AGE-SECRET-KEY-1.',
    },
  },
  'backup.key-cost': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This backup asks for more work than Regie does for a passphrase ({{cost}}).',
      hint: 'Regie made none like it. Open its identity with the program age, and give that.',
    },
    fr: {
      message: 'Cette sauvegarde demande plus de calcul que Regie n’en accorde à une phrase secrète ({{cost}}).',
      hint: 'Regie n’en fait pas de telles. Ouvrez son identité avec le programme age et indiquez-la.',
    },
  },
  'backup.not-one': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{file}} is no backup of Regie’s.',
      hint: 'Choose a file whose name ends in .tar.age, as Regie wrote it.',
    },
    fr: {
      message: '{{file}} n’est pas une sauvegarde de Regie.',
      hint: 'Choisissez un fichier dont le nom finit par .tar.age, tel que Regie l’a écrit.',
    },
  },
  'backup.damaged': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The backup is damaged: not every byte is as it was written.',
      hint: 'Take another backup, or another copy of this one.',
    },
    fr: {
      message: 'La sauvegarde est endommagée : certains octets ont changé depuis l’écriture.',
      hint: 'Prenez une autre sauvegarde, ou une autre copie de celle-ci.',
    },
  },
  'backup.name': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The backup holds “{{name}}”, which has no place in a data folder.',
      hint: 'Regie made none like it; nothing was written. Take another backup.',
    },
    fr: {
      message: 'La sauvegarde contient « {{name}} », qui n’a pas sa place dans un dossier de données.',
      hint: 'Regie n’en fait pas de telles ; rien n’a été écrit. Prenez une autre sauvegarde.',
    },
  },
  'backup.newer': {
    code: 'CONFLICT',
    en: {
      message: 'The backup was made by Regie {{version}}, which is newer.',
      hint: 'Install that version or a later one, and restore it there.',
    },
    fr: {
      message: 'La sauvegarde a été faite par Regie {{version}}, une version plus récente.',
      hint: 'Installez cette version ou une plus récente, puis restaurez-la.',
    },
  },
  'backup.too-large': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'A part of the backup is larger than any that Regie writes.', hint: 'Take another backup.' },
    fr: {
      message: 'Une partie de la sauvegarde dépasse tout ce que Regie écrit.',
      hint: 'Prenez une autre sauvegarde.',
    },
  },
  'backup.unsound': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} in the backup cannot be opened.',
      hint: 'Take an earlier backup; check the original, which may be damaged too.',
    },
    fr: {
      message: '{{name}} dans la sauvegarde ne peut pas être ouvert.',
      hint: 'Prenez une sauvegarde antérieure ; l’original est peut-être endommagé aussi, vérifiez-le.',
    },
  },
  'backup.needs-passphrase': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The restored vault needs a passphrase of its own.',
      hint: 'Give one: nothing on this machine keeps its key otherwise.',
    },
    fr: {
      message: 'Le coffre restauré a besoin de sa propre phrase secrète.',
      hint: 'Indiquez-en une : rien d’autre sur cette machine ne garde sa clé.',
    },
  },
  'backup.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no backup {{name}}.', hint: 'Read the list again; it may have been removed.' },
    fr: { message: 'Il n’y a pas de sauvegarde {{name}}.', hint: 'Relisez la liste ; elle a peut-être été supprimée.' },
  },
  'backup.not-removed': {
    code: 'CONFLICT',
    en: { message: '{{name}} could not be removed ({{code}}).', hint: 'Check that Regie may write in its folder.' },
    fr: {
      message: '{{name}} n’a pas pu être supprimée ({{code}}).',
      hint: 'Vérifiez que Regie a le droit d’écrire dans son dossier.',
    },
  },
  'backup.not-backed-up': {
    code: 'CONFLICT',
    en: { message: 'What there is now could not be backed up first: {{why}}', hint: 'Fix that, then restore.' },
    fr: {
      message: 'L’état actuel n’a pas pu être sauvegardé d’abord : {{why}}',
      hint: 'Corrigez cela, puis restaurez.',
    },
  },
  'backup.nothing-ready': {
    code: 'CONFLICT',
    en: { message: 'No restoring is ready.', hint: 'Choose a backup and restore it.' },
    fr: { message: 'Aucune restauration n’est prête.', hint: 'Choisissez une sauvegarde et restaurez-la.' },
  },
  'backup.restore-unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'What is left of a restoring cannot be read: {{file}}.',
      hint: 'Remove its folder to stay with the data that there is.',
    },
    fr: {
      message: 'Ce qui reste d’une restauration est illisible : {{file}}.',
      hint: 'Supprimez son dossier pour garder les données actuelles.',
    },
  },
  'backup.restore-stuck': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The restoring cannot go on in {{folder}} ({{code}}).',
      hint: 'Nothing is opened before it has: close what uses the folder, check its rights, and start Regie again.',
    },
    fr: {
      message: 'La restauration ne peut pas continuer dans {{folder}} ({{code}}).',
      hint: 'Rien n’est ouvert avant sa fin : fermez ce qui utilise le dossier, vérifiez ses droits, puis relancez Regie.',
    },
  },
  'backup.restore-begun': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'A restoring stands half done in {{folder}}.',
      hint: 'Start Regie on this folder: it goes on with it. Then restore what you like.',
    },
    fr: {
      message: 'Une restauration est à moitié faite dans {{folder}}.',
      hint: 'Démarrez Regie sur ce dossier : elle la poursuit. Restaurez ensuite ce que vous voulez.',
    },
  },
  'backup.restored': {
    code: 'CONFLICT',
    en: {
      message: 'This is the backup of {{at}}, restored at this start.',
      hint: 'What it replaced lies in {{kept}}. Everybody signs in again.',
    },
    fr: {
      message: 'Ceci est la sauvegarde du {{at}}, restaurée à ce démarrage.',
      hint: 'Ce qu’elle a remplacé se trouve dans {{kept}}. Chacun doit se reconnecter.',
    },
  },
  'backup.ended-kept': {
    code: 'CONFLICT',
    en: {
      message: 'What was ended since that backup stays ended: {{names}} ({{count}} in all).',
      hint: 'The audit log lists each. Give again on the page People what was meant to come back.',
    },
    fr: {
      message: 'Ce qui a été révoqué depuis cette sauvegarde le reste : {{names}} ({{count}} en tout).',
      hint: 'Le journal d’audit en donne la liste. Redonnez depuis la page Personnes ce qui devait revenir.',
    },
  },
  'backup.ended-revived': {
    code: 'CONFLICT',
    en: {
      message: 'With the backup came back what was ended since: {{names}} ({{count}} in all).',
      hint: 'The audit log lists each. End again on the page People what nobody should have.',
    },
    fr: {
      message: 'Avec la sauvegarde est revenu ce qui avait été révoqué depuis : {{names}} ({{count}} en tout).',
      hint: 'Le journal d’audit en donne la liste. Révoquez à nouveau depuis la page Personnes ce que personne ne doit avoir.',
    },
  },
  'backup.ended-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'What was ended since that backup is not known here.',
      hint: 'People and keys are as they were then: suspend, remove and end again what was since.',
    },
    fr: {
      message: 'Ce qui a été révoqué depuis cette sauvegarde n’est pas connu ici.',
      hint: 'Les personnes et les clés sont celles d’alors : suspendez, supprimez ou révoquez à nouveau ce qui l’a été depuis.',
    },
  },
  'backup.files-not-written': {
    code: 'CONFLICT',
    en: {
      message: 'Of the restored files outside the data folder, {{count}} could not be written: {{first}}.',
      hint: 'Write them by hand, or write the secrets back on the page Credentials.',
    },
    fr: {
      message:
        'Parmi les fichiers restaurés hors du dossier de données, {{count}} n’ont pas pu être écrits : {{first}}.',
      hint: 'Écrivez-les à la main, ou réécrivez les secrets depuis la page Identifiants.',
    },
  },
  'attention.backup-failed': {
    code: 'CONFLICT',
    en: { message: 'The last backup came to nothing: {{why}}', hint: 'Fix that, and make one now.' },
    fr: { message: 'La dernière sauvegarde a échoué : {{why}}', hint: 'Corrigez cela, puis faites-en une maintenant.' },
  },
  'attention.backup-incomplete': {
    code: 'CONFLICT',
    en: {
      message: 'The last backup is incomplete: {{first}} did not go in ({{count}} in all).',
      hint: 'See why on the page Backups, fix it, and make one now.',
    },
    fr: {
      message: 'La dernière sauvegarde est incomplète : {{first}} n’a pas pu y entrer ({{count}} en tout).',
      hint: 'Voyez pourquoi sur la page Sauvegardes, corrigez, puis faites-en une maintenant.',
    },
  },
  'attention.backup-overdue': {
    code: 'CONFLICT',
    en: {
      message: 'No backup has been made for {{hours}} h.',
      hint: 'Look at its folder and at the vault, and make one now.',
    },
    fr: {
      message: 'Aucune sauvegarde n’a été faite depuis {{hours}} h.',
      hint: 'Vérifiez son dossier et le coffre, puis faites-en une maintenant.',
    },
  },
})
