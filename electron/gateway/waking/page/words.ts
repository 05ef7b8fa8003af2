import type { RungId } from '../../../../shared/contract'
import type { Language } from '../../../../shared/problems'

/** Every word of the waking page. */
export interface WakingWords {
  title: Record<'start' | 'restart' | 'rotation', (service: string) => string>
  notStarted: (service: string) => string
  lead: string
  leadHeld: string
  left: (time: string) => string
  of: (elapsed: string, usual: string) => string
  longer: (usual: string, elapsed: string) => string
  soFar: (elapsed: string) => string
  held: (time: string) => string
  ladder: string
  rung: Record<RungId, string>
  rungState: Record<'done' | 'now' | 'failed' | 'next', string>
  lastAsked: (time: string) => string
  place: (place: number) => string
  ahead: (jobs: number) => string
  slept: (at: string, minutes: number) => string
  woken: (at: string) => string
  /** Of its hours. */
  keptUntil: (at: string) => string
  opens: (at: string) => string
  cancel: string
  retries: (seconds: number) => string
  again: string
  signedInAs: (name: string) => string
  tab: (time: string, service: string) => string
  locale: string
}

const ordinal = (n: number) => {
  const tail = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${tail}`
}

const en: WakingWords = {
  title: {
    start: (service) => `${service} is starting`,
    restart: (service) => `${service} is restarting`,
    rotation: (service) => `${service} gets a new secret`,
  },
  notStarted: (service) => `${service} is not available`,
  lead: 'This page opens it as soon as it is ready.',
  leadHeld: 'Nothing is lost: this page opens it as soon as it answers again.',
  left: (time) => `About ${time} left`,
  of: (elapsed, usual) => `${elapsed} of usually ${usual}`,
  longer: (usual, elapsed) => `Longer than usual (${usual}): ${elapsed} so far`,
  soFar: (elapsed) => `${elapsed} so far`,
  held: (time) => `Held for about ${time}`,
  ladder: 'Health ladder',
  rung: {
    present: 'Present',
    running: 'Running',
    listening: 'Listening',
    authenticated: 'Authenticated',
    ready: 'Ready',
  },
  rungState: { done: 'passed', now: 'in progress', failed: 'failed', next: 'not yet' },
  lastAsked: (time) => `${time} ago`,
  place: (place) => `You are ${ordinal(place)} in line`,
  ahead: (jobs) => (jobs === 1 ? '1 job is ahead of yours and starts first.' : `${jobs} jobs are ahead of yours.`),
  slept: (at, minutes) => `Stopped at ${at} after ${minutes} min idle.`,
  woken: (at) => `A request woke it at ${at}.`,
  keptUntil: (at) => `Its hours last until ${at}.`,
  opens: (at) => `Its hours begin ${at}.`,
  cancel: 'Cancel and go back',
  retries: (seconds) => `This page tries again in ${seconds} s.`,
  again: 'Try again',
  signedInAs: (name) => `Signed in as ${name}`,
  tab: (time, service) => `${time}: ${service}`,
  locale: 'en-GB',
}

const fr: WakingWords = {
  title: {
    start: (service) => `${service} démarre`,
    restart: (service) => `${service} redémarre`,
    rotation: (service) => `${service} reçoit un nouveau secret`,
  },
  notStarted: (service) => `${service} n’est pas disponible`,
  lead: 'Cette page l’ouvre dès qu’il est prêt.',
  leadHeld: 'Rien n’est perdu : cette page l’ouvre dès qu’il répond de nouveau.',
  left: (time) => `Encore ${time} environ`,
  of: (elapsed, usual) => `${elapsed} sur ${usual} d’habitude`,
  longer: (usual, elapsed) => `Plus long que d’habitude (${usual}) : déjà ${elapsed}`,
  soFar: (elapsed) => `Depuis ${elapsed}`,
  held: (time) => `En attente, environ ${time}`,
  ladder: 'Échelle de santé',
  rung: {
    present: 'Présent',
    running: 'En marche',
    listening: 'À l’écoute',
    authenticated: 'Authentifié',
    ready: 'Prêt',
  },
  rungState: { done: 'réussi', now: 'en cours', failed: 'en échec', next: 'pas encore' },
  lastAsked: (time) => `il y a ${time}`,
  place: (place) => `Vous êtes ${place === 1 ? 'le 1er' : `le ${place}e`} de la file`,
  ahead: (jobs) => (jobs === 1 ? '1 tâche passe avant la vôtre.' : `${jobs} tâches passent avant la vôtre.`),
  slept: (at, minutes) => `Arrêté à ${at} après ${minutes} min sans activité.`,
  woken: (at) => `Une requête l’a réveillé à ${at}.`,
  keptUntil: (at) => `Ses heures durent jusqu’à ${at}.`,
  opens: (at) => `Ses heures commencent ${at}.`,
  cancel: 'Annuler et revenir',
  retries: (seconds) => `Cette page réessaie dans ${seconds} s.`,
  again: 'Réessayer',
  signedInAs: (name) => `Connecté en tant que ${name}`,
  tab: (time, service) => `${time} : ${service}`,
  locale: 'fr-FR',
}

export const wakingWords: Record<Language, WakingWords> = { en, fr }
