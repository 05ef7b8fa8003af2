import { defineProblems } from './define'

/** Signing in, the lock, passwords, and what asks for them again. */
export const accessProblems = defineProblems({
  'session.required': {
    code: 'UNAUTHORIZED',
    en: {
      message: 'You are not signed in.',
      hint: 'Open the sign-in link that Regie printed when it started, or sign in with a password or an API token.',
    },
    fr: {
      message: 'Vous n’êtes pas connecté.',
      hint: 'Ouvrez le lien de connexion que Regie a affiché au démarrage, ou connectez-vous avec un mot de passe ou un jeton d’API.',
    },
  },
  'session.bad-token': {
    code: 'UNAUTHORIZED',
    en: {
      message: 'This link, token or code is not accepted.',
      hint: 'A link or a code works once, a code for ten minutes. Have another code printed where you are asked for one, restart Regie for a new link, or use the admin token or a password.',
    },
    fr: {
      message: 'Ce lien, ce jeton ou ce code n’est pas accepté.',
      hint: 'Un lien ou un code ne sert qu’une fois, un code pendant dix minutes. Faites afficher un autre code là où il est demandé, redémarrez Regie pour un nouveau lien, ou utilisez le jeton d’administration ou un mot de passe.',
    },
  },
  'session.bad-password': {
    code: 'UNAUTHORIZED',
    en: {
      message: 'This password is not accepted.',
      hint: 'Check the keyboard’s layout and Caps Lock, then try again. Repeated failures add a delay.',
    },
    fr: {
      message: 'Ce mot de passe n’est pas accepté.',
      hint: 'Vérifiez la disposition du clavier et le verrouillage des majuscules, puis réessayez. Des échecs répétés ajoutent un délai.',
    },
  },
  'session.too-many': {
    code: 'TOO_MANY_REQUESTS',
    en: { message: 'Too many failed attempts.', hint: 'Wait {{seconds}} seconds, then try again.' },
    fr: { message: 'Trop de tentatives refusées.', hint: 'Attendez {{seconds}} secondes, puis réessayez.' },
  },
  'session.forbidden': {
    code: 'FORBIDDEN',
    en: { message: 'Administrators only.', hint: 'Sign in as an administrator and try again.' },
    fr: {
      message: 'Réservé aux administrateurs.',
      hint: 'Connectez-vous comme administrateur et réessayez.',
    },
  },
  'session.link-unwritten': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The link that signs in could not be written to {{path}}.',
      hint: 'Whoever is signed in stays so, and passwords and the admin token still work. Free some space on that disk; it is written again within a minute.',
    },
    fr: {
      message: 'Le lien de connexion n’a pas pu être écrit dans {{path}}.',
      hint: 'Les sessions ouvertes le restent, et les mots de passe comme le jeton d’administration fonctionnent toujours. Libérez de l’espace sur ce disque ; il sera réécrit dans la minute.',
    },
  },
  'session.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'This session has already ended.', hint: 'Refresh the list of sessions.' },
    fr: { message: 'Cette session est déjà terminée.', hint: 'Actualisez la liste des sessions.' },
  },
  'session.locked': {
    code: 'UNAUTHORIZED',
    en: { message: 'Regie is locked.', hint: 'Unlock it with the password.' },
    fr: { message: 'Regie est verrouillé.', hint: 'Déverrouillez-le avec le mot de passe.' },
  },
  'session.admin-locked': {
    code: 'FORBIDDEN',
    en: {
      message: 'Admin actions are locked.',
      hint: 'Enter the admin password: it unlocks them for 15 minutes.',
    },
    fr: {
      message: 'Les actions d’administration sont verrouillées.',
      hint: 'Saisissez le mot de passe administrateur : il les déverrouille pour 15 minutes.',
    },
  },
  'session.reauth-required': {
    code: 'FORBIDDEN',
    en: {
      message: 'Confirm your identity first.',
      hint: 'Enter the password (without one: the admin token or a code from Regie’s terminal; on the desktop, confirm in Regie’s dialog) and repeat it within 5 minutes.',
    },
    fr: {
      message: 'Confirmez d’abord votre identité.',
      hint: 'Saisissez le mot de passe (sinon le jeton d’administration ou un code du terminal de Regie ; sur le bureau, confirmez dans la fenêtre de Regie) et recommencez dans les 5 minutes.',
    },
  },
  'session.not-confirmed': {
    code: 'FORBIDDEN',
    en: {
      message: 'Your identity was not confirmed, so nothing was done.',
      hint: 'Try again and confirm in the dialog that Regie opens on the desktop. In a browser, or where there is an admin password, give a code or the password instead.',
    },
    fr: {
      message: 'Votre identité n’a pas été confirmée ; rien n’a donc été fait.',
      hint: 'Recommencez et confirmez dans la fenêtre que Regie ouvre sur le bureau. Dans un navigateur, ou s’il y a un mot de passe administrateur, donnez plutôt un code ou ce mot de passe.',
    },
  },
  'access.no-password': {
    code: 'CONFLICT',
    en: {
      message: 'No password is set that could unlock Regie again.',
      hint: 'Set a password in Settings, Access, first.',
    },
    fr: {
      message: 'Aucun mot de passe ne permettrait de déverrouiller.',
      hint: 'Définissez d’abord un mot de passe dans Réglages, Accès.',
    },
  },
  'access.password-short': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'A password needs at least {{least}} characters.', hint: 'Choose a longer one.' },
    fr: { message: 'Un mot de passe demande au moins {{least}} caractères.', hint: 'Choisissez-en un plus long.' },
  },
  'access.password-long': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'A password may have at most {{most}} bytes: bcrypt would silently ignore the rest.',
      hint: 'Choose a shorter one; accented letters count as two or more bytes.',
    },
    fr: {
      message: 'Un mot de passe peut avoir au plus {{most}} octets : bcrypt ignorerait le reste sans le dire.',
      hint: 'Choisissez-en un plus court ; une lettre accentuée compte pour deux octets ou plus.',
    },
  },
  'access.unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The stored passwords cannot be read, so none is accepted.',
      hint: 'Stop Regie, and repair or remove "access" in config.json of the data folder.',
    },
    fr: {
      message: 'Les mots de passe enregistrés sont illisibles ; aucun n’est donc accepté.',
      hint: 'Arrêtez Regie, puis réparez ou supprimez « access » dans config.json du dossier de données.',
    },
  },
})
