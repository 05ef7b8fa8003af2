import { defineProblems } from './define'

/** Why the gateway does not let somebody in. */
export const gatewayDoorProblems = defineProblems({
  'gateway.key-required': {
    code: 'UNAUTHORIZED',
    en: {
      message: 'An access key of Regie is needed here.',
      hint: 'Make one under My access in Regie. Send it as “Authorization: Bearer rk_…”, as the password of Basic, or as ?token=rk_….',
    },
    fr: {
      message: 'Une clé d’accès Regie est nécessaire ici.',
      hint: 'Créez-en une dans Mon accès, dans Regie. Envoyez-la avec « Authorization: Bearer rk_… », comme mot de passe Basic, ou avec ?token=rk_….',
    },
  },
  'gateway.key-refused': {
    code: 'UNAUTHORIZED',
    en: {
      message: 'This access key is not accepted.',
      hint: 'It has ended or was replaced, or its account is suspended. Make a new one under My access in Regie, or ask an administrator.',
    },
    fr: {
      message: 'Cette clé d’accès n’est pas acceptée.',
      hint: 'Elle est terminée ou remplacée, ou son compte est suspendu. Créez-en une nouvelle dans Mon accès, dans Regie, ou adressez-vous à un administrateur.',
    },
  },
  'gateway.key-broken': {
    code: 'UNAUTHORIZED',
    en: {
      message: 'This is not a whole access key.',
      hint: 'Copy it again: rk_ and 36 letters and digits, without quotes, and nothing after it.',
    },
    fr: {
      message: 'Ce n’est pas une clé d’accès entière.',
      hint: 'Copiez-la de nouveau : rk_ et 36 lettres et chiffres, sans guillemets, et rien après.',
    },
  },
  'gateway.two-keys': {
    code: 'UNAUTHORIZED',
    en: {
      message: 'Two different access keys were sent at once.',
      hint: 'Send one: in the header Authorization, or as ?token= in the address.',
    },
    fr: {
      message: 'Deux clés d’accès différentes ont été envoyées à la fois.',
      hint: 'N’en envoyez qu’une : dans l’en-tête Authorization, ou avec ?token= dans l’adresse.',
    },
  },
  'gateway.service-secret': {
    code: 'UNAUTHORIZED',
    en: {
      message: 'This is the service’s own secret. Here each person uses an access key of their own.',
      hint: 'Make one under My access in Regie and put it where the secret stands: as the token, or as the password with any name.',
    },
    fr: {
      message: 'C’est le secret du service lui-même. Ici, chaque personne utilise sa propre clé d’accès.',
      hint: 'Créez-en une dans Mon accès, dans Regie, et mettez-la à la place du secret : comme jeton, ou comme mot de passe avec n’importe quel nom.',
    },
  },
  'gateway.not-a-key': {
    code: 'UNAUTHORIZED',
    en: {
      message: 'What was sent is no access key of Regie.',
      hint: 'A key begins with rk_. Make one under My access in Regie, and send it as the token, or as the password with any name.',
    },
    fr: {
      message: 'Ce qui a été envoyé n’est pas une clé d’accès Regie.',
      hint: 'Une clé commence par rk_. Créez-en une dans Mon accès, dans Regie, et envoyez-la comme jeton, ou comme mot de passe avec n’importe quel nom.',
    },
  },
  'gateway.other-service': {
    code: 'FORBIDDEN',
    en: {
      message: 'This access key is not for {{id}}.',
      hint: 'Use a key that names it, or one for all services: My access in Regie shows which are which.',
    },
    fr: {
      message: 'Cette clé d’accès n’est pas valable pour {{id}}.',
      hint: 'Utilisez une clé qui le nomme, ou une clé pour tous les services : Mon accès, dans Regie, les montre.',
    },
  },
  'gateway.vault-locked': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The services are closed until an administrator unlocks Regie’s vault.',
      hint: 'Your access is right. An administrator enters the passphrase on the Credentials page.',
    },
    fr: {
      message: 'Les services sont fermés jusqu’à ce qu’un administrateur déverrouille le coffre de Regie.',
      hint: 'Votre accès est bon. Un administrateur saisit la phrase secrète sur la page Identifiants.',
    },
  },
  'gateway.wrong-address': {
    code: 'FORBIDDEN',
    en: {
      message: 'The gateway is not known by the name {{host}}.',
      hint: 'Use the address that Regie shows for the service, in My access.',
    },
    fr: {
      message: 'La passerelle n’est pas connue sous le nom {{host}}.',
      hint: 'Utilisez l’adresse que Regie indique pour le service, dans Mon accès.',
    },
  },
  'gateway.foreign-page': {
    code: 'FORBIDDEN',
    en: {
      message: 'The page at {{origin}} may not use your sign-in here.',
      hint: 'Open the service itself. A program sends an access key of its own.',
    },
    fr: {
      message: 'La page {{origin}} ne peut pas utiliser votre connexion ici.',
      hint: 'Ouvrez le service lui-même. Un programme envoie sa propre clé d’accès.',
    },
  },
})
