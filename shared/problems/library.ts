import { defineProblems } from './define'

/** Files of models: where they lie, what becomes of them, and their downloads. */
export const libraryProblems = defineProblems({
  'library.external': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is managed externally: where its models are is not known.',
      hint: 'Look on the machine that runs it.',
    },
    fr: {
      message: '{{id}} est géré en dehors de Regie : l’emplacement de ses modèles est inconnu.',
      hint: 'Regardez sur la machine qui le fait tourner.',
    },
  },
  'library.nowhere': {
    code: 'CONFLICT',
    en: {
      message: 'Nothing says where {{id}} keeps its models.',
      hint: 'Create its container, or check its Compose files and its arguments.',
    },
    fr: {
      message: 'Rien ne dit où {{id}} garde ses modèles.',
      hint: 'Créez son conteneur, ou vérifiez ses fichiers Compose et ses arguments.',
    },
  },
  'library.gone': {
    code: 'CONFLICT',
    en: {
      message: 'The file is no longer there, or has changed.',
      hint: 'Rescan, then look again. Nothing was changed.',
    },
    fr: {
      message: 'Le fichier n’est plus là, ou a changé.',
      hint: 'Relisez les dossiers, puis regardez de nouveau. Rien n’a été modifié.',
    },
  },
  'library.link': {
    code: 'CONFLICT',
    en: {
      message: 'This name is a link to {{path}}, which has no model’s name.',
      hint: 'Nothing was changed. Delete the link where it is.',
    },
    fr: {
      message: 'Ce nom est un lien vers {{path}}, qui n’a pas le nom d’un modèle.',
      hint: 'Rien n’a été modifié. Supprimez le lien là où il se trouve.',
    },
  },
  'library.in-use': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} has jobs: its files are left alone.',
      hint: 'Wait until its jobs are done, or cancel them.',
    },
    fr: {
      message: '{{id}} a des travaux en cours : ses fichiers ne sont pas touchés.',
      hint: 'Attendez la fin de ses travaux, ou annulez-les.',
    },
  },
  'library.not-hashed': {
    code: 'CONFLICT',
    en: {
      message: 'The file is not hashed yet, so its copies are not known.',
      hint: 'Hash the files first.',
    },
    fr: {
      message: 'Le fichier n’est pas encore haché : ses copies ne sont pas connues.',
      hint: 'Hachez d’abord les fichiers.',
    },
  },
  'library.no-copies': {
    code: 'CONFLICT',
    en: {
      message: 'There are no other copies of this file.',
      hint: 'Rescan: they may have been shared or removed meanwhile.',
    },
    fr: {
      message: 'Ce fichier n’a pas d’autre copie.',
      hint: 'Relisez les dossiers : elles ont peut-être été partagées ou retirées entre-temps.',
    },
  },
  'library.other-disk': {
    code: 'CONFLICT',
    en: {
      message: 'The two folders are on different disks, which hard links cannot cross.',
      hint: 'Mount one shared folder in both services instead, then remove the copy.',
    },
    fr: {
      message: 'Les deux dossiers sont sur des disques différents, ce qu’un lien physique ne franchit pas.',
      hint: 'Montez plutôt un dossier commun dans les deux services, puis retirez la copie.',
    },
  },
  'library.read-only': {
    code: 'CONFLICT',
    en: {
      message: 'Regie may not write to one of the folders.',
      hint: 'Check the rights of both folders.',
    },
    fr: {
      message: 'Regie n’a pas le droit d’écrire dans l’un des dossiers.',
      hint: 'Vérifiez les droits des deux dossiers.',
    },
  },
  'library.no-links': {
    code: 'CONFLICT',
    en: {
      message: 'The file system makes no hard links between these folders ({{code}}).',
      hint: 'Mount one shared folder in both services instead, then remove the copy.',
    },
    fr: {
      message: 'Le système de fichiers ne fait pas de liens physiques entre ces dossiers ({{code}}).',
      hint: 'Montez plutôt un dossier commun dans les deux services, puis retirez la copie.',
    },
  },
  'library.owners': {
    code: 'CONFLICT',
    en: {
      message: 'The two files have different owners or rights: one of the services could lose its access.',
      hint: 'Give both the same owner and rights first.',
    },
    fr: {
      message:
        'Les deux fichiers n’ont pas le même propriétaire ou les mêmes droits : un service pourrait perdre son accès.',
      hint: 'Donnez-leur d’abord le même propriétaire et les mêmes droits.',
    },
  },
  'library.more-names': {
    code: 'CONFLICT',
    en: {
      message: 'The copy has more names outside the model folders, so that nothing would be freed.',
      hint: 'Find them by its inode number, and remove those that nothing needs.',
    },
    fr: {
      message: 'La copie a d’autres noms hors des dossiers de modèles : rien ne serait libéré.',
      hint: 'Trouvez-les par son numéro d’inode, et retirez ceux dont rien n’a besoin.',
    },
  },
  'library.differs': {
    code: 'CONFLICT',
    en: {
      message: 'The files are not the same any more.',
      hint: 'Nothing was replaced. Hash them again.',
    },
    fr: {
      message: 'Les fichiers ne sont plus identiques.',
      hint: 'Rien n’a été remplacé. Hachez-les de nouveau.',
    },
  },
  'library.changed': {
    code: 'CONFLICT',
    en: {
      message: 'A file changed while it was being replaced.',
      hint: 'It is as it was. Try again.',
    },
    fr: {
      message: 'Un fichier a changé pendant son remplacement.',
      hint: 'Il est resté tel quel. Réessayez.',
    },
  },
  'library.not-shared': {
    code: 'CONFLICT',
    en: {
      message: 'This name belongs to one file alone.',
      hint: 'There is nothing to separate.',
    },
    fr: {
      message: 'Ce nom n’appartient qu’à un seul fichier.',
      hint: 'Il n’y a rien à séparer.',
    },
  },
  'library.no-room': {
    code: 'CONFLICT',
    en: {
      message: '{{free}} GiB are free on that disk; {{needed}} GiB are needed.',
      hint: 'Free some space first.',
    },
    fr: {
      message: '{{free}} Gio sont libres sur ce disque ; il en faut {{needed}}.',
      hint: 'Libérez d’abord de la place.',
    },
  },
  'library.taken': {
    code: 'CONFLICT',
    en: {
      message: 'There is a file named {{name}} already.',
      hint: 'Nothing was overwritten. Rename or remove that file first.',
    },
    fr: {
      message: 'Un fichier nommé {{name}} existe déjà.',
      hint: 'Rien n’a été écrasé. Renommez ou retirez d’abord ce fichier.',
    },
  },
  'library.not-removed': {
    code: 'CONFLICT',
    en: {
      message: 'The file is still in use by its services.',
      hint: 'Remove it first; only removed files are deleted or restored.',
    },
    fr: {
      message: 'Le fichier est encore disponible pour ses services.',
      hint: 'Retirez-le d’abord ; seuls les fichiers retirés se suppriment ou se restaurent.',
    },
  },
  'library.failed': {
    code: 'CONFLICT',
    en: {
      message: 'The file system refused: {{code}}.',
      hint: 'Check the rights of the folder and whether another program has the file open.',
    },
    fr: {
      message: 'Le système de fichiers a refusé : {{code}}.',
      hint: 'Vérifiez les droits du dossier, et si un autre programme a ouvert le fichier.',
    },
  },
  'library.control-character': {
    code: 'CONFLICT',
    en: {
      message: 'The folder’s name has a line break or a tab, which settings files cannot contain.',
      hint: 'Rename the folder first.',
    },
    fr: {
      message:
        'Le nom du dossier contient un saut de ligne ou une tabulation, que les fichiers de réglages ne peuvent pas contenir.',
      hint: 'Renommez d’abord le dossier.',
    },
  },
  'library.no-way': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} has no setting for further folders of this kind.',
      hint: 'Mount the folder in the place of its own one.',
    },
    fr: {
      message: '{{id}} n’a pas de réglage pour d’autres dossiers de ce type.',
      hint: 'Montez le dossier à la place du sien.',
    },
  },
  'library.one-folder': {
    code: 'CONFLICT',
    en: {
      message: '{{argument}} takes one folder, which is {{folder}}.',
      hint: 'Put the files of both folders in one.',
    },
    fr: {
      message: '{{argument}} n’accepte qu’un dossier, qui est {{folder}}.',
      hint: 'Réunissez les fichiers des deux dossiers dans un seul.',
    },
  },
  'library.replaces': {
    code: 'CONFLICT',
    en: {
      message:
        '{{argument}} replaces {{folder}}; its files that are not in the shared folder ({{count}}) would not be found.',
      hint: 'Move them to the shared folder first, then add the line.',
    },
    fr: {
      message:
        '{{argument}} remplace {{folder}} ; ses fichiers absents du dossier commun ({{count}}) ne seraient plus trouvés.',
      hint: 'Déplacez-les d’abord dans le dossier commun, puis ajoutez la ligne.',
    },
  },
  'library.may-be-in-use': {
    code: 'CONFLICT',
    en: {
      message: 'Whether {{id}} is working cannot be told: its files are left alone.',
      hint: 'Stop the service, or wait until it responds.',
    },
    fr: {
      message: 'Impossible de dire si {{id}} travaille : ses fichiers ne sont pas touchés.',
      hint: 'Arrêtez le service, ou attendez qu’il réponde.',
    },
  },
})
