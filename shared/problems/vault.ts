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
      hint: 'Nothing was changed. Try the passphrase again, or the account or key file that the vault was made with.',
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
      hint: 'Nothing was changed. Put the key file back and restart Regie.',
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
      hint: 'Nothing was changed. Start Regie the way it was started when the vault was made, or choose another data folder.',
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
      hint: 'Nothing was overwritten. Put a good copy back as vault.json and restart Regie; without one, a restart begins with an empty vault.',
    },
    fr: {
      message: 'Le fichier du coffre est endommagé ; il a été conservé sous {{kept}}.',
      hint: 'Rien n’a été écrasé. Remettez une bonne copie sous le nom vault.json et redémarrez Regie ; sans copie, un redémarrage ouvre un coffre vide.',
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
      message: 'A sealed value was altered, or sealed with another key.',
      hint: 'Restore the file from a backup.',
    },
    fr: {
      message: 'Une valeur scellée a été modifiée, ou scellée avec une autre clé.',
      hint: 'Restaurez le fichier depuis une sauvegarde.',
    },
  },
  'vault.truncated': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'A sealed value is cut short.', hint: 'Restore the file from a backup.' },
    fr: { message: 'Une valeur scellée est tronquée.', hint: 'Restaurez le fichier depuis une sauvegarde.' },
  },
  'vault.no-backup': {
    code: 'NOT_FOUND',
    en: { message: 'There is no backup named {{id}}.', hint: 'Choose one of the list.' },
    fr: { message: 'Il n’y a pas de sauvegarde nommée {{id}}.', hint: 'Choisissez-en une dans la liste.' },
  },
  'vault.passphrase-needed': {
    code: 'BAD_REQUEST',
    en: {
      message: 'This needs the vault’s passphrase.',
      hint: 'Give the passphrase that opens the vault, and try again.',
    },
    fr: {
      message: 'La phrase secrète du coffre est nécessaire.',
      hint: 'Donnez la phrase secrète qui ouvre le coffre, et réessayez.',
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
  'vault.audit-damaged': {
    code: 'CONFLICT',
    en: {
      message: 'The audit log was altered or damaged at line {{line}}.',
      hint: 'Entries before that line are still proven by their chain. Compare the file with a backup.',
    },
    fr: {
      message: 'Le journal d’audit a été modifié ou endommagé à la ligne {{line}}.',
      hint: 'Les entrées précédentes restent prouvées par leur chaîne. Comparez le fichier avec une sauvegarde.',
    },
  },
  'credential.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no credential named {{id}}.', hint: 'Choose one of the credentials in the list.' },
    fr: { message: 'Aucun identifiant ne s’appelle {{id}}.', hint: 'Choisissez un identifiant de la liste.' },
  },
  'credential.exists': {
    code: 'CONFLICT',
    en: { message: 'A credential named {{id}} exists already.', hint: 'Choose another id.' },
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
      message: '{{id}} holds no {{field}}.',
      hint: 'It was added from its hash alone. Rotate it to get a password as well, or choose another field for the sink.',
    },
    fr: {
      message: '{{id}} ne contient pas de champ {{field}}.',
      hint: 'Il a été ajouté à partir de son seul hachage. Faites une rotation pour obtenir un mot de passe, ou choisissez un autre champ.',
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
      message: 'The {{field}} holds a line break or another control character.',
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
      message: 'The {{field}} holds “{{character}}”, which Forge takes as a separator.',
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
      message: 'The {{field}} holds letters outside ASCII, which the service refuses.',
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
      message: 'The {{field}} holds blanks where the service drops or misreads them.',
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
      hint: 'Copy the first line of ComfyUI/login/PASSWORD whole, or leave the token empty and let Regie make it.',
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
      hint: 'Give only one of the two: from the password Regie makes the hash; the hash alone suffices for the API.',
    },
    fr: {
      message: 'Le jeton n’est pas le hachage bcrypt de ce mot de passe.',
      hint: 'Ne donnez que l’un des deux : Regie calcule le hachage du mot de passe ; le hachage seul suffit pour l’API.',
    },
  },
  'sink.relative': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: '{{path}} is not a full path.', hint: 'Give the path from its root, e.g. /opt/stack/.env.' },
    fr: {
      message: '{{path}} n’est pas un chemin complet.',
      hint: 'Donnez le chemin depuis la racine, p. ex. /opt/stack/.env.',
    },
  },
  'sink.own-file': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} lies among Regie’s own files.',
      hint: 'Choose the file that the service reads; a sink there would overwrite Regie’s data.',
    },
    fr: {
      message: '{{path}} se trouve parmi les fichiers de Regie.',
      hint: 'Choisissez le fichier que lit le service ; écrire ici écraserait les données de Regie.',
    },
  },
  'sink.taken': {
    code: 'CONFLICT',
    en: {
      message: '{{path}} is already a sink of {{id}}.',
      hint: 'A place can hold one secret only. Remove it there first, or choose another file or key.',
    },
    fr: {
      message: '{{path}} est déjà une destination de {{id}}.',
      hint: 'Un emplacement ne peut contenir qu’un secret. Retirez-le d’abord, ou choisissez un autre fichier ou une autre clé.',
    },
  },
  'sink.wrong-scheme': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}}: a ComfyUI-Login file needs a credential of that scheme, and holds its token.',
      hint: 'Choose the type env or file, or make the credential one of scheme comfyui-login.',
    },
    fr: {
      message: '{{path}} : un fichier ComfyUI-Login demande un identifiant de ce type, et contient son jeton.',
      hint: 'Choisissez le type env ou file, ou créez un identifiant de type comfyui-login.',
    },
  },
  'sink.not-found': {
    code: 'NOT_FOUND',
    en: { message: '{{id}} has no sink {{sink}}.', hint: 'Reload the page; its sinks have changed.' },
    fr: {
      message: '{{id}} n’a pas de destination {{sink}}.',
      hint: 'Rechargez la page ; ses destinations ont changé.',
    },
  },
  'sink.no-folder': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The folder of {{path}} does not exist.',
      hint: 'Create the folder, or correct the path. No sink was changed.',
    },
    fr: {
      message: 'Le dossier de {{path}} n’existe pas.',
      hint: 'Créez le dossier, ou corrigez le chemin. Aucune destination n’a été modifiée.',
    },
  },
  'sink.directory': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} is a folder, not a file.',
      hint: 'Docker makes such a folder when a mounted file is missing at start. Remove it, then write the sink again.',
    },
    fr: {
      message: '{{path}} est un dossier, pas un fichier.',
      hint: 'Docker crée un tel dossier quand le fichier monté manque au démarrage. Supprimez-le, puis réécrivez la destination.',
    },
  },
  'sink.not-writable': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} cannot be written ({{code}}).',
      hint: 'Check the rights on the file and its folder, free space, and that no program holds it open.',
    },
    fr: {
      message: '{{path}} ne peut pas être écrit ({{code}}).',
      hint: 'Vérifiez les droits du fichier et de son dossier, l’espace libre, et qu’aucun programme ne le garde ouvert.',
    },
  },
  'sink.unreadable': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: '{{path}} cannot be read ({{code}}).', hint: 'Check the rights on the file and its folder.' },
    fr: {
      message: '{{path}} ne peut pas être lu ({{code}}).',
      hint: 'Vérifiez les droits du fichier et de son dossier.',
    },
  },
  'sink.missing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: '{{path}} does not exist.', hint: 'Write the vault’s value to create it.' },
    fr: { message: '{{path}} n’existe pas.', hint: 'Écrivez la valeur du coffre pour le créer.' },
  },
  'sink.no-key': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: '{{path}} has no key {{key}}.', hint: 'Write the vault’s value to add it.' },
    fr: { message: '{{path}} n’a pas de clé {{key}}.', hint: 'Écrivez la valeur du coffre pour l’ajouter.' },
  },
  'sink.not-text': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} is not a plain text file.',
      hint: 'If it is UTF-16 (as some Windows editors save), save it as UTF-8. Else choose another file.',
    },
    fr: {
      message: '{{path}} n’est pas un fichier texte simple.',
      hint: 'S’il est en UTF-16 (certains éditeurs Windows), enregistrez-le en UTF-8. Sinon, choisissez un autre fichier.',
    },
  },
  'sink.not-a-secret-file': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} holds more than a secret; the whole file would be replaced.',
      hint: 'If it is an .env file, choose the type env. Else choose another file, or empty this one first.',
    },
    fr: {
      message: '{{path}} contient plus qu’un secret ; le fichier entier serait remplacé.',
      hint: 'Si c’est un fichier .env, choisissez le type env. Sinon, choisissez un autre fichier, ou videz celui-ci d’abord.',
    },
  },
  'sink.env-broken': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} has a quote that is never closed, at line {{line}}.',
      hint: 'Docker Compose refuses such a file too. Close the quote, then try again.',
    },
    fr: {
      message: '{{path}} a un guillemet jamais refermé, à la ligne {{line}}.',
      hint: 'Docker Compose refuse aussi un tel fichier. Refermez le guillemet, puis réessayez.',
    },
  },
  'sink.nothing-to-adopt': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'There is no value at {{path}} to adopt.', hint: 'Write the vault’s value there instead.' },
    fr: { message: 'Il n’y a aucune valeur à adopter dans {{path}}.', hint: 'Écrivez-y plutôt la valeur du coffre.' },
  },
  'sink.adopt-password': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'A password alone cannot be adopted for ComfyUI-Login: its hash is what opens the service.',
      hint: 'Rotate the credential and give this password, or adopt the hash from another sink.',
    },
    fr: {
      message:
        'Un mot de passe seul ne peut pas être adopté pour ComfyUI-Login : c’est son empreinte bcrypt qui ouvre le service.',
      hint: 'Faites une rotation en donnant ce mot de passe, ou adoptez l’empreinte depuis une autre destination.',
    },
  },
  'sink.not-parsed': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} cannot be read: there is a mistake at line {{line}}.',
      hint: 'Correct the file by hand, then try again. Nothing was written.',
    },
    fr: {
      message: '{{path}} est illisible : il y a une erreur à la ligne {{line}}.',
      hint: 'Corrigez le fichier à la main, puis réessayez. Rien n’a été écrit.',
    },
  },
  'sink.no-pointer': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} has no single value at {{key}}.',
      hint: 'Regie replaces a value that is there. Add it to the file once by hand, or correct the pointer.',
    },
    fr: {
      message: '{{path}} n’a pas de valeur unique à {{key}}.',
      hint: 'Regie remplace une valeur existante. Ajoutez-la une fois à la main dans le fichier, ou corrigez le pointeur.',
    },
  },
  'sink.unsafe-value': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This value cannot stand in {{path}} so that every reader reads it alike.',
      hint: 'Choose a password without quotes and backslashes, or let Regie generate one.',
    },
    fr: {
      message: 'Cette valeur ne peut pas figurer dans {{path}} et être lue partout à l’identique.',
      hint: 'Choisissez un mot de passe sans guillemets ni barre oblique inverse, ou laissez Regie en générer un.',
    },
  },
  'sink.read-back': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} does not read back as what was written.',
      hint: 'Another program may be writing the same file. Stop it, then try again.',
    },
    fr: {
      message: '{{path}} ne se relit pas comme il a été écrit.',
      hint: 'Un autre programme écrit peut-être le même fichier. Arrêtez-le, puis réessayez.',
    },
  },
  'sink.mangled': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message:
        '{{path}}: Docker Compose changes the value of {{key}} when it reads it, because of an unprotected $ or quote.',
      hint: 'Write the vault’s value: Regie puts it in single quotes, which every Compose reads alike.',
    },
    fr: {
      message:
        '{{path}} : Docker Compose altère la valeur de {{key}} à la lecture, à cause d’un $ ou d’un guillemet non protégé.',
      hint: 'Écrivez la valeur du coffre : Regie la met entre apostrophes, que tout Compose lit à l’identique.',
    },
  },
  'sink.crlf': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} has Windows line ends, with which the web sign-in of ComfyUI-Login fails.',
      hint: 'Write the vault’s value: Regie writes the file with plain line ends.',
    },
    fr: {
      message: '{{path}} a des fins de ligne Windows, avec lesquelles la connexion web de ComfyUI-Login échoue.',
      hint: 'Écrivez la valeur du coffre : Regie écrit le fichier avec des fins de ligne simples.',
    },
  },
  'sink.bom': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} starts with a byte order mark, which some readers take for a part of the first name.',
      hint: 'Write the vault’s value: Regie removes the mark.',
    },
    fr: {
      message:
        '{{path}} commence par une marque d’ordre d’octets, que certains lecteurs prennent pour une partie du premier nom.',
      hint: 'Écrivez la valeur du coffre : Regie retire la marque.',
    },
  },
  'sink.other-username': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} holds another user name than the vault.',
      hint: 'Write the vault’s value, or change the user name of the credential.',
    },
    fr: {
      message: '{{path}} contient un autre nom d’utilisateur que le coffre.',
      hint: 'Écrivez la valeur du coffre, ou changez le nom d’utilisateur de l’identifiant.',
    },
  },
  'proof.open': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} answers {{surface}} without any credential: it is not protected.',
      hint: 'Check that the login plugin is loaded or that the password flag is set, then restart the service.',
    },
    fr: {
      message: '{{service}} répond à {{surface}} sans identifiant : il n’est pas protégé.',
      hint: 'Vérifiez que l’extension de connexion est chargée ou que l’option de mot de passe est donnée, puis redémarrez le service.',
    },
  },
  'proof.wrong-accepted': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} still lets the old or a wrong secret in at {{surface}}.',
      hint: 'It probably reads its password from another file than the sinks of this credential. Correct the sinks.',
    },
    fr: {
      message: '{{service}} accepte encore l’ancien secret, ou un faux, sur {{surface}}.',
      hint: 'Il lit sans doute son mot de passe dans un autre fichier que les destinations de cet identifiant. Corrigez-les.',
    },
  },
  'proof.refused': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} refuses the secret of the vault at {{surface}}.',
      hint: 'If a file was changed since its start, restart the service. Else compare the sinks with what it reads.',
    },
    fr: {
      message: '{{service}} refuse le secret du coffre sur {{surface}}.',
      hint: 'Si un fichier a changé depuis son démarrage, redémarrez le service. Sinon, comparez les destinations avec ce qu’il lit.',
    },
  },
  'proof.unexpected': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{service}} answers {{status}} at {{surface}}, which neither lets in nor refuses.',
      hint: 'Look at the log of the service; a proxy in front of it may answer in its place.',
    },
    fr: {
      message: '{{service}} répond {{status}} sur {{surface}}, ce qui n’est ni un accord ni un refus.',
      hint: 'Regardez le journal du service ; un proxy placé devant répond peut-être à sa place.',
    },
  },
  'proof.silent': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: '{{service}} does not answer at {{surface}}.',
      hint: 'Start the service, or look at its log, then prove the credential again.',
    },
    fr: {
      message: '{{service}} ne répond pas sur {{surface}}.',
      hint: 'Démarrez le service, ou regardez son journal, puis vérifiez de nouveau l’identifiant.',
    },
  },
  'proof.not-running': {
    code: 'CONFLICT',
    en: {
      message: 'Not running, so not asked: {{services}}.',
      hint: 'Start it, then prove the credential again.',
    },
    fr: {
      message: 'À l’arrêt, donc non interrogé : {{services}}.',
      hint: 'Démarrez-le, puis vérifiez de nouveau l’identifiant.',
    },
  },
  'proof.no-surface': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} shows nothing that is protected, so nothing can be proven.',
      hint: 'Check that the service was started with its password options.',
    },
    fr: {
      message: '{{service}} ne montre rien de protégé : rien ne peut être prouvé.',
      hint: 'Vérifiez que le service a été démarré avec ses options de mot de passe.',
    },
  },
  'rotation.running': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is being rotated.',
      hint: 'Wait until the rotation is finished, or cancel it, then try again.',
    },
    fr: {
      message: 'Une rotation de {{id}} est en cours.',
      hint: 'Attendez la fin de la rotation, ou annulez-la, puis réessayez.',
    },
  },
  'rotation.none': {
    code: 'CONFLICT',
    en: { message: 'No rotation of {{id}} is running.', hint: 'It may have ended already; look at its history.' },
    fr: {
      message: 'Aucune rotation de {{id}} n’est en cours.',
      hint: 'Elle est peut-être déjà terminée ; voyez l’historique.',
    },
  },
  'rotation.operation-reused': {
    code: 'CONFLICT',
    en: {
      message: 'The operation id {{operation}} belongs to a rotation of {{id}}.',
      hint: 'Send a new operation id for each rotation.',
    },
    fr: {
      message: 'L’identifiant d’opération {{operation}} appartient à une rotation de {{id}}.',
      hint: 'Envoyez un nouvel identifiant d’opération pour chaque rotation.',
    },
  },
  'rotation.same-secret': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This is the secret that {{id}} has already.',
      hint: 'Choose another one, or leave it empty and let Regie generate one.',
    },
    fr: {
      message: 'C’est le secret que {{id}} a déjà.',
      hint: 'Choisissez-en un autre, ou laissez Regie en générer un.',
    },
  },
  'rotation.cancelled': {
    code: 'CONFLICT',
    en: {
      message: 'The rotation was cancelled.',
      hint: 'Nothing to do: the old secret is in force. Rotate again when it suits.',
    },
    fr: {
      message: 'La rotation a été annulée.',
      hint: 'Rien à faire : l’ancien secret reste en vigueur. Relancez la rotation quand vous voulez.',
    },
  },
  'rotation.interrupted': {
    code: 'CONFLICT',
    en: {
      message: 'Regie ended in the middle of the rotation.',
      hint: 'The old secret was put back. Rotate again.',
    },
    fr: {
      message: 'Regie s’est arrêté au milieu de la rotation.',
      hint: 'L’ancien secret a été remis. Relancez la rotation.',
    },
  },
  'rotation.unexpected': {
    code: 'CONFLICT',
    en: {
      message: 'A step failed for a reason that Regie does not know.',
      hint: 'Look at Regie’s own log (panel.log in the data folder), and report it.',
    },
    fr: {
      message: 'Une étape a échoué pour une raison inconnue de Regie.',
      hint: 'Regardez le journal de Regie (panel.log dans le dossier de données), et signalez-la.',
    },
  },
  'rotation.rolled-back': {
    code: 'CONFLICT',
    en: {
      message: 'The rotation of {{id}} failed at the step “{{step}}” and was rolled back: {{cause}}',
      hint: '{{hint}} The old secret is in force.',
    },
    fr: {
      message: 'La rotation de {{id}} a échoué à l’étape « {{step}} » et a été annulée : {{cause}}',
      hint: 'Corrigez la cause indiquée, puis relancez la rotation. L’ancien secret reste en vigueur.',
    },
  },
  'rotation.failed': {
    code: 'CONFLICT',
    en: {
      message:
        'The rotation of {{id}} failed at the step “{{step}}” ({{cause}}), and rolling back failed too: {{rest}}',
      hint: 'The vault keeps both secrets. Correct what the last message names, then write the vault’s value to all sinks and restart the service.',
    },
    fr: {
      message:
        'La rotation de {{id}} a échoué à l’étape « {{step}} » ({{cause}}), et le retour en arrière aussi : {{rest}}',
      hint: 'Le coffre garde les deux secrets. Corrigez ce que nomme le dernier message, puis réécrivez la valeur du coffre partout et redémarrez le service.',
    },
  },
})
