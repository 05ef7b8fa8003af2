import { defineProblems } from './define'

export const discoveryProblems = defineProblems({
  'discovery.no-folder': {
    code: 'BAD_REQUEST',
    en: { message: '{{path}} is no folder on this machine.', hint: 'Give the whole path of a folder that is there.' },
    fr: {
      message: '{{path}} n’est pas un dossier de cette machine.',
      hint: 'Donnez le chemin complet d’un dossier existant.',
    },
  },
  'discovery.gone': {
    code: 'NOT_FOUND',
    en: {
      message: 'What was found is no longer at hand: it is kept for {{minutes}} minutes.',
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
      hint: 'Nothing was imported. Search the folder again, so that you decide on what stands there now.',
    },
    fr: {
      message: '{{path}} a changé depuis sa lecture.',
      hint: 'Rien n’a été importé. Relancez la recherche, pour décider de ce qui s’y trouve maintenant.',
    },
  },
  'discovery.unknown': {
    code: 'BAD_REQUEST',
    en: { message: 'The proposal holds no {{what}}.', hint: 'Nothing was imported. Use the ids of the proposal.' },
    fr: {
      message: 'La proposition ne contient pas {{what}}.',
      hint: 'Rien n’a été importé. Utilisez les identifiants de la proposition.',
    },
  },
  'discovery.no-source': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'No place was chosen whose value {{id}} takes.',
      hint: 'Nothing was imported. Choose the place that is right.',
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
      hint: 'Nothing was imported. Add the places to that credential, or take it from the service first.',
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
      hint: 'Search one of them by itself if secrets lie there.',
    },
    fr: {
      message: 'Les dossiers à plus de {{depth}} niveaux n’ont pas été parcourus ({{count}}).',
      hint: 'Lancez la recherche sur l’un d’eux s’il contient des secrets.',
    },
  },
  'discovery.too-many': {
    code: 'PAYLOAD_TOO_LARGE',
    en: {
      message: 'The search ended early, after {{folders}} folders and {{files}} files.',
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
      hint: 'Add it by hand if it is one.',
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
      hint: 'Search the folder that they lead to by itself.',
    },
    fr: {
      message: 'Les liens qui sortent du dossier n’ont pas été suivis ({{count}}).',
      hint: 'Lancez la recherche dans le dossier vers lequel ils mènent.',
    },
  },
  'discovery.cut-hash': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'A bcrypt hash that was cut: {{length}} of 60 characters.',
      hint: 'No service accepts it. After the import it shows as drifted: write the vault’s value.',
    },
    fr: {
      message: 'Un condensat bcrypt tronqué : {{length}} caractères sur 60.',
      hint: 'Aucun service ne l’accepte. Après l’importation il apparaît en dérive : écrivez la valeur du coffre.',
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
        'Le condensat de cet identifiant, amputé ({{length}} caractères sur 60) : Compose a pris ce qui suit un $ pour une variable.',
      hint: 'Après l’importation il apparaît en dérive. La valeur du coffre est écrite entre apostrophes, que Compose laisse intactes.',
    },
  },
  'discovery.plain-token': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This is no bcrypt hash, but the API of ComfyUI-Login takes the hash as its token.',
      hint: 'Whoever reads this place is refused. After the import it shows as drifted.',
    },
    fr: {
      message: 'Ce n’est pas un condensat bcrypt, alors que l’API de ComfyUI-Login prend le condensat pour jeton.',
      hint: 'Qui lit cet emplacement est refusé. Après l’importation il apparaît en dérive.',
    },
  },
  'discovery.password-apart': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This password belongs to none of the hashes that were found.',
      hint: 'bcrypt was asked. It is an old one, or its hash stands elsewhere.',
    },
    fr: {
      message: 'Ce mot de passe ne correspond à aucun des condensats trouvés.',
      hint: 'bcrypt a été interrogé. C’est un ancien mot de passe, ou son condensat se trouve ailleurs.',
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
        'Trop de mots de passe et de condensats pour chercher lesquels vont ensemble ; {{tried}} paires ont été essayées.',
      hint: 'Lancez la recherche sur un dossier plus petit.',
    },
  },
  'discovery.no-hash': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Only a password was found, not the hash that the service keeps.',
      hint: 'The import makes a new hash of it, which the service does not know yet: write the sinks and restart it, or rotate.',
    },
    fr: {
      message: 'Seul un mot de passe a été trouvé, pas le condensat que garde le service.',
      hint: 'L’importation en fait un nouveau condensat, que le service ne connaît pas encore : écrivez les destinations et redémarrez-le, ou renouvelez.',
    },
  },
  'discovery.no-sink': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'A secret in clear text in line {{line}} of {{path}}, where Regie cannot write it.',
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
      message: '{{path}} seals browser sessions of a ComfyUI, but it cannot be told which credential opens that one.',
      hint: 'Add the file as a sink to that credential by hand: without it, a rotation leaves open sessions valid.',
    },
    fr: {
      message:
        '{{path}} scelle les sessions de navigateur d’un ComfyUI, mais rien ne dit quel identifiant ouvre celui-ci.',
      hint: 'Ajoutez le fichier à la main comme destination de cet identifiant : sinon, une rotation laisse valides les sessions ouvertes.',
    },
  },
  'discovery.no-sink-script': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'A login in clear text in line {{line}} of {{path}}, where Regie cannot write it.',
      hint: 'Regie can keep it and open the service with it. To change it, edit the script by hand and restart the program.',
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
      hint: 'Convert the script to plain line ends, for example with dos2unix.',
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
      hint: 'Whoever reads this place is refused. After the import it shows as drifted.',
    },
    fr: {
      message: 'Un condensat bcrypt entier, mais pas celui retenu : un plus ancien, ou celui d’un autre identifiant.',
      hint: 'Qui lit cet emplacement est refusé. Après l’importation il apparaît en dérive.',
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
      message: 'What stands here is an example, no secret.',
      hint: 'As a sink it gets the vault’s value when you write it.',
    },
    fr: {
      message: 'Ce qui se trouve ici est un exemple, pas un secret.',
      hint: 'Comme destination, il reçoit la valeur du coffre quand vous l’écrivez.',
    },
  },
  'discovery.empty': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Nothing stands here; some services switch protection off then.',
      hint: 'As a sink it gets the vault’s value when you write it.',
    },
    fr: {
      message: 'Rien ne se trouve ici ; certains services désactivent alors la protection.',
      hint: 'Comme destination, il reçoit la valeur du coffre quand vous l’écrivez.',
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
      message: '{{service}} lets everybody in, so it could not tell which value is right.',
      hint: 'Open its page after the import to see what is unprotected.',
    },
    fr: {
      message: '{{service}} laisse entrer tout le monde et n’a donc pas pu dire quelle valeur est juste.',
      hint: 'Ouvrez sa page après l’importation pour voir ce qui n’est pas protégé.',
    },
  },
  'discovery.all-refused': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} refuses every value that was found.',
      hint: 'It may run with an older one until it is restarted, or its own file lies elsewhere.',
    },
    fr: {
      message: '{{service}} refuse toutes les valeurs trouvées.',
      hint: 'Il tourne peut-être avec une ancienne valeur jusqu’à son redémarrage, ou son fichier est ailleurs.',
    },
  },
})
