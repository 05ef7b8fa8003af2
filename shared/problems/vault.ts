import { defineProblems } from './define'

export const vaultProblems = defineProblems({
  'vault.locked': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The vault is locked.', hint: 'Enter the passphrase on the Credentials page.' },
    fr: { message: 'Le coffre est verrouillé.', hint: 'Saisissez la phrase secrète sur la page Identifiants.' },
  },
  'vault.wrong-key': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This key does not open the vault.',
      hint: 'Nothing was changed. Try the passphrase again, or the account or key file that the vault was created with.',
    },
    fr: {
      message: 'Cette clé n’ouvre pas le coffre.',
      hint: 'Rien n’a été modifié. Essayez de nouveau la phrase secrète, ou le compte ou le fichier de clé d’origine.',
    },
  },
  'vault.key-missing': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The key file {{path}} of the vault is missing or is not a key.',
      hint: 'Nothing was changed. Restore the key file and restart Regie.',
    },
    fr: {
      message: 'Le fichier de clé {{path}} du coffre est absent ou n’est pas une clé.',
      hint: 'Rien n’a été modifié. Remettez le fichier de clé en place et redémarrez Regie.',
    },
  },
  'vault.other-keeper': {
    code: 'CONFLICT',
    en: {
      message: 'The key of this vault is kept by another means ({{keeper}}).',
      hint: 'Nothing was changed. Start Regie the way it was started when the vault was created, or choose another data folder.',
    },
    fr: {
      message: 'La clé de ce coffre est conservée autrement ({{keeper}}).',
      hint: 'Rien n’a été modifié. Démarrez Regie comme à la création du coffre, ou choisissez un autre dossier de données.',
    },
  },
  'vault.unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The vault file is damaged; it was kept as {{kept}}.',
      hint: 'Nothing was overwritten. Restore a backup on the Settings page, put an intact copy back as vault.json and restart Regie, or start with an empty vault on that page.',
    },
    fr: {
      message: 'Le fichier du coffre est endommagé ; il a été conservé sous {{kept}}.',
      hint: 'Rien n’a été écrasé. Restaurez une sauvegarde sur la page Réglages, remettez une bonne copie sous le nom vault.json et redémarrez Regie, ou commencez un coffre vide sur cette page.',
    },
  },
  'vault.kept-aside': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'An earlier vault that could not be read is kept as {{kept}}.',
      hint: 'Delete or move that file once you no longer need it; this notice then goes away.',
    },
    fr: {
      message: 'Un ancien coffre illisible est conservé sous {{kept}}.',
      hint: 'Supprimez ou déplacez ce fichier quand vous n’en avez plus besoin ; cet avis disparaîtra.',
    },
  },
  'vault.rolled-back': {
    code: 'CONFLICT',
    en: {
      message: 'The vault file is an older copy, of {{of}}; the newest that Regie knows is of {{known}}.',
      hint: 'Nothing was changed. On the Settings page restore the newest backup (the last ten states are kept), or open this older state knowingly.',
    },
    fr: {
      message:
        'Le fichier du coffre est une copie plus ancienne, du {{of}} ; la plus récente connue de Regie date du {{known}}.',
      hint: 'Rien n’a été modifié. Sur la page Réglages, restaurez la sauvegarde la plus récente (les dix derniers états sont conservés), ou ouvrez cet état plus ancien en connaissance de cause.',
    },
  },
  'vault.missing': {
    code: 'CONFLICT',
    en: {
      message: 'The vault file is missing, but there are backups of it ({{count}}, the newest of {{newest}}).',
      hint: 'Nothing was created in its place. Restore a backup on the Settings page, or start with an empty vault there.',
    },
    fr: {
      message:
        'Le fichier du coffre est absent, mais il en existe des sauvegardes ({{count}}, la plus récente du {{newest}}).',
      hint: 'Rien n’a été créé à sa place. Restaurez une sauvegarde sur la page Réglages, ou commencez-y un coffre vide.',
    },
  },
  'vault.gone': {
    code: 'CONFLICT',
    en: {
      message: 'The vault file is missing, but {{file}} shows that there was one.',
      hint: 'Nothing was created in its place. Put an intact copy back as {{vault}} and restart Regie, or start with an empty vault on the Settings page; an exported vault can then be imported there.',
    },
    fr: {
      message: 'Le fichier du coffre est absent, mais {{file}} indique qu’il y en avait un.',
      hint: 'Rien n’a été créé à sa place. Remettez une bonne copie sous le nom {{vault}} et redémarrez Regie, ou commencez un coffre vide sur la page Réglages ; un coffre exporté peut ensuite y être importé.',
    },
  },
  'vault.key-cost': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message:
        'The vault file asks for a key derivation that Regie does not try (scrypt with N {{cost}}, r {{block}}, p {{parallel}}).',
      hint: 'Nothing was changed. Regie writes no such file: take another copy, because this one was altered or comes from elsewhere.',
    },
    fr: {
      message:
        'Le fichier du coffre demande une dérivation de clé que Regie n’essaie pas (scrypt avec N {{cost}}, r {{block}}, p {{parallel}}).',
      hint: 'Rien n’a été modifié. Regie n’écrit pas de tel fichier : prenez une autre copie, car celle-ci a été modifiée ou vient d’ailleurs.',
    },
  },
  'vault.aside-needs-key': {
    code: 'CONFLICT',
    en: {
      message:
        'The vault gets no new key while {{kept}} lies there: the key file that would go may be the only way to open it.',
      hint: 'Nothing was changed. Delete that file, or move it away together with a copy of vault.key, and try again.',
    },
    fr: {
      message:
        'Le coffre ne reçoit pas de nouvelle clé tant que {{kept}} est présent : le fichier de clé à supprimer est peut-être le seul moyen de l’ouvrir.',
      hint: 'Rien n’a été modifié. Supprimez ce fichier, ou déplacez-le avec une copie de vault.key, puis réessayez.',
    },
  },
  'vault.nothing-to-accept': {
    code: 'CONFLICT',
    en: {
      message: 'The vault does not wait for a decision.',
      hint: 'Look at its state on the Settings page.',
    },
    fr: {
      message: 'Le coffre n’attend aucune décision.',
      hint: 'Regardez son état sur la page Réglages.',
    },
  },
  'vault.newer': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The vault file was written by a newer Regie (format {{version}}).',
      hint: 'The file was left as it is. Update Regie to open it.',
    },
    fr: {
      message: 'Le fichier du coffre vient d’une version plus récente de Regie (format {{version}}).',
      hint: 'Le fichier n’a pas été touché. Mettez Regie à jour pour l’ouvrir.',
    },
  },
  'vault.no-access': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The vault file {{path}} cannot be read ({{code}}).',
      hint: 'The file was left as it is. Check the rights on the data folder and restart Regie.',
    },
    fr: {
      message: 'Le fichier du coffre {{path}} ne peut pas être lu ({{code}}).',
      hint: 'Le fichier n’a pas été touché. Vérifiez les droits du dossier de données et redémarrez Regie.',
    },
  },
  'vault.write-failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The vault file could not be written ({{code}}).',
      hint: 'The change was not made. Check free space and rights of the data folder, then try again.',
    },
    fr: {
      message: 'Le fichier du coffre n’a pas pu être écrit ({{code}}).',
      hint: 'La modification n’a pas été faite. Vérifiez l’espace libre et les droits du dossier de données, puis réessayez.',
    },
  },
  'vault.tampered': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'An encrypted value was altered, or encrypted with another key.',
      hint: 'Restore the file from a backup.',
    },
    fr: {
      message: 'Une valeur chiffrée a été modifiée, ou chiffrée avec une autre clé.',
      hint: 'Restaurez le fichier depuis une sauvegarde.',
    },
  },
  'vault.truncated': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'An encrypted value is truncated.', hint: 'Restore the file from a backup.' },
    fr: { message: 'Une valeur chiffrée est tronquée.', hint: 'Restaurez le fichier depuis une sauvegarde.' },
  },
  'vault.backup-failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The last state of the vault could not be copied to {{folder}} ({{code}}).',
      hint: 'The vault itself is whole. Check free space and rights of that folder; the next change tries again.',
    },
    fr: {
      message: 'Le dernier état du coffre n’a pas pu être copié dans {{folder}} ({{code}}).',
      hint: 'Le coffre lui-même est intact. Vérifiez l’espace libre et les droits de ce dossier ; le prochain changement réessaiera.',
    },
  },
  'vault.no-backup': {
    code: 'NOT_FOUND',
    en: { message: 'There is no backup named {{id}}.', hint: 'Choose one of the list.' },
    fr: { message: 'Il n’y a pas de sauvegarde nommée {{id}}.', hint: 'Choisissez-en une dans la liste.' },
  },
  'vault.passphrase-needed': {
    code: 'BAD_REQUEST',
    en: {
      message: 'The vault’s passphrase is required.',
      hint: 'Enter the passphrase that opens the vault, and try again.',
    },
    fr: {
      message: 'La phrase secrète du coffre est nécessaire.',
      hint: 'Saisissez la phrase secrète qui ouvre le coffre, et réessayez.',
    },
  },
  'vault.no-other-keeper': {
    code: 'CONFLICT',
    en: {
      message: 'Nothing but a passphrase can keep the vault’s key here.',
      hint: 'Choose a new passphrase, or use the desktop app, which has the system’s keychain.',
    },
    fr: {
      message: 'Ici, seule une phrase secrète peut garder la clé du coffre.',
      hint: 'Choisissez une nouvelle phrase secrète, ou utilisez l’application de bureau, qui dispose du trousseau du système.',
    },
  },
  'credential.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no credential named {{id}}.', hint: 'Choose one of the credentials in the list.' },
    fr: { message: 'Aucun identifiant ne s’appelle {{id}}.', hint: 'Choisissez un identifiant de la liste.' },
  },
  'credential.exists': {
    code: 'CONFLICT',
    en: { message: 'A credential named {{id}} already exists.', hint: 'Choose another id.' },
    fr: { message: 'Un identifiant nommé {{id}} existe déjà.', hint: 'Choisissez un autre nom.' },
  },
  'credential.in-use': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is used by {{services}}.',
      hint: 'Give those services another credential first, then delete this one.',
    },
    fr: {
      message: '{{id}} est utilisé par {{services}}.',
      hint: 'Donnez d’abord un autre identifiant à ces services, puis supprimez celui-ci.',
    },
  },
  'credential.no-such-field': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'A credential of scheme {{scheme}} has no {{field}}.',
      hint: 'comfyui-login has username, password and token; basic has username and password; token has only a token.',
    },
    fr: {
      message: 'Un identifiant de type {{scheme}} n’a pas de champ {{field}}.',
      hint: 'comfyui-login a username, password et token ; basic a username et password ; token n’a qu’un token.',
    },
  },
  'credential.no-value': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{id}} contains no {{field}}.',
      hint: 'It was added from its hash alone. Rotate it to get a password as well, or choose another field for the location.',
    },
    fr: {
      message: '{{id}} ne contient pas de champ {{field}}.',
      hint: 'Il a été ajouté à partir de son seul hachage. Renouvelez-le pour obtenir un mot de passe, ou choisissez un autre champ.',
    },
  },
  'bcrypt.truncates': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The password is {{bytes}} bytes long; bcrypt ignores everything after 72.',
      hint: 'Choose a password of at most 72 bytes, or leave it empty and let Regie generate one.',
    },
    fr: {
      message: 'Le mot de passe fait {{bytes}} octets ; bcrypt ignore tout après 72.',
      hint: 'Choisissez un mot de passe de 72 octets au plus, ou laissez Regie en générer un.',
    },
  },
  'credential.control-characters': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The {{field}} contains a line break or another control character.',
      hint: 'It may have come with copy and paste. Type it without line breaks, or let Regie generate one.',
    },
    fr: {
      message: 'Le champ {{field}} contient un saut de ligne ou un autre caractère de contrôle.',
      hint: 'Il vient peut-être d’un copier-coller. Saisissez-le sans saut de ligne, ou laissez Regie en générer un.',
    },
  },
  'credential.separator': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The {{field}} contains “{{character}}”, which Forge takes as a separator.',
      hint: 'Forge would start without its API. Choose one without colon and comma, or let Regie generate one.',
    },
    fr: {
      message: 'Le champ {{field}} contient « {{character}} », que Forge prend pour un séparateur.',
      hint: 'Forge démarrerait sans son API. Choisissez-en un sans deux-points ni virgule, ou laissez Regie en générer un.',
    },
  },
  'credential.not-ascii': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The {{field}} contains letters outside ASCII, which the service refuses.',
      hint: 'Use only unaccented letters, digits and signs, or let Regie generate one.',
    },
    fr: {
      message: 'Le champ {{field}} contient des caractères hors ASCII, que le service refuse.',
      hint: 'N’utilisez que des lettres sans accent, des chiffres et des signes, ou laissez Regie en générer un.',
    },
  },
  'credential.blanks': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The {{field}} contains blanks where the service drops or misreads them.',
      hint: 'Remove the spaces (in a password: at its start and end), or let Regie generate one.',
    },
    fr: {
      message: 'Le champ {{field}} contient des espaces que le service supprime ou interprète mal.',
      hint: 'Retirez les espaces (dans un mot de passe : au début et à la fin), ou laissez Regie en générer un.',
    },
  },
  'credential.not-a-hash': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The token of ComfyUI-Login is a bcrypt hash of 60 characters; this is not one.',
      hint: 'Copy the first line of ComfyUI/login/PASSWORD whole, or leave the token empty and let Regie generate it.',
    },
    fr: {
      message: 'Le jeton de ComfyUI-Login est un hachage bcrypt de 60 caractères ; ceci n’en est pas un.',
      hint: 'Copiez la première ligne entière de ComfyUI/login/PASSWORD, ou laissez Regie créer le jeton.',
    },
  },
  'credential.mismatch': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The token is not the bcrypt hash of this password.',
      hint: 'Enter only one of the two: from the password Regie generates the hash; the hash alone suffices for the API.',
    },
    fr: {
      message: 'Le jeton n’est pas le hachage bcrypt de ce mot de passe.',
      hint: 'Ne donnez que l’un des deux : Regie calcule le hachage du mot de passe ; le hachage seul suffit pour l’API.',
    },
  },
})
