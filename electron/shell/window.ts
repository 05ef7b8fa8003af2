import { app, BrowserWindow, nativeTheme, screen, type Session } from 'electron'
import { panelUrl } from './scheme'
import { restoreWindow, smallestSize, type WindowState } from './window-state'

/** The canvas colour of the two themes, so that the window does not flash before the page has painted. */
const canvas = { dark: '#141414', light: '#f5f5f5' } as const

export interface PanelWindowOptions {
  session: Session
  /** Where the window's place is remembered. */
  memory: { read(): unknown; write(state: WindowState): void }
}

export interface PanelWindow {
  /** Opens the window, or brings it to the front when it is there. */
  show: () => void
}

/** The panel's one window; not open yet. */
export function createPanelWindow(options: PanelWindowOptions): PanelWindow {
  let window: BrowserWindow | null = null
  return {
    show() {
      if (window) {
        bringToFront(window)
        return
      }
      window = openPanelWindow(options)
      window.once('closed', () => (window = null))
    },
  }
}

/**
 * Opens a window and shows it once it has painted. The page in it is a browser page and nothing more: sandboxed,
 * isolated, without preload script and without node.
 */
function openPanelWindow({ session, memory }: PanelWindowOptions): BrowserWindow {
  const workAreas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea)
  const { bounds, maximized } = restoreWindow(memory.read(), workAreas)
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
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
  window.once('ready-to-show', () => {
    if (maximized) window.maximize()
    window.show()
  })
  window.on('close', () => memory.write({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }))
  reloadAfterCrash(window)
  // A refused load leaves an empty window; the door answers every address, so it means the window is closing.
  window.loadURL(panelUrl).catch(() => undefined)
  return window
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
