import { app, BrowserWindow, nativeTheme, screen, type BrowserWindowConstructorOptions, type Session } from 'electron'
import { addressOf, type Place } from './places'
import { panelUrl, type SidePageUrl } from './scheme'
import { restoreWindow, smallestSize, type WindowState } from './window-state'

/** The canvas colour of the two themes, so that the window does not flash before the page has painted. */
const canvas = { dark: '#141414', light: '#f5f5f5' } as const

const sidePageSize = { width: 1100, height: 820 } as const

export interface PanelWindowOptions {
  session: Session
  /** Where the window's place is remembered. */
  memory: { read(): unknown; write(state: WindowState): void }
}

export interface PanelWindow {
  /** Opens the window, or brings it to the front when it is there; with a place, at that. */
  show: (place?: Place) => void
  /** The same for the window with the REST API's page, which goes with the panel's. */
  showSidePage: (address: SidePageUrl) => void
}

/** The panel's window; not open yet. */
export function createPanelWindow({ session, memory }: PanelWindowOptions): PanelWindow {
  let panel: BrowserWindow | null = null
  let sidePage: { window: BrowserWindow; address: SidePageUrl } | null = null
  return {
    show(place) {
      const address = place === undefined ? panelUrl : addressOf(place)
      if (panel) {
        // Within the page that is there: nothing that somebody has typed is lost.
        if (place !== undefined) load(panel, address)
        bringToFront(panel)
        return
      }
      panel = openPanelWindow({ session, memory }, address)
      panel.once('closed', () => {
        panel = null
        sidePage?.window.close()
      })
    },
    showSidePage(address) {
      if (sidePage) {
        if (sidePage.address !== address) load(sidePage.window, address)
        sidePage.address = address
        bringToFront(sidePage.window)
        return
      }
      const window = openWindow(session, address, sidePageSize)
      window.once('ready-to-show', () => window.show())
      window.once('closed', () => (sidePage = null))
      sidePage = { window, address }
    },
  }
}

function openPanelWindow({ session, memory }: PanelWindowOptions, address: string): BrowserWindow {
  const workAreas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea)
  const { bounds, maximized } = restoreWindow(memory.read(), workAreas)
  const limits = { minWidth: smallestSize.width, minHeight: smallestSize.height }
  const window = openWindow(session, address, { ...bounds, ...limits })
  window.once('ready-to-show', () => {
    if (maximized) window.maximize()
    window.show()
  })
  window.on('close', () => memory.write({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }))
  return window
}

/**
 * Opens a window that is shown once it has painted (`ready-to-show`). The page in it is a browser page and nothing
 * more: sandboxed, isolated, without preload script and without node.
 */
function openWindow(session: Session, address: string, size: BrowserWindowConstructorOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...size,
    title: 'Regie',
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? canvas.dark : canvas.light,
    webPreferences: {
      session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  reloadAfterCrash(window)
  load(window, address)
  return window
}

/** The door answers every address, so a load that is refused means that the window is closing. */
function load(window: BrowserWindow, address: string): void {
  window.loadURL(address).catch(() => undefined)
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

const shortestLifeMs = 10_000

/** A page whose process died is loaded again, but not if it dies at once each time. */
function reloadAfterCrash(window: BrowserWindow): void {
  let lastReload = Number.NEGATIVE_INFINITY
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    const now = performance.now()
    if (reason === 'clean-exit' || window.isDestroyed() || now - lastReload < shortestLifeMs) return
    lastReload = now
    window.webContents.reload()
  })
}
