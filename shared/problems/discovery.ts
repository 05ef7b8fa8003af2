import { defineProblems } from './define'

export const discoveryProblems = defineProblems({
  'discovery.no-folder': {
    code: 'BAD_REQUEST',
    en: {
      message: '{{path}} is not a folder on this machine.',
      hint: 'Enter the absolute path of a folder that exists.',
    },
    fr: {
      message: '{{path}} n’est pas un dossier de cette machine.',
      hint: 'Donnez le chemin complet d’un dossier existant.',
    },
  },
  'discovery.gone': {
    code: 'NOT_FOUND',
    en: {
      message: 'The results are no longer available: they are kept for {{minutes}} minutes.',
      hint: 'Nothing was imported. Search the folder again.',
    },
    fr: {
      message: 'Le résultat de la recherche n’est plus disponible : il est gardé {{minutes}} minutes.',
      hint: 'Rien n’a été importé. Relancez la recherche dans le dossier.',
    },
  },
  'discovery.changed': {
    code: 'CONFLICT',
    en: {
      message: '{{path}} has changed since it was read.',
      hint: 'Nothing was imported. Search the folder again, so that you decide on what it contains now.',
    },
    fr: {
      message: '{{path}} a changé depuis sa lecture.',
      hint: 'Rien n’a été importé. Relancez la recherche, pour décider de ce qui s’y trouve maintenant.',
    },
  },
  'discovery.unknown': {
    code: 'BAD_REQUEST',
    en: { message: 'The proposal contains no {{what}}.', hint: 'Nothing was imported. Use the ids of the proposal.' },
    fr: {
      message: 'La proposition ne contient pas {{what}}.',
      hint: 'Rien n’a été importé. Utilisez les identifiants de la proposition.',
    },
  },
  'discovery.no-source': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'No location was selected as the source for {{id}}.',
      hint: 'Nothing was imported. Select the location with the correct value.',
    },
    fr: {
      message: 'Aucun emplacement n’a été choisi dont {{id}} prenne la valeur.',
      hint: 'Rien n’a été importé. Choisissez l’emplacement qui fait foi.',
    },
  },
  'discovery.twice': {
    code: 'BAD_REQUEST',
    en: { message: '{{id}} is named twice.', hint: 'Nothing was imported. Give each its own name.' },
    fr: { message: '{{id}} est nommé deux fois.', hint: 'Rien n’a été importé. Donnez à chacun son propre nom.' },
  },
  'discovery.other-scheme': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} in the vault is of another scheme ({{scheme}}).',
      hint: 'Nothing was imported. Choose another name.',
    },
    fr: {
      message: '{{id}} est d’un autre type dans le coffre ({{scheme}}).',
      hint: 'Rien n’a été importé. Choisissez un autre nom.',
    },
  },
  'discovery.service-linked': {
    code: 'CONFLICT',
    en: {
      message: 'The service {{id}} uses the credential {{credential}} already.',
      hint: 'Nothing was imported. Add the locations to that credential, or take it from the service first.',
    },
    fr: {
      message: 'Le service {{id}} utilise déjà l’identifiant {{credential}}.',
      hint: 'Rien n’a été importé. Ajoutez les emplacements à cet identifiant, ou retirez-le d’abord du service.',
    },
  },
  'discovery.too-deep': {
    code: 'PAYLOAD_TOO_LARGE',
    en: {
      message: 'Folders more than {{depth}} levels down were not searched ({{count}}).',
      hint: 'Search one of them separately if it contains secrets.',
    },
    fr: {
      message: 'Les dossiers à plus de {{depth}} niveaux n’ont pas été parcourus ({{count}}).',
      hint: 'Lancez la recherche sur l’un d’eux s’il contient des secrets.',
    },
  },
  'discovery.too-many': {
    code: 'PAYLOAD_TOO_LARGE',
    en: {
      message: 'The search stopped early, after {{folders}} folders and {{files}} files.',
      hint: 'Choose a folder closer to the deployment.',
    },
    fr: {
      message: 'La recherche s’est arrêtée après {{folders}} dossiers et {{files}} fichiers.',
      hint: 'Choisissez un dossier plus proche du déploiement.',
    },
  },
  'discovery.too-large': {
    code: 'PAYLOAD_TOO_LARGE',
    en: {
      message: '{{path}} is too large for a settings file and was not read.',
      hint: 'Add it manually if it is one.',
    },
    fr: {
      message: '{{path}} est trop grand pour un fichier de réglages et n’a pas été lu.',
      hint: 'Ajoutez-le à la main si c’en est un.',
    },
  },
  'discovery.unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{path}} could not be read ({{code}}).', hint: 'Check its rights, then search again.' },
    fr: {
      message: '{{path}} n’a pas pu être lu ({{code}}).',
      hint: 'Vérifiez ses droits, puis relancez la recherche.',
    },
  },
  'discovery.links-outside': {
    code: 'FORBIDDEN',
    en: {
      message: 'Links that lead out of the folder were not followed ({{count}}).',
      hint: 'Search the folder that they lead to separately.',
    },
    fr: {
      message: 'Les liens qui sortent du dossier n’ont pas été suivis ({{count}}).',
      hint: 'Lancez la recherche dans le dossier vers lequel ils mènent.',
    },
  },
  'discovery.cut-hash': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'A bcrypt hash that was truncated: {{length}} of 60 characters.',
      hint: 'No service accepts it. After the import it shows as drifted: write the vault’s value.',
    },
    fr: {
      message: 'Un hachage bcrypt tronqué : {{length}} caractères sur 60.',
      hint: 'Aucun service ne l’accepte. Après l’importation il apparaît comme divergent : écrivez la valeur du coffre.',
    },
  },
  'discovery.cut-by-dollar': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message:
        'The hash of this credential, with a part missing ({{length}} of 60 characters): Compose took what follows a $ for a variable.',
      hint: 'After the import it shows as drifted. The vault’s value is written in single quotes, which no Compose changes.',
    },
    fr: {
      message:
        'Le hachage de cet identifiant, amputé ({{length}} caractères sur 60) : Compose a pris ce qui suit un $ pour une variable.',
      hint: 'Après l’importation il apparaît comme divergent. La valeur du coffre est écrite entre apostrophes, que Compose laisse intactes.',
    },
  },
  'discovery.plain-token': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This is not a bcrypt hash, but the API of ComfyUI-Login takes the hash as its token.',
      hint: 'Anyone who reads this location is refused. After the import it shows as drifted.',
    },
    fr: {
      message: 'Ce n’est pas un hachage bcrypt, alors que l’API de ComfyUI-Login prend le hachage pour jeton.',
      hint: 'Toute personne qui lit cet emplacement est refusée. Après l’importation il apparaît comme divergent.',
    },
  },
  'discovery.password-apart': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This password belongs to none of the hashes that were found.',
      hint: 'Checked with bcrypt: it is an old password, or its hash is elsewhere.',
    },
    fr: {
      message: 'Ce mot de passe ne correspond à aucun des hachages trouvés.',
      hint: 'Vérifié avec bcrypt : c’est un ancien mot de passe, ou son hachage se trouve ailleurs.',
    },
  },
  'discovery.not-paired': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Too many passwords and hashes to try which belong together; {{tried}} pairs were tried.',
      hint: 'Search a smaller folder.',
    },
    fr: {
      message:
        'Trop de mots de passe et de hachages pour chercher lesquels vont ensemble ; {{tried}} paires ont été essayées.',
      hint: 'Lancez la recherche sur un dossier plus petit.',
    },
  },
  'discovery.no-hash': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Only a password was found, not the hash that the service keeps.',
      hint: 'The import creates a new hash from it, which the service does not know yet: write the locations and restart it, or rotate.',
    },
    fr: {
      message: 'Seul un mot de passe a été trouvé, pas le hachage que garde le service.',
      hint: 'L’importation en fait un nouveau hachage, que le service ne connaît pas encore : écrivez les emplacements et redémarrez-le, ou renouvelez.',
    },
  },
  'discovery.no-sink': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'A secret in plain text in line {{line}} of {{path}}, where Regie cannot write it.',
      hint: 'Put a variable there, and the value into the .env beside it.',
    },
    fr: {
      message: 'Un secret en clair à la ligne {{line}} de {{path}}, où Regie ne peut pas l’écrire.',
      hint: 'Mettez-y une variable, et la valeur dans le .env voisin.',
    },
  },
  'discovery.session-key-alone': {
    code: 'CONFLICT',
    en: {
      message: '{{path}} signs browser sessions of a ComfyUI, but it is unknown which credential that one uses.',
      hint: 'Add the file as a location to that credential manually: without it, a rotation leaves open sessions valid.',
    },
    fr: {
      message:
        '{{path}} signe les sessions de navigateur d’un ComfyUI, mais rien ne dit quel identifiant ouvre celui-ci.',
      hint: 'Ajoutez le fichier à la main comme emplacement de cet identifiant : sinon, un renouvellement laisse valides les sessions ouvertes.',
    },
  },
  'discovery.no-sink-script': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'A credential in plain text in line {{line}} of {{path}}, where Regie cannot write it.',
      hint: 'Regie can keep it and open the service with it. To change it, edit the script manually and restart the program.',
    },
    fr: {
      message: 'Un identifiant en clair à la ligne {{line}} de {{path}}, où Regie ne peut pas l’écrire.',
      hint: 'Regie peut le garder et ouvrir le service avec. Pour le changer, modifiez le script à la main et redémarrez le programme.',
    },
  },
  'discovery.crlf-script': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Line {{line}} of {{path}} ends with a carriage return, which bash takes for a part of the value.',
      hint: 'Convert the script to plain line endings, for example with dos2unix.',
    },
    fr: {
      message:
        'La ligne {{line}} de {{path}} se termine par un retour chariot, que bash prend pour une partie de la valeur.',
      hint: 'Convertissez le script en fins de ligne simples, par exemple avec dos2unix.',
    },
  },
  'discovery.other-hash': {
    code: 'CONFLICT',
    en: {
      message: 'A whole bcrypt hash, but not the one that is taken as right: an older one, or another credential’s.',
      hint: 'Anyone who reads this location is refused. After the import it shows as drifted.',
    },
    fr: {
      message: 'Un hachage bcrypt entier, mais pas celui retenu : un plus ancien, ou celui d’un autre identifiant.',
      hint: 'Toute personne qui lit cet emplacement est refusée. Après l’importation il apparaît comme divergent.',
    },
  },
  'discovery.other-user': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} has several logins; Regie uses one of them.',
      hint: 'This one can be kept in the vault too, and is not given to the service.',
    },
    fr: {
      message: '{{service}} a plusieurs identifiants de connexion ; Regie en utilise un.',
      hint: 'Celui-ci peut aussi être gardé dans le coffre, sans être donné au service.',
    },
  },
  'discovery.placeholder': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This is an example, not a secret.',
      hint: 'As a location it gets the vault’s value when you write it.',
    },
    fr: {
      message: 'Ce qui se trouve ici est un exemple, pas un secret.',
      hint: 'Comme emplacement, il reçoit la valeur du coffre quand vous l’écrivez.',
    },
  },
  'discovery.empty': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This is empty; some services switch protection off then.',
      hint: 'As a location it gets the vault’s value when you write it.',
    },
    fr: {
      message: 'Rien ne se trouve ici ; certains services désactivent alors la protection.',
      hint: 'Comme emplacement, il reçoit la valeur du coffre quand vous l’écrivez.',
    },
  },
  'discovery.service-unsure': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} in {{path}} may be ComfyUI or Forge, but it is not sure which, or where it answers.',
      hint: 'Add it under “Add service”, where you say what it is and give its address.',
    },
    fr: {
      message:
        '{{service}} dans {{path}} est peut-être ComfyUI ou Forge, mais il n’est pas sûr lequel, ni où il répond.',
      hint: 'Ajoutez-le sous « Ajouter un service », où vous dites ce que c’est et donnez son adresse.',
    },
  },
  'discovery.service-open': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} is open to everyone, so it could not tell which value is right.',
      hint: 'Open its page after the import to see what is unprotected.',
    },
    fr: {
      message: '{{service}} est ouvert à tous et n’a donc pas pu dire quelle valeur est juste.',
      hint: 'Ouvrez sa page après l’importation pour voir ce qui n’est pas protégé.',
    },
  },
  'discovery.all-refused': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} refuses every value that was found.',
      hint: 'It may run with an older one until it is restarted, or its own file is elsewhere.',
    },
    fr: {
      message: '{{service}} refuse toutes les valeurs trouvées.',
      hint: 'Il tourne peut-être avec une ancienne valeur jusqu’à son redémarrage, ou son fichier est ailleurs.',
    },
  },
})
