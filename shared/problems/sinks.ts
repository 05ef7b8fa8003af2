import { defineProblems } from './define'

export const sinkProblems = defineProblems({
  'sink.relative': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: '{{path}} is not a full path.', hint: 'Enter the path from its root, e.g. /opt/stack/.env.' },
    fr: {
      message: '{{path}} n’est pas un chemin complet.',
      hint: 'Donnez le chemin depuis la racine, p. ex. /opt/stack/.env.',
    },
  },
  'sink.own-file': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} is one of Regie’s own files.',
      hint: 'Choose the file that the service reads; a location there would overwrite Regie’s data.',
    },
    fr: {
      message: '{{path}} se trouve parmi les fichiers de Regie.',
      hint: 'Choisissez le fichier que lit le service ; écrire ici écraserait les données de Regie.',
    },
  },
  'sink.taken': {
    code: 'CONFLICT',
    en: {
      message: '{{path}} is already a location of {{id}}.',
      hint: 'A location can hold one secret only. Remove it there first, or choose another file or key.',
    },
    fr: {
      message: '{{path}} est déjà un emplacement de {{id}}.',
      hint: 'Un emplacement ne peut contenir qu’un secret. Retirez-le d’abord, ou choisissez un autre fichier ou une autre clé.',
    },
  },
  'sink.wrong-scheme': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}}: a ComfyUI-Login file needs a credential of that type, and contains its token.',
      hint: 'Choose the type env or file, or make the credential one of scheme comfyui-login.',
    },
    fr: {
      message: '{{path}} : un fichier ComfyUI-Login demande un identifiant de ce type, et contient son jeton.',
      hint: 'Choisissez le type env ou file, ou créez un identifiant de type comfyui-login.',
    },
  },
  'sink.not-found': {
    code: 'NOT_FOUND',
    en: { message: '{{id}} has no location {{sink}}.', hint: 'Reload the page; its locations have changed.' },
    fr: {
      message: '{{id}} n’a pas d’emplacement {{sink}}.',
      hint: 'Rechargez la page ; ses emplacements ont changé.',
    },
  },
  'sink.no-folder': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The folder of {{path}} does not exist.',
      hint: 'Create the folder, or correct the path. No location was changed.',
    },
    fr: {
      message: 'Le dossier de {{path}} n’existe pas.',
      hint: 'Créez le dossier, ou corrigez le chemin. Aucun emplacement n’a été modifié.',
    },
  },
  'sink.directory': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} is a folder, not a file.',
      hint: 'Docker makes such a folder when a mounted file is missing at start. Remove it, then write the location again.',
    },
    fr: {
      message: '{{path}} est un dossier, pas un fichier.',
      hint: 'Docker crée un tel dossier quand le fichier monté manque au démarrage. Supprimez-le, puis réécrivez l’emplacement.',
    },
  },
  'sink.not-writable': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} cannot be written ({{code}}).',
      hint: 'Check the rights on the file and its folder, free space, and that no program has it open.',
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
      message: '{{path}} contains more than a secret; the whole file would be replaced.',
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
      hint: 'Rotate the credential and give this password, or adopt the hash from another location.',
    },
    fr: {
      message:
        'Un mot de passe seul ne peut pas être adopté pour ComfyUI-Login : c’est son empreinte bcrypt qui ouvre le service.',
      hint: 'Renouvelez-le en donnant ce mot de passe, ou adoptez l’empreinte depuis un autre emplacement.',
    },
  },
  'sink.not-parsed': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} cannot be read: there is a mistake at line {{line}}.',
      hint: 'Correct the file manually, then try again. Nothing was written.',
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
      hint: 'Regie replaces a value that exists. Add it to the file once manually, or correct the pointer.',
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
      message: '{{path}} has Windows line endings, with which the web sign-in of ComfyUI-Login fails.',
      hint: 'Write the vault’s value: Regie writes the file with plain line endings.',
    },
    fr: {
      message: '{{path}} a des fins de ligne Windows, avec lesquelles la connexion web de ComfyUI-Login échoue.',
      hint: 'Écrivez la valeur du coffre : Regie écrit le fichier avec des fins de ligne simples.',
    },
  },
  'sink.crlf-lines': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message:
        '{{path}} has lines with Windows line endings. Compose takes them; scripts read a carriage return too many.',
      hint: 'Regie writes its own line with a plain end and leaves the others. Convert the file if a script reads it.',
    },
    fr: {
      message:
        '{{path}} a des lignes à fin de ligne Windows. Compose les accepte ; les scripts y lisent un retour chariot de trop.',
      hint: 'Regie écrit sa propre ligne avec une fin simple et laisse les autres. Convertissez le fichier si un script le lit.',
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
  'sink.session-key-other': {
    code: 'CONFLICT',
    en: {
      message: '{{path}} contains another session key than the vault.',
      hint: 'ComfyUI-Login makes a new one itself when the file is missing or 30 days old: adopt it, and no session ends.',
    },
    fr: {
      message: '{{path}} contient une autre clé de session que le coffre.',
      hint: 'ComfyUI-Login en crée une lui-même quand le fichier manque ou a 30 jours : adoptez-la, et aucune session ne se termine.',
    },
  },
  'sink.session-key-broken': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} is not what ComfyUI-Login reads: with it the login is not loaded, and the server starts open.',
      hint: 'Write the vault’s value before the service starts again.',
    },
    fr: {
      message:
        '{{path}} n’est pas ce que lit ComfyUI-Login : avec ce fichier la connexion n’est pas chargée, et le serveur démarre sans protection.',
      hint: 'Écrivez la valeur du coffre avant que le service ne redémarre.',
    },
  },
  'credential.not-a-session-key': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This is not a session key: 32 random bytes in URL-safe base64.',
      hint: 'Write the vault’s value, or let the next rotation make a new key.',
    },
    fr: {
      message: 'Ce n’est pas une clé de session : 32 octets aléatoires en base64 pour URL.',
      hint: 'Écrivez la valeur du coffre, ou laissez le prochain renouvellement en créer une.',
    },
  },
  'sink.other-username': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{path}} contains another username than the vault.',
      hint: 'Write the vault’s value, or change the username of the credential.',
    },
    fr: {
      message: '{{path}} contient un autre nom d’utilisateur que le coffre.',
      hint: 'Écrivez la valeur du coffre, ou changez le nom d’utilisateur de l’identifiant.',
    },
  },
})
