import { defineProblems } from './define'

/** Downloads of models. */
export const libraryDownloadProblems = defineProblems({
  'library.address': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This is not an address.',
      hint: 'Give the full https:// address of the file, or its page on Hugging Face or CivitAI.',
    },
    fr: {
      message: 'Ce n’est pas une adresse.',
      hint: 'Donnez l’adresse https:// complète du fichier, ou sa page sur Hugging Face ou CivitAI.',
    },
  },
  'library.not-https': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{host}} is asked without encryption.',
      hint: 'Only https:// addresses are downloaded, redirects included.',
    },
    fr: {
      message: '{{host}} est demandé sans chiffrement.',
      hint: 'Seules les adresses https:// sont téléchargées, redirections comprises.',
    },
  },
  'library.secret-in-address': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The address contains a token or a password.',
      hint: 'Keep the token as a credential of the type token, and choose it here.',
    },
    fr: {
      message: 'L’adresse contient un jeton ou un mot de passe.',
      hint: 'Gardez le jeton comme identifiant de type jeton, et choisissez-le ici.',
    },
  },
  'library.private': {
    code: 'CONFLICT',
    en: {
      message: '{{host}} leads to a private address.',
      hint: 'If this is your own server, confirm that its private address is allowed.',
    },
    fr: {
      message: '{{host}} mène à une adresse privée.',
      hint: 'S’il s’agit de votre serveur, confirmez que son adresse privée est permise.',
    },
  },
  'library.unreachable': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} is not reachable ({{code}}).',
      hint: 'Check the address and the network.',
    },
    fr: {
      message: '{{host}} est injoignable ({{code}}).',
      hint: 'Vérifiez l’adresse et le réseau.',
    },
  },
  'library.untrusted': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The certificate of {{host}} is not trusted ({{code}}).',
      hint: 'Nothing was sent. Check the address.',
    },
    fr: {
      message: 'Le certificat de {{host}} n’est pas digne de confiance ({{code}}).',
      hint: 'Rien n’a été envoyé. Vérifiez l’adresse.',
    },
  },
  'library.redirects': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} redirects too often, or to nowhere.',
      hint: 'Check the address.',
    },
    fr: {
      message: '{{host}} redirige trop souvent, ou nulle part.',
      hint: 'Vérifiez l’adresse.',
    },
  },
  'library.refused': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} refuses the file ({{status}}).',
      hint: 'It may need a token, or its terms accepted on the site first.',
    },
    fr: {
      message: '{{host}} refuse le fichier ({{status}}).',
      hint: 'Il faut peut-être un jeton, ou accepter d’abord ses conditions sur le site.',
    },
  },
  'library.answer': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} answered {{status}} in place of the file.',
      hint: 'Check the address.',
    },
    fr: {
      message: '{{host}} a répondu {{status}} au lieu du fichier.',
      hint: 'Vérifiez l’adresse.',
    },
  },
  'library.page': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} answers a web page, not a file.',
      hint: 'Copy the address of the download button. Some sites ask to sign in: choose a token.',
    },
    fr: {
      message: '{{host}} répond une page web, pas un fichier.',
      hint: 'Copiez l’adresse du bouton de téléchargement. Certains sites demandent de se connecter : choisissez un jeton.',
    },
  },
  'library.no-size': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} does not tell how large the file is.',
      hint: 'Nothing is downloaded whose size is not known first.',
    },
    fr: {
      message: '{{host}} ne dit pas la taille du fichier.',
      hint: 'Rien n’est téléchargé sans que sa taille soit connue.',
    },
  },
  'library.no-folder': {
    code: 'CONFLICT',
    en: {
      message: 'Regie cannot write to that folder, or it is gone.',
      hint: 'Rescan, then choose another folder.',
    },
    fr: {
      message: 'Regie ne peut pas écrire dans ce dossier, ou il n’existe plus.',
      hint: 'Relisez les dossiers, puis choisissez-en un autre.',
    },
  },
  'library.name': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'No file name of a model is known for this address.',
      hint: 'Give a name that ends in .safetensors, .gguf or another ending of model files.',
    },
    fr: {
      message: 'Aucun nom de fichier de modèle n’est connu pour cette adresse.',
      hint: 'Donnez un nom qui finit par .safetensors, .gguf ou une autre extension de modèle.',
    },
  },
  'library.other-hash': {
    code: 'CONFLICT',
    en: {
      message: '{{host}} announces another SHA-256 than the one given.',
      hint: 'Check which file is meant. Nothing was downloaded.',
    },
    fr: {
      message: '{{host}} annonce un autre SHA-256 que celui donné.',
      hint: 'Vérifiez quel fichier est voulu. Rien n’a été téléchargé.',
    },
  },
  'library.other-file': {
    code: 'CONFLICT',
    en: {
      message: '{{host}} now serves another file than the one confirmed.',
      hint: 'Nothing of it was kept. Begin again.',
    },
    fr: {
      message: '{{host}} sert maintenant un autre fichier que celui confirmé.',
      hint: 'Rien n’en a été gardé. Recommencez.',
    },
  },
  'library.cut': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The connection to {{host}} was lost.',
      hint: 'What is there is kept: Resume goes on from there.',
    },
    fr: {
      message: 'La connexion à {{host}} a été perdue.',
      hint: 'Ce qui est là est gardé : Reprendre continue à partir de là.',
    },
  },
  'library.wrong-hash': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'What was downloaded does not have the expected SHA-256.',
      hint: 'It was deleted. Begin again; if it happens again, do not use this source.',
    },
    fr: {
      message: 'Ce qui a été téléchargé n’a pas le SHA-256 attendu.',
      hint: 'Le fichier a été supprimé. Recommencez ; si cela se répète, n’utilisez pas cette source.',
    },
  },
  'library.no-model': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'What was downloaded is no model file, whatever its name says.',
      hint: 'It was deleted. Check the address.',
    },
    fr: {
      message: 'Ce qui a été téléchargé n’est pas un fichier de modèle, malgré son nom.',
      hint: 'Le fichier a été supprimé. Vérifiez l’adresse.',
    },
  },
  'library.no-download': {
    code: 'NOT_FOUND',
    en: {
      message: 'There is no download {{id}}.',
      hint: 'It may have been discarded.',
    },
    fr: {
      message: 'Il n’y a pas de téléchargement {{id}}.',
      hint: 'Il a peut-être été abandonné.',
    },
  },
  'library.too-many': {
    code: 'CONFLICT',
    en: {
      message: 'There are too many unfinished downloads.',
      hint: 'Finish or discard some first.',
    },
    fr: {
      message: 'Il y a trop de téléchargements inachevés.',
      hint: 'Terminez-en ou abandonnez-en d’abord.',
    },
  },
  'library.no-token': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} holds no token.',
      hint: 'Choose a credential of the type token.',
    },
    fr: {
      message: '{{id}} ne contient pas de jeton.',
      hint: 'Choisissez un identifiant de type jeton.',
    },
  },
  'library.download-failed': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The download failed for an unexpected reason.',
      hint: 'The panel’s log has more. Resume tries again.',
    },
    fr: {
      message: 'Le téléchargement a échoué pour une raison inattendue.',
      hint: 'Le journal du panneau en dit plus. Reprendre essaie de nouveau.',
    },
  },
})
