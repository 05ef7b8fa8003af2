import { app, dialog, session } from 'electron'
import { Problem } from '../shared/problems'
import { parseDesktopOptions } from './shell/command-line'
import { keepCrashDumps } from './shell/crashes'
import { takeLinks } from './shell/links'
import { createOpenedFiles } from './shell/opened'
import { chooseFolders, createGuardedWindow, startDesktopPanel } from './shell/panel'
import type { Place } from './shell/places'
import { registerPanelScheme } from './shell/protocol'
import { stopBeforeQuit } from './shell/quit'
import type { PanelWindow } from './shell/window'

/** How long everything that was started may take to end, in ms. */
const stopDeadlineMs = 20_000

// Before the app is ready. Nothing here may await it: an entry that does hangs Electron (electron#40719).
const options = parseDesktopOptions(process.argv.slice(app.isPackaged ? 1 : 2))
app.enableSandbox()
if (process.platform === 'win32') app.setAppUserModelId('app.regie.Regie')
registerPanelScheme()
chooseFolders(options)
keepCrashDumps()

if (app.requestSingleInstanceLock()) run()
else app.quit()

function run(): void {
  let window: PanelWindow | null = null
  const opened = createOpenedFiles()
  /** Where the window is to begin, if it is asked for before it can be shown. */
  let first: Place | undefined
  const show = (place?: Place) => {
    if (window) window.show(place)
    else first = place ?? first
  }

  const starting = app.whenReady().then(() => startDesktopPanel(options, show))
  const isEnding = stopBeforeQuit(app, {
    stop: async () => (await starting).close(),
    failed: (error) => console.error('Regie did not stop in order:', error),
    deadlineMs: stopDeadlineMs,
  })
  takeLinks(show, opened)
  app.on('activate', () => show())
  app.on('window-all-closed', () => {
    if (process.platform === 'darwin') return
    void starting
      .then((panel) => panel.closing())
      .then((closing) => {
        if (closing === 'quit') app.quit()
      }, giveUp)
  })
  starting
    .then((panel) => {
      if (isEnding()) return
      window = createGuardedWindow(panel, session.fromPartition('persist:regie'), opened)
      if (!options.hidden || first !== undefined) window.show(first)
    })
    .catch(giveUp)
}

function giveUp(error: unknown): void {
  const text = error instanceof Problem ? `${error.message}\n${error.hint}` : String(error)
  dialog.showErrorBox('Regie could not start', text)
  app.exit(1)
}
