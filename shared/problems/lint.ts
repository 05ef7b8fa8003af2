import { defineProblems } from './define'

/** What fails when Compose files are checked or mended, and what the linter’s fixes do. */
export const lintProblems = defineProblems({
  'lint.not-compose': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is no Compose service: it has no Compose file to check.',
      hint: 'Only services that run through Docker Compose have this page.',
    },
    fr: {
      message: '{{id}} n’est pas un service Compose : il n’y a pas de fichier Compose à vérifier.',
      hint: 'Seuls les services exécutés par Docker Compose ont cette page.',
    },
  },
  'lint.file-missing': {
    code: 'NOT_FOUND',
    en: {
      message: 'There is no readable Compose file at {{path}}.',
      hint: 'It was moved or deleted, is on another machine, or Regie is not allowed to read it. Restore it, or choose the file again in the service’s settings.',
    },
    fr: {
      message: 'Aucun fichier Compose lisible dans {{path}}.',
      hint: 'Il a été déplacé ou supprimé, se trouve sur une autre machine, ou Regie n’a pas le droit de le lire. Remettez-le, ou choisissez de nouveau le fichier dans les réglages du service.',
    },
  },
  'lint.changed': {
    code: 'CONFLICT',
    en: {
      message: '{{name}} was changed since it was shown.',
      hint: 'Nothing was written. Look at the findings again, then apply the fix.',
    },
    fr: {
      message: '{{name}} a été modifié depuis son affichage.',
      hint: 'Rien n’a été écrit. Regardez de nouveau les constats, puis appliquez la correction.',
    },
  },
  'lint.no-such-fix': {
    code: 'NOT_FOUND',
    en: {
      message: 'This fix is no longer available.',
      hint: 'Nothing was written. Look at the findings again: what it was for may be gone.',
    },
    fr: {
      message: 'Cette correction n’existe plus.',
      hint: 'Rien n’a été écrit. Regardez de nouveau les constats : le problème a peut-être disparu.',
    },
  },
  'lint.refused-by-compose': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Compose does not accept the files with this change; it was rolled back.',
      hint: 'Compose said: {{detail}}',
    },
    fr: {
      message: 'Compose n’accepte pas les fichiers ainsi modifiés ; la modification a été annulée.',
      hint: 'Compose a dit : {{detail}}',
    },
  },
  'lint.write-failed': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} could not be written ({{code}}).',
      hint: 'Every file is as it was before. Check the rights on the file and its folder, then try again.',
    },
    fr: {
      message: '{{name}} n’a pas pu être écrit ({{code}}).',
      hint: 'Tous les fichiers sont comme avant. Vérifiez les droits sur le fichier et son dossier, puis réessayez.',
    },
  },
  'lint.undo-gone': {
    code: 'CONFLICT',
    en: {
      message: 'This change can no longer be rolled back.',
      hint: 'A file was changed after it, or it was rolled back already. Nothing was written.',
    },
    fr: {
      message: 'Cette modification ne peut plus être annulée.',
      hint: 'Un fichier a été modifié depuis, ou elle a déjà été annulée. Rien n’a été écrit.',
    },
  },
  'lint.fix-quote': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Put the value into single quotes.',
      hint: 'The value itself stays as it is; every Compose then reads the same.',
    },
    fr: {
      message: 'Mettre la valeur entre guillemets simples.',
      hint: 'La valeur elle-même ne change pas ; tous les Compose lisent alors la même chose.',
    },
  },
  'lint.fix-double-dollar': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Double the “$”.', hint: 'The container then gets a single one.' },
    fr: { message: 'Doubler le « $ ».', hint: 'Le conteneur en reçoit alors un seul.' },
  },
  'lint.fix-line-ends': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Change the line endings to those of Linux.', hint: 'Nothing else changes.' },
    fr: { message: 'Passer aux fins de ligne de Linux.', hint: 'Rien d’autre ne change.' },
  },
  'lint.fix-bom': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Take the byte order mark away.', hint: 'Nothing else changes.' },
    fr: { message: 'Retirer la marque d’ordre des octets.', hint: 'Rien d’autre ne change.' },
  },
  'lint.fix-version': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Remove the line.', hint: 'Compose reads the file as before, without the warning.' },
    fr: { message: 'Supprimer la ligne.', hint: 'Compose lit le fichier comme avant, sans l’avertissement.' },
  },
  'lint.fix-require': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Refuse to start while it is empty.', hint: 'Compose stops with a message that names the key.' },
    fr: {
      message: 'Refuser de démarrer tant qu’elle est vide.',
      hint: 'Compose s’arrête avec un message qui nomme la clé.',
    },
  },
  'lint.fix-move-secret': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Move the value to .env.',
      hint: 'It stays in the history of the repository, if it was committed: rotate it as well.',
    },
    fr: {
      message: 'Déplacer la valeur vers .env.',
      hint: 'Elle reste dans l’historique du dépôt si elle a été versionnée : renouvelez-la aussi.',
    },
  },
  'lint.fix-rename': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Use COMFYUI_API_TOKEN.', hint: 'The value stays; only the name changes.' },
    fr: { message: 'Utiliser COMFYUI_API_TOKEN.', hint: 'La valeur reste ; seul le nom change.' },
  },
  'lint.fix-mount-folder': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Mount the folder {{folder}}.',
      hint: 'It contains nothing else. The container sees a new file at once.',
    },
    fr: {
      message: 'Monter le dossier {{folder}}.',
      hint: 'Il ne contient rien d’autre. Le conteneur voit aussitôt un nouveau fichier.',
    },
  },
  'lint.fix-no-folder': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Let Docker refuse to start without the file.',
      hint: 'The mount is written in its long form, which makes no folder.',
    },
    fr: {
      message: 'Laisser Docker refuser de démarrer sans le fichier.',
      hint: 'Le montage est écrit sous sa forme longue, qui ne crée pas de dossier.',
    },
  },
  'lint.fix-make-folder': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Make the folder now.', hint: 'It belongs to the account that runs Regie.' },
    fr: { message: 'Créer le dossier maintenant.', hint: 'Il appartient à qui exécute Regie.' },
  },
  'lint.fix-api-auth': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Ask for the same login at the API.',
      hint: 'Clients of the API must send it from then on, idle monitors too.',
    },
    fr: {
      message: 'Demander le même compte pour l’API.',
      hint: 'Les clients de l’API doivent l’envoyer désormais, moniteurs d’inactivité compris.',
    },
  },
  'lint.fix-gpu': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Use {{name}} ({{short}}).',
      hint: 'Named by UUID in device_ids and CUDA_VISIBLE_DEVICES, with CUDA_DEVICE_ORDER=PCI_BUS_ID.',
    },
    fr: {
      message: 'Utiliser {{name}} ({{short}}).',
      hint: 'Nommée par UUID dans device_ids et CUDA_VISIBLE_DEVICES, avec CUDA_DEVICE_ORDER=PCI_BUS_ID.',
    },
  },
  'lint.fix-capabilities': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Add capabilities: [gpu].', hint: 'Compose accepts the file then.' },
    fr: { message: 'Ajouter capabilities: [gpu].', hint: 'Compose accepte alors le fichier.' },
  },
  'lint.fix-count': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Remove count.', hint: 'device_ids alone decides.' },
    fr: { message: 'Retirer count.', hint: 'device_ids décide seul.' },
  },
  'lint.fix-loopback': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Listen on 127.0.0.1 only.', hint: 'Other machines no longer reach the port directly.' },
    fr: { message: 'N’écouter que sur 127.0.0.1.', hint: 'Les autres machines n’atteignent plus le port directement.' },
  },
  'lint.fix-digest': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Pin the image that runs now.', hint: 'By its digest; to update, change the line manually.' },
    fr: {
      message: 'Figer l’image qui tourne maintenant.',
      hint: 'Par son empreinte ; pour mettre à jour, modifiez la ligne à la main.',
    },
  },
  'lint.fix-privileges': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Add no-new-privileges.', hint: 'If the start script needs sudo, take it back.' },
    fr: { message: 'Ajouter no-new-privileges.', hint: 'Si le script de démarrage a besoin de sudo, annulez.' },
  },
  'lint.fix-log-size': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Keep five files of 10 MB at most.', hint: 'Older lines are dropped.' },
    fr: { message: 'Garder au plus cinq fichiers de 10 Mo.', hint: 'Les lignes plus anciennes disparaissent.' },
  },
  'lint.fix-restart': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Restart unless stopped.', hint: 'After a crash and after a reboot.' },
    fr: { message: 'Redémarrer sauf arrêt voulu.', hint: 'Après un plantage et après un redémarrage de la machine.' },
  },
})
