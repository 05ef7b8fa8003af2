import { defineProblems } from './define'

/** What the doctor names where the secret itself, or the way to it, is the trouble. */
export const doctorSecretProblems = defineProblems({
  'doctor.cors-origin': {
    code: 'CONFLICT',
    en: {
      message: 'CORS is limited to {{origin}}: ComfyUI-Login looks at a token only when a request names that origin.',
      hint: 'Start ComfyUI without --enable-cors-header, or with * as its value.',
    },
    fr: {
      message:
        'CORS est limité à {{origin}} : ComfyUI-Login ne regarde un jeton que si la requête nomme cette origine.',
      hint: 'Lancez ComfyUI sans --enable-cors-header, ou avec * pour valeur.',
    },
  },
  'doctor.origin-refused': {
    code: 'CONFLICT',
    en: {
      message:
        'ComfyUI refuses the request’s origin before it looks at any token: something on the way adds an Origin.',
      hint: 'Let the proxy drop the Origin header, or give Regie the address behind it.',
    },
    fr: {
      message:
        'ComfyUI refuse l’origine de la requête avant de regarder le moindre jeton : quelque chose ajoute un en-tête Origin en chemin.',
      hint: 'Faites retirer l’en-tête Origin par le proxy, ou donnez à Regie l’adresse qui se trouve derrière.',
    },
  },
  'doctor.mangled': {
    code: 'CONFLICT',
    en: {
      message: 'The hash was mangled on its way: {{place}} has {{length}} characters in place of 60.',
      hint: 'Compose takes a $ in .env for a variable. Written in single quotes the hash comes through whole.',
    },
    fr: {
      message: 'Le hachage a été abîmé en chemin : {{place}} a {{length}} caractères au lieu de 60.',
      hint: 'Compose prend un $ du .env pour une variable. Entre apostrophes, le hachage passe entier.',
    },
  },
  'doctor.line-ends': {
    code: 'CONFLICT',
    en: {
      message: 'Windows line endings in {{place}}: the carriage return is taken for a part of the secret.',
      hint: 'Rewrite the file with plain line endings, and restart the service.',
    },
    fr: {
      message: 'Fins de ligne Windows dans {{place}} : le retour chariot est pris pour une partie du secret.',
      hint: 'Réécrivez le fichier avec des fins de ligne simples et redémarrez le service.',
    },
  },
  'doctor.byte-order-mark': {
    code: 'CONFLICT',
    en: {
      message: '{{place}} begins with a byte order mark, which the service takes for a part of the secret.',
      hint: 'Rewrite the file without it, and restart the service.',
    },
    fr: {
      message: '{{place}} commence par une marque d’ordre des octets, que le service prend pour une partie du secret.',
      hint: 'Réécrivez le fichier sans elle et redémarrez le service.',
    },
  },
  'doctor.wrong-layer': {
    code: 'CONFLICT',
    en: {
      message: 'The credential opens the web login, and not the API: --gradio-auth and --api-auth differ.',
      hint: 'Give Forge the same pair for both flags, or take the API’s own pair into the vault.',
    },
    fr: {
      message: 'L’identifiant ouvre la page web, et non l’API : --gradio-auth et --api-auth diffèrent.',
      hint: 'Donnez à Forge la même paire pour les deux options, ou reprenez dans le coffre celle de l’API.',
    },
  },
  'doctor.api-open': {
    code: 'CONFLICT',
    en: {
      message: 'Only the web pages are protected (--gradio-auth): the API is open to everyone.',
      hint: 'Add --api-auth with the same pair, and recreate the service.',
    },
    fr: {
      message: 'Seules les pages web sont protégées (--gradio-auth) : l’API est ouverte à tous.',
      hint: 'Ajoutez --api-auth avec la même paire et recréez le service.',
    },
  },
  'doctor.login-differs': {
    code: 'CONFLICT',
    en: {
      message: 'The API lets the credential in, and the web login does not: --api-auth and --gradio-auth differ.',
      hint: 'Give Forge the same pair for both flags, and restart it.',
    },
    fr: {
      message: 'L’API accepte l’identifiant, la page web le refuse : --api-auth et --gradio-auth diffèrent.',
      hint: 'Donnez à Forge la même paire pour les deux options et redémarrez-le.',
    },
  },
  'doctor.wrong-scheme': {
    code: 'CONFLICT',
    en: {
      message: '{{kind}} does not take a credential of the scheme {{scheme}}, such as {{id}}.',
      hint: 'Choose a credential of the right scheme in the connection settings.',
    },
    fr: {
      message: '{{kind}} n’accepte pas un identifiant de type {{scheme}}, comme {{id}}.',
      hint: 'Choisissez un identifiant du bon type dans les paramètres de connexion.',
    },
  },
  'doctor.password-for-token': {
    code: 'CONFLICT',
    en: {
      message:
        'The password stands where the hash belongs: {{place}}. The API takes the hash, the web form the password.',
      hint: 'Write the hash there, and restart the service.',
    },
    fr: {
      message:
        'Le mot de passe se trouve à la place du hachage : {{place}}. L’API veut le hachage, le formulaire le mot de passe.',
      hint: 'Écrivez-y le hachage et redémarrez le service.',
    },
  },
  'doctor.user-name': {
    code: 'CONFLICT',
    en: {
      message: 'The username is another one: {{place}} is not what the vault has.',
      hint: 'Take the service’s username into the vault, or write the vault’s to the service.',
    },
    fr: {
      message: 'Le nom d’utilisateur est un autre : {{place}} diffère du coffre.',
      hint: 'Reprenez dans le coffre le nom du service, ou écrivez celui du coffre dans le service.',
    },
  },
  'doctor.stale': {
    code: 'CONFLICT',
    en: {
      message: '{{place}} is right, and {{id}} still uses what it read at startup.',
      hint: 'Restart the service: it reads its secret only then.',
    },
    fr: {
      message: '{{place}} est juste, mais {{id}} tient encore ce qu’il a lu à son démarrage.',
      hint: 'Redémarrez le service : il ne lit son secret qu’à ce moment.',
    },
  },
  'doctor.stale-environment': {
    code: 'CONFLICT',
    en: {
      message: 'The container still has the previous value ({{place}}): its environment was set when it was created.',
      hint: 'Recreate the container. A restart keeps the old environment.',
    },
    fr: {
      message: 'Le conteneur a encore l’ancienne valeur ({{place}}) : son environnement a été figé à sa création.',
      hint: 'Recréez le conteneur. Un redémarrage garde l’ancien environnement.',
    },
  },
  'doctor.other-secret': {
    code: 'CONFLICT',
    en: {
      message: 'The service goes by another secret than the vault’s: the one in {{place}}, which it lets in.',
      hint: 'Take it into the vault if it is meant; else write the vault’s value there, and have the service read it.',
    },
    fr: {
      message: 'Le service suit un autre secret que celui du coffre : celui de {{place}}, qu’il accepte.',
      hint: 'Reprenez-le dans le coffre s’il est voulu ; sinon écrivez-y la valeur du coffre et faites-la lire au service.',
    },
  },
  'doctor.other-secret-outside': {
    code: 'CONFLICT',
    en: {
      message: 'What answers at {{url}} refuses the vault’s secret: it was given another one where it runs.',
      hint: 'Choose the credential that it was given, or enter the vault’s secret there and restart it.',
    },
    fr: {
      message:
        'Ce qui répond à {{url}} refuse le secret du coffre : un autre lui a été donné là où le service est exécuté.',
      hint: 'Choisissez l’identifiant qui lui a été donné, ou saisissez-y le secret du coffre, puis redémarrez-le.',
    },
  },
  'doctor.other-secret-written': {
    code: 'CONFLICT',
    en: {
      message: '{{place}} does not contain what the vault has.',
      hint: 'Write the vault’s value there, and have the service read it.',
    },
    fr: {
      message: '{{place}} ne contient pas ce que le coffre a.',
      hint: 'Écrivez-y la valeur du coffre et faites-la lire au service.',
    },
  },
})
