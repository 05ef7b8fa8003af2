import type { Language } from '../../../../shared/problems'

/** Every word of the gateway's own pages. */
export interface Words {
  title: (service: string) => string
  foot: string
  ways: string
  password: string
  accessKey: string
  username: string
  keyHint: string
  enter: string
  enterAndWake: string
  asleep: (service: string) => string
  wakes: string
  wakesIn: (seconds: number) => string
  closed: (service: string) => string
  noAccount: string
  programs: string
  signedOut: string
  signOutTitle: (service: string) => string
  signedInAs: (name: string) => string
  signOutHint: string
  signOut: string
  goOn: (service: string) => string
  goingOn: string
  signIn: string
  startPage: string
  /** What went wrong with what was typed. */
  wrong: {
    password: string
    key: string
    broken: string
    otherService: (service: string) => string
    suspended: string
    empty: string
    wait: (seconds: number) => string
    unreadable: string
    foreign: string
  }
}

const en: Words = {
  title: (service) => `Sign in to ${service}`,
  foot: 'Regie gateway',
  ways: 'Sign in with',
  password: 'Password',
  accessKey: 'Access key',
  username: 'Username',
  keyHint: 'It begins with rk_. You make keys of your own under My access in Regie.',
  enter: 'Sign in',
  enterAndWake: 'Sign in and wake',
  asleep: (service) => `${service} is asleep.`,
  wakes: 'Signing in starts it.',
  wakesIn: (seconds) => `Signing in starts it; ready in about ${seconds} s.`,
  closed: (service) => `${service} is closed until an administrator unlocks Regie’s vault.`,
  noAccount: 'No account or forgotten password? Ask an administrator for an invitation link.',
  programs: 'Programs use an access key, as a bearer token or as the password.',
  signedOut: 'You are signed out.',
  signOutTitle: (service) => `Sign out of ${service}`,
  signedInAs: (name) => `Signed in as ${name}.`,
  signOutHint: 'This ends your session on this service in this browser. Jobs that run go on.',
  signOut: 'Sign out',
  goOn: (service) => `Open ${service}`,
  goingOn: 'One moment…',
  signIn: 'Sign in',
  startPage: 'To the start page',
  wrong: {
    password: 'This name and password are not accepted.',
    key: 'This access key is not accepted. It may have ended or been replaced.',
    broken: 'This is not a whole access key. Copy it again: rk_ and 36 letters and digits.',
    otherService: (service) => `This access key is not for ${service}.`,
    suspended: 'This account is suspended. Ask an administrator.',
    empty: 'Fill in the field first.',
    wait: (seconds) => `Too many failed attempts. Wait ${seconds} s, then try again.`,
    unreadable: 'The form could not be read. Try again.',
    foreign: 'Nothing was done: the request came from another page. Sign in here.',
  },
}

const fr: Words = {
  title: (service) => `Se connecter à ${service}`,
  foot: 'Passerelle Regie',
  ways: 'Se connecter avec',
  password: 'Mot de passe',
  accessKey: 'Clé d’accès',
  username: 'Nom d’utilisateur',
  keyHint: 'Elle commence par rk_. Vous créez vos propres clés dans Mon accès, dans Regie.',
  enter: 'Se connecter',
  enterAndWake: 'Se connecter et réveiller',
  asleep: (service) => `${service} est en veille.`,
  wakes: 'La connexion le démarre.',
  wakesIn: (seconds) => `La connexion le démarre ; prêt dans environ ${seconds} s.`,
  closed: (service) => `${service} est fermé jusqu’à ce qu’un administrateur déverrouille le coffre de Regie.`,
  noAccount: 'Pas de compte ou mot de passe oublié ? Demandez un lien d’invitation à un administrateur.',
  programs: 'Les programmes utilisent une clé d’accès, comme jeton Bearer ou comme mot de passe.',
  signedOut: 'Vous êtes déconnecté.',
  signOutTitle: (service) => `Se déconnecter de ${service}`,
  signedInAs: (name) => `Connecté en tant que ${name}.`,
  signOutHint: 'Votre session sur ce service se termine dans ce navigateur. Les tâches en cours continuent.',
  signOut: 'Se déconnecter',
  goOn: (service) => `Ouvrir ${service}`,
  goingOn: 'Un instant…',
  signIn: 'Se connecter',
  startPage: 'Vers la page d’accueil',
  wrong: {
    password: 'Ce nom et ce mot de passe ne sont pas acceptés.',
    key: 'Cette clé d’accès n’est pas acceptée. Elle est peut-être terminée ou remplacée.',
    broken: 'Ce n’est pas une clé d’accès entière. Copiez-la de nouveau : rk_ et 36 lettres et chiffres.',
    otherService: (service) => `Cette clé d’accès n’est pas valable pour ${service}.`,
    suspended: 'Ce compte est suspendu. Demandez à un administrateur.',
    empty: 'Remplissez d’abord le champ.',
    wait: (seconds) => `Trop de tentatives refusées. Attendez ${seconds} s, puis réessayez.`,
    unreadable: 'Le formulaire n’a pas pu être lu. Réessayez.',
    foreign: 'Rien n’a été fait : la demande venait d’une autre page. Connectez-vous ici.',
  },
}

export const words: Record<Language, Words> = { en, fr }
