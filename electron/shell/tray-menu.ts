import type { MenuItemConstructorOptions } from 'electron'
import type { HealthState } from '../../shared/contract'
import { plainText } from '../../shared/plain-text'
import type { Language } from '../../shared/problems'
import { places, type Place } from './places'

/** What the tray tells of a service. */
export interface TrayService {
  id: string
  name: string
  state: HealthState
}

export interface TrayOptions {
  language: Language
  /** Null while they may not be told: the panel is locked, or its vault is. */
  services: readonly TrayService[] | null
  /** How much needs attention, and where the worst of it is mended. */
  attention: { count: number; first: Place }
  keepsRunning: boolean
  atSignIn: boolean
  /** Whether it can be started at the sign-in: not from a clone. */
  canStartAtSignIn: boolean
  open: (place: Place) => void
  act: (serviceId: string, what: 'start' | 'stop' | 'restart') => void
  setKeepsRunning: (keeps: boolean) => void
  setAtSignIn: (at: boolean) => void
  quit: () => void
}

const words = {
  en: {
    open: 'Open Regie',
    locked: 'Locked: open Regie to see the services',
    none: 'No services yet',
    attention: (count: number) => `Needs attention (${count})`,
    calm: 'Nothing needs attention',
    show: 'Show',
    start: 'Start',
    stop: 'Stop',
    restart: 'Restart',
    keep: 'Keep running when the window is closed',
    atSignIn: 'Start at sign-in',
    quit: 'Quit Regie',
    ready: (ready: number, all: number) => `Regie: ${ready} of ${all} services ready`,
    states: {
      absent: 'Absent',
      stopped: 'Stopped',
      starting: 'Starting',
      listening: 'Listening',
      authenticated: 'Authenticated',
      ready: 'Ready',
      unhealthy: 'Unhealthy',
      'locked-out': 'Locked out',
      unreachable: 'Unreachable',
    },
  },
  fr: {
    open: 'Ouvrir Regie',
    locked: 'Verrouillé : ouvrez Regie pour voir les services',
    none: 'Aucun service pour l’instant',
    attention: (count: number) => `À traiter (${count})`,
    calm: 'Rien à traiter',
    show: 'Afficher',
    start: 'Démarrer',
    stop: 'Arrêter',
    restart: 'Redémarrer',
    keep: 'Continuer quand la fenêtre est fermée',
    atSignIn: 'Démarrer à l’ouverture de session',
    quit: 'Quitter Regie',
    ready: (ready: number, all: number) => `Regie : ${ready} services prêts sur ${all}`,
    states: {
      absent: 'Absent',
      stopped: 'Arrêté',
      starting: 'Démarrage',
      listening: 'À l’écoute',
      authenticated: 'Authentifié',
      ready: 'Prêt',
      unhealthy: 'En panne',
      'locked-out': 'Accès refusé',
      unreachable: 'Injoignable',
    },
  },
} satisfies Record<Language, Record<string, unknown> & { states: Record<HealthState, string> }>

/** So many services have an entry; the others are in the panel. */
const most = 12

/** What the icon says when it is pointed at. */
export function trayTooltip({ language, services }: Pick<TrayOptions, 'language' | 'services'>): string {
  if (services === null) return 'Regie'
  return words[language].ready(services.filter(({ state }) => state === 'ready').length, services.length)
}

/** A name in a menu, where `&` would underline what follows. */
const plain = (name: string): string => plainText(name).replaceAll('&', '&&')

function serviceItem(
  { id, name, state }: TrayService,
  { language, open, act }: TrayOptions,
): MenuItemConstructorOptions {
  const say = words[language]
  const runs = state !== 'stopped' && state !== 'absent' && state !== 'unreachable'
  return {
    label: `${plain(name)}: ${say.states[state]}`,
    submenu: [
      { label: say.show, click: () => open(places.service(id)) },
      { type: 'separator' },
      { label: say.start, enabled: !runs, click: () => act(id, 'start') },
      { label: say.stop, enabled: runs, click: () => act(id, 'stop') },
      { label: say.restart, enabled: runs, click: () => act(id, 'restart') },
    ],
  }
}

/** The menu of the tray's icon. */
export function trayTemplate(options: TrayOptions): MenuItemConstructorOptions[] {
  const { language, services, attention, open } = options
  const say = words[language]
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const listed: MenuItemConstructorOptions[] =
    services === null || services.length === 0
      ? [{ label: services === null ? say.locked : say.none, enabled: false }]
      : services.slice(0, most).map((service) => serviceItem(service, options))
  const atSignIn: MenuItemConstructorOptions = {
    ...{ label: say.atSignIn, type: 'checkbox', checked: options.atSignIn },
    click: () => options.setAtSignIn(!options.atSignIn),
  }
  return [
    { label: say.open, click: () => open(places.overview) },
    services === null || attention.count === 0
      ? { label: say.calm, enabled: false, visible: services !== null }
      : { label: say.attention(attention.count), click: () => open(attention.first) },
    separator,
    ...listed,
    separator,
    {
      ...{ label: say.keep, type: 'checkbox', checked: options.keepsRunning },
      click: () => options.setKeepsRunning(!options.keepsRunning),
    },
    ...(options.canStartAtSignIn ? [atSignIn] : []),
    separator,
    { label: say.quit, click: options.quit },
  ]
}
