import { defineProblems } from './define'

export const auditProblems = defineProblems({
  'audit.damaged': {
    code: 'CONFLICT',
    en: {
      message: 'The audit log was altered or damaged at line {{line}}.',
      hint: 'What precedes that line is still verified by its chain. Nothing was overwritten: compare the log with a backup, and ask who can write to the data folder.',
    },
    fr: {
      message: 'Le journal d’audit a été modifié ou endommagé à la ligne {{line}}.',
      hint: 'Ce qui précède cette ligne reste vérifié par sa chaîne. Rien n’a été écrasé : comparez le journal avec une sauvegarde, et voyez qui peut écrire dans le dossier de données.',
    },
  },
  'audit.cut': {
    code: 'CONFLICT',
    en: {
      message: 'The end of the audit log is missing, from line {{line}} on; entry {{known}} was the last.',
      hint: 'Lines were cut off, or an older copy was put in its place. What is left was not overwritten: compare it with a backup.',
    },
    fr: {
      message:
        'La fin du journal d’audit manque, à partir de la ligne {{line}} ; la dernière entrée était la {{known}}.',
      hint: 'Des lignes ont été coupées, ou une copie plus ancienne a été mise à sa place. Le reste n’a pas été écrasé : comparez-le avec une sauvegarde.',
    },
  },
  'audit.replaced': {
    code: 'CONFLICT',
    en: {
      message: 'The audit log is not the one that Regie wrote: it differs at line {{line}} at the latest.',
      hint: 'The log was rewritten or replaced. It was kept, not overwritten: compare it with a backup.',
    },
    fr: {
      message:
        'Un autre journal d’audit se trouve à la place de celui de Regie : il diffère au plus tard à la ligne {{line}}.',
      hint: 'Le journal a été réécrit ou échangé. Il a été conservé, pas écrasé : comparez-le avec une sauvegarde.',
    },
  },
  'audit.gone': {
    code: 'CONFLICT',
    en: {
      message: 'The audit log is gone; entry {{known}} was the last.',
      hint: 'The file was removed or emptied. Restore it from a backup beside the new one, and ask who can write to the data folder.',
    },
    fr: {
      message: 'Le journal d’audit a disparu ; la dernière entrée était la {{known}}.',
      hint: 'Le fichier a été supprimé ou vidé. Reprenez-le d’une sauvegarde à côté du nouveau, et voyez qui peut écrire dans le dossier de données.',
    },
  },
  'audit.head-gone': {
    code: 'CONFLICT',
    en: {
      message: 'The note of the audit log’s last entry was gone: an end that was cut off would not show.',
      hint: 'A new note was created. Compare the last entries with a backup, and ask who can write to the data folder.',
    },
    fr: {
      message: 'La note de la dernière entrée du journal d’audit avait disparu : une fin coupée ne se verrait pas.',
      hint: 'Une nouvelle note a été faite. Comparez les dernières entrées avec une sauvegarde, et voyez qui peut écrire dans le dossier de données.',
    },
  },
  'audit.kept-aside': {
    code: 'CONFLICT',
    en: {
      message: 'The former audit log is kept as {{kept}}; a new one began, whose first entry names the break.',
      hint: 'Check it, then acknowledge the break on the Audit page.',
    },
    fr: {
      message:
        'L’ancien journal d’audit est conservé sous {{kept}} ; un nouveau a commencé, dont la première entrée nomme la rupture.',
      hint: 'Examinez-le, puis prenez acte de la rupture sur la page Audit.',
    },
  },
  'audit.repaired': {
    code: 'CONFLICT',
    en: {
      message: 'Regie ended in the middle of line {{line}} of the audit log; the half line was removed.',
      hint: 'Nothing to do: that is what a crash or a power cut leaves, and no whole entry is missing.',
    },
    fr: {
      message:
        'Regie s’est arrêté au milieu de la ligne {{line}} du journal d’audit ; la moitié de ligne a été retirée.',
      hint: 'Rien à faire : c’est ce que laisse un plantage ou une coupure, et aucune entrée entière ne manque.',
    },
  },
  'audit.write-failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The audit log {{path}} cannot be written ({{code}}).',
      hint: 'Nothing is done to credentials that cannot be written down. Check free space and rights of the data folder, then try again; no restart is needed.',
    },
    fr: {
      message: 'Le journal d’audit {{path}} ne peut pas être écrit ({{code}}).',
      hint: 'Rien n’est fait aux identifiants sans pouvoir être noté. Vérifiez l’espace libre et les droits du dossier de données, puis réessayez ; sans redémarrage.',
    },
  },
  'audit.owed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Entries of the audit log that could not be written yet: {{count}} ({{code}}).',
      hint: 'They are written as soon as {{path}} can be. Free some space on its disk before you end Regie.',
    },
    fr: {
      message: 'Entrées du journal d’audit pas encore écrites : {{count}} ({{code}}).',
      hint: 'Elles le seront dès que {{path}} pourra l’être. Libérez de l’espace sur son disque avant de quitter Regie.',
    },
  },
  'audit.nothing-to-acknowledge': {
    code: 'CONFLICT',
    en: { message: 'The audit log has no break.', hint: 'There is nothing to acknowledge.' },
    fr: { message: 'Le journal d’audit a commencé sans rupture.', hint: 'Il n’y a rien dont prendre acte.' },
  },
})
