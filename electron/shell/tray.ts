import { app, BrowserWindow, Menu, nativeImage, powerMonitor, powerSaveBlocker, Tray } from 'electron'
import path from 'node:path'
import * as z from 'zod'
import { Attention, type PanelEvent } from '../../shared/contract'
import { HealthState } from '../../shared/contract/health'
import type { Language } from '../../shared/problems'
import { serviceName } from '../../shared/service-name'
import { createThrottle } from '../async/throttle'
import type { Handler } from '../http/handler'
import type { Caller } from '../api/context'
import { createBusy } from './busy'
import type { Choices } from './choices'
import { jumpsIn } from './jumps'
import { places, type Place } from './places'
import { panelUrl } from './scheme'
import { canStartAtSignIn, setAtSignIn } from './sign-in'
import { trayTemplate, trayTooltip } from './tray-menu'

/** The menu is made anew this often at most, in ms: services tell of themselves in bursts. */
const everyMs = 500

const Services = z.array(
  z.object({ id: z.string(), name: z.string().optional(), health: z.object({ state: HealthState }) }),
)

export interface TrayParts {
  language: () => Language
  choices: { read(): Choices; change(some: Partial<Choices>): void; onChange(changed: () => void): () => void }
  /** Shows the panel, and a place in it. */
  open: (place: Place) => void
  /** Asks the panel as the person at this computer, with what they may do just now. */
  ask: Asking
  reportBug: (error: unknown) => void
}

export type Asking = (method: 'GET' | 'POST', to: string, body?: object) => Promise<Response>

/** Asks the panel as its own page does, through the same door: a lock holds here too. */
export const askingAs =
  (handler: Handler, caller: Caller): Asking =>
  (method, to, body) => {
    const sent = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    return handler(new Request(`${panelUrl}api/v1/${to}`, { method, ...sent }), caller)
  }

/** What stands outside of the window: icon and menu in the tray, badge, progress, and whether the machine may sleep. */
export interface Outside {
  note(event: PanelEvent): void
  close(): void
}

/** Puts Regie's icon into the tray, and keeps what it says true. */
export function createTray({ language, choices, open, ask, reportBug }: TrayParts): Outside {
  const image = nativeImage.createFromPath(path.join(import.meta.dirname, '../../resources/icons/icon.png'))
  const tray = new Tray(image.resize({ width: 16, height: 16 }))
  const act = (id: string, what: 'start' | 'stop' | 'restart') => {
    void ask('POST', `services/${encodeURIComponent(id)}/${what}`).then((answer) => {
      // Locked, refused, failed: the service's page says why, and asks for what is missing.
      if (!answer.ok) open(places.service(id))
    }, reportBug)
  }
  const draw = async () => {
    const [services, attention] = await Promise.all([
      read(ask, 'services', Services),
      read(ask, 'attention', Attention),
    ])
    if (tray.isDestroyed()) return
    const shown =
      services?.map((service) => ({ id: service.id, name: serviceName(service), state: service.health.state })) ?? null
    const items = attention?.items ?? []
    const template = trayTemplate({
      language: language(),
      services: shown,
      attention: { count: items.length, first: items[0] ? places.of(items[0].leadsTo) : places.overview },
      keepsRunning: choices.read().closing === 'tray',
      atSignIn: choices.read().atSignIn,
      canStartAtSignIn: canStartAtSignIn(),
      ...{ open, act },
      setKeepsRunning: (keeps) => choices.change({ closing: keeps ? 'tray' : 'quit' }),
      setAtSignIn(at) {
        setAtSignIn(at)
        choices.change({ atSignIn: at })
      },
      quit: () => app.quit(),
    })
    tray.setToolTip(trayTooltip({ language: language(), services: shown }))
    tray.setContextMenu(Menu.buildFromTemplate(template))
    app.setBadgeCount(items.length)
  }
  const redraw = createThrottle<null>(everyMs, () => void draw().catch(reportBug))
  // The answer to the first close is given elsewhere: a menu that does not show it would take it back when it is clicked.
  const unlisten = choices.onChange(() => redraw.push(null))
  tray.on('click', () => open(places.overview))
  redraw.push(null)
  const busy = keepAwake()
  return {
    note(event) {
      busy.note(event)
      if (worthDrawing.has(event.type)) redraw.push(null)
    },
    close() {
      unlisten()
      redraw.drop()
      busy.end()
      tray.destroy()
    },
  }
}

/** Has the icon of the program lead to places of the panel, where the system offers that. */
export function offerJumps(language: Language, open: (place: Place) => void): void {
  const jumps = jumpsIn(language)
  if (process.platform === 'win32' && app.isPackaged) {
    const icon = { iconPath: process.execPath, iconIndex: 0, program: process.execPath }
    app.setUserTasks(jumps.map(({ title, link }) => ({ ...icon, arguments: link, title, description: title })))
  }
  app.dock?.setMenu(
    Menu.buildFromTemplate(jumps.map(({ title, place }) => ({ label: title, click: () => open(place) }))),
  )
}

/** What the menu shows hangs on these. */
const worthDrawing: ReadonlySet<PanelEvent['type']> = new Set([
  'service',
  'service-removed',
  'attention',
  'access',
  'vault',
  'preferences',
])

/** What the panel answers, read; null where it refuses: it is locked. */
async function read<T>(ask: Asking, to: string, schema: z.ZodType<T>): Promise<T | null> {
  const answer = await ask('GET', to)
  if (answer.ok) return schema.parse(await answer.json())
  await answer.body?.cancel()
  return null
}

/** Shows on the taskbar how far jobs are, and keeps the machine from sleeping in the middle of one. */
function keepAwake() {
  const busy = createBusy()
  let blocker: number | null = null
  const letSleep = () => {
    if (blocker !== null) powerSaveBlocker.stop(blocker)
    blocker = null
  }
  return {
    note(event: PanelEvent) {
      const now = busy.note(event)
      if (now === null) return
      for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(now.progress ?? -1)
      if (!now.isBusy) letSleep()
      else blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    },
    end: letSleep,
  }
}

/** Calls back when the machine has slept: whatever was known of services is old. */
export const onResume = (resumed: () => void): void => void powerMonitor.on('resume', resumed)
