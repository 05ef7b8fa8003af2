import { defineProblems } from './define'

export const systemProblems = defineProblems({
  'attention.unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The file of what was put aside could not be read. It was moved to {{kept}}.',
      hint: 'What was put aside is open again, and what is over is no longer listed. Nothing else was lost.',
    },
    fr: {
      message: 'Le fichier de ce qui était mis de côté est illisible. Il a été déplacé vers {{kept}}.',
      hint: 'Ce qui était mis de côté est de nouveau à traiter, et ce qui est terminé n’est plus listé. Rien d’autre n’est perdu.',
    },
  },
  'attention.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'That no longer needs attention, or was taken up again.', hint: 'Refresh the page.' },
    fr: { message: 'Ce point n’est plus à traiter, ou a déjà été repris.', hint: 'Actualisez la page.' },
  },
  'input.invalid': {
    code: 'BAD_REQUEST',
    en: { message: 'The request is not valid: {{issues}}', hint: 'Correct the named fields and send it again.' },
    fr: { message: 'La requête n’est pas valide : {{issues}}', hint: 'Corrigez les champs nommés et renvoyez-la.' },
  },
  'input.too-large': {
    code: 'PAYLOAD_TOO_LARGE',
    en: {
      message: 'The request body is larger than {{limitMiB}} MiB.',
      hint: 'Send less, or upload the file as an image.',
    },
    fr: {
      message: 'Le corps de la requête dépasse {{limitMiB}} Mio.',
      hint: 'Envoyez moins de données, ou téléversez le fichier comme image.',
    },
  },
  'http.wrong-host': {
    code: 'FORBIDDEN',
    en: {
      message: 'Regie does not accept the host name {{host}}.',
      hint: 'Use the address that Regie printed when it started. To add this one: Settings → Access, or start Regie with --public-url.',
    },
    fr: {
      message: 'Regie ne répond pas pour le nom d’hôte {{host}}.',
      hint: 'Utilisez l’adresse que Regie a affichée au démarrage. Pour ajouter celle-ci : Réglages → Accès, ou démarrez Regie avec --public-url.',
    },
  },
  'http.public-address': {
    code: 'BAD_REQUEST',
    en: {
      message: '“{{address}}” is no address of a panel.',
      hint: 'Give it without a path, such as https://panel.example or http://localhost:9000.',
    },
    fr: {
      message: '« {{address}} » n’est pas une adresse de panneau.',
      hint: 'Indiquez-la sans chemin, par exemple https://panel.example ou http://localhost:9000.',
    },
  },
  'http.proxy-address': {
    code: 'BAD_REQUEST',
    en: {
      message: '“{{address}}” is no address of a reverse proxy.',
      hint: 'Give its IP address, such as 192.0.2.10, or an area no wider than /8, such as 10.0.0.0/24.',
    },
    fr: {
      message: '« {{address}} » n’est pas une adresse de proxy inverse.',
      hint: 'Indiquez son adresse IP, par exemple 192.0.2.10, ou une plage pas plus large que /8, par exemple 10.0.0.0/24.',
    },
  },
  'http.wrong-origin': {
    code: 'FORBIDDEN',
    en: {
      message: 'The page at {{origin}} is not allowed to talk to Regie.',
      hint: 'Open Regie itself; other sites are refused.',
    },
    fr: {
      message: 'La page {{origin}} ne peut pas parler à Regie.',
      hint: 'Ouvrez Regie lui-même ; les autres sites sont refusés.',
    },
  },
  'http.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is nothing at {{path}}.', hint: 'The paths that exist are listed at /api/v1/docs.' },
    fr: { message: 'Il n’y a rien à {{path}}.', hint: 'Les chemins existants sont décrits dans /api/v1/docs.' },
  },
  'http.wrong-method': {
    code: 'METHOD_NOT_ALLOWED',
    en: { message: '{{method}} is not possible here.', hint: 'Use one of: {{allowed}}. See /api/v1/docs.' },
    fr: { message: '{{method}} n’est pas possible ici.', hint: 'Utilisez : {{allowed}}. Voir /api/v1/docs.' },
  },
  'http.wrong-media-type': {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    en: {
      message: 'The body is of the type {{type}}, which is not read here.',
      hint: 'Send it with “Content-Type: {{wanted}}”.',
    },
    fr: {
      message: 'Le corps est du type {{type}}, qui n’est pas lu ici.',
      hint: 'Envoyez-le avec « Content-Type: {{wanted}} ».',
    },
  },
  'data-folder.in-use': {
    code: 'CONFLICT',
    en: {
      message: 'Another Regie uses this data folder: process {{pid}}, since {{since}}.',
      hint: 'Use that one, end it first, or choose another folder with --data.',
    },
    fr: {
      message: 'Un autre Regie utilise ce dossier de données : processus {{pid}}, depuis {{since}}.',
      hint: 'Utilisez celui-là, arrêtez-le d’abord, ou choisissez un autre dossier avec --data.',
    },
  },
  'data-folder.in-use-at': {
    code: 'CONFLICT',
    en: {
      message: 'Another Regie uses this data folder: it is running at {{address}} (process {{pid}}, since {{since}}).',
      hint: 'Open {{address}}, stop that Regie first, or choose another folder with --data.',
    },
    fr: {
      message:
        'Un autre Regie utilise ce dossier de données : il tourne à {{address}} (processus {{pid}}, depuis {{since}}).',
      hint: 'Ouvrez {{address}}, arrêtez d’abord ce Regie, ou choisissez un autre dossier avec --data.',
    },
  },
  'data-folder.newer': {
    code: 'CONFLICT',
    en: {
      message: 'A newer Regie, {{version}}, wrote the data folder {{folder}}; this one would misread it.',
      hint: 'Use Regie {{version}} or newer. To go back to this version, restore what is in before-update/ of that folder.',
    },
    fr: {
      message: 'Un Regie plus récent, {{version}}, a écrit le dossier de données {{folder}} ; celui-ci le lirait mal.',
      hint: 'Utilisez Regie {{version}} ou plus récent. Pour revenir à cette version, remettez en place le contenu de before-update/ de ce dossier.',
    },
  },
  'data-folder.format-unreadable': {
    code: 'CONFLICT',
    en: {
      message: 'The file {{file}} does not say which Regie wrote this data folder.',
      hint: 'Restore it from a backup. If you know that no newer Regie than this one used the folder, delete the file and start again.',
    },
    fr: {
      message: 'Le fichier {{file}} ne dit pas quel Regie a écrit ce dossier de données.',
      hint: 'Remettez-le depuis une sauvegarde. Si aucun Regie plus récent que celui-ci n’a utilisé le dossier, supprimez le fichier et redémarrez.',
    },
  },
  'data-folder.not-copied': {
    code: 'CONFLICT',
    en: {
      message: 'The data folder was written by an earlier Regie and could not be copied to {{folder}} ({{code}}).',
      hint: 'Regie changes nothing before that copy is there. Make room or set the permissions, and start again.',
    },
    fr: {
      message: 'Le dossier de données vient d’un Regie antérieur et n’a pas pu être copié dans {{folder}} ({{code}}).',
      hint: 'Regie ne change rien avant cette copie. Libérez de la place ou corrigez les droits, puis redémarrez.',
    },
  },
  'data-folder.open-to-others': {
    code: 'CONFLICT',
    en: {
      message:
        'Other users of this machine can read the folder {{folder}}, and Regie is not allowed to change its permissions.',
      hint: 'Choose a folder of its own with --data, or take the others’ permissions away: chmod 700 "{{folder}}".',
    },
    fr: {
      message:
        'D’autres utilisateurs de cette machine peuvent lire le dossier {{folder}}, et Regie ne peut pas en changer les droits.',
      hint: 'Choisissez un dossier dédié avec --data, ou retirez les droits des autres : chmod 700 "{{folder}}".',
    },
  },
  'data-folder.file-is-folder': {
    code: 'CONFLICT',
    en: {
      message: '{{path}} is a folder, but Regie keeps a file of that name there.',
      hint: 'Move the folder somewhere else or rename it, then start Regie again. If a copy or a container made it, put the real file back in its place.',
    },
    fr: {
      message: '{{path}} est un dossier, alors que Regie y garde un fichier de ce nom.',
      hint: 'Déplacez ce dossier ou renommez-le, puis redémarrez Regie. S’il vient d’une copie ou d’un conteneur, remettez le vrai fichier à sa place.',
    },
  },
  'config.unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The configuration file could not be read and was kept as {{kept}}.',
      hint: 'Regie started with an empty configuration. Repair that file and put it back, or add the services again.',
    },
    fr: {
      message: 'Le fichier de configuration est illisible ; il a été conservé sous {{kept}}.',
      hint: 'Regie a démarré avec une configuration vide. Réparez ce fichier et remettez-le, ou ajoutez de nouveau les services.',
    },
  },
  'demo.key-file': {
    code: 'CONFLICT',
    en: {
      message: 'The vault’s key is stored in a file next to it.',
      hint: 'This is for trying Regie out. Keep no real credentials here: anyone who reads the data folder reads the vault.',
    },
    fr: {
      message: 'La clé du coffre se trouve dans un fichier à côté de lui.',
      hint: 'C’est fait pour essayer Regie. N’y gardez aucun identifiant réel : qui lit le dossier de données lit le coffre.',
    },
  },
  'desktop.unavailable': {
    code: 'CONFLICT',
    en: {
      message: 'This needs the desktop application.',
      hint: 'You are using Regie in a browser; do this on the machine where Regie runs.',
    },
    fr: {
      message: 'Cette action demande l’application de bureau.',
      hint: 'Vous utilisez Regie dans un navigateur ; faites-le sur la machine où tourne Regie.',
    },
  },
})
