import { app, BrowserWindow, clipboard, dialog, safeStorage, shell, type Session } from 'electron'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { DesktopActions } from '../api/context'
import { createPanel, type Panel } from '../panel/create'
import { builtPrograms } from '../panel/programs'
import { setAsideUnreadableConfig } from '../storage/config'
import { readPreferences } from '../storage/preferences'
import { firstAccount, type PanelEvent } from '../../shared/contract'
import { prepareDataFolder } from '../storage/data-folder'
import { dataPaths } from '../storage/paths'
import { keychainKeeper, keyFileKeeper, type KeyKeeper } from '../vault/keepers'
import { actsOf, actWords, doAct, type Act } from './acts'
import { announcementOf } from './announcements'
import { applySettings, languageOf } from './appearance'
import { createClosing } from './closing'
import type { DesktopOptions } from './command-line'
import { createLinkOpener } from './external-links'
import { guardAllContents, guardSession, type GuardOptions } from './guards'
import { createDesktopInstaller } from './installer'
import { openKeychain } from './keychain'
import { showNotification } from './notifications'
import { ownerCaller } from './owner-caller'
import { placeOfEvent, type Place } from './places'
import { serveDesktopDoor } from './protocol'
import { sidePageUrls } from './scheme'
import type { OpenedFiles } from './opened'
import { createOwnerDialog } from './owner-dialog'
import { createRestarting, type Restarting } from './restart'
import { createDesktopSecrets } from './secrets'
import { openDesktopConfig, openWindowMemory } from './store'
import { askingAs, createTray, offerJumps, onResume, type Outside } from './tray'
import { createPanelWindow, type PanelWindow } from './window'

/**
 * Puts everything of this program under one folder, before it is ready: the data where headless mode finds it too,
 * and what the browser engine stores in a folder of its own.
 */
export function chooseFolders({ data }: DesktopOptions): void {
  const dataFolder = prepareDataFolder(data ?? app.getPath('userData'))
  app.setPath('userData', dataFolder)
  app.setPath('sessionData', prepareDataFolder(path.join(dataFolder, 'browser')))
}

/** Who keeps the vault's key: the demo's file, the system's keychain, or, with null, a passphrase from the page. */
async function chooseKeeper({ demo }: DesktopOptions, keyFile: string): Promise<KeyKeeper | null> {
  // The file is there when this folder began as a demo; its vault opens with nothing else.
  if (demo || existsSync(keyFile)) return keyFileKeeper(keyFile)
  const keychain = await openKeychain(safeStorage, process.platform)
  return keychain && keychainKeeper(keychain)
}

/** A running panel with what stands outside of its window. */
export interface DesktopPanel extends Panel {
  /** Asked when the last window is gone: whether Regie goes on in the tray. */
  closing: () => Promise<'tray' | 'quit'>
}

/** What the panel can do only on a desktop: folders that open, paths and answers that are asked for in dialogs. */
const desktopMeans = (
  language: Parameters<typeof createOwnerDialog>[0]['language'],
  secrets: ReturnType<typeof createDesktopSecrets>,
  restarting: Restarting,
): DesktopActions => ({
  async openFolder(folder) {
    await shell.openPath(folder)
  },
  async choosePath(kind, from) {
    const { canceled, filePaths } = await dialog.showOpenDialog({
      properties: kind === 'folder' ? ['openDirectory', 'createDirectory'] : ['openFile'],
      ...(from !== undefined && { defaultPath: from }),
    })
    return canceled ? null : (filePaths[0] ?? null)
  },
  confirmOwner: createOwnerDialog({
    language,
    show(question) {
      const [window] = BrowserWindow.getAllWindows()
      return window ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question)
    },
  }),
  restart: () => restarting.restart(),
  secrets,
})

/** Builds the panel for the desktop. Call when the app is ready. `open` brings its window to the front, at a place. */
export async function startDesktopPanel(options: DesktopOptions, open: (place: Place) => void): Promise<DesktopPanel> {
  const dataFolder = app.getPath('userData')
  const openDataFolder = () => void shell.openPath(dataFolder)
  const notice = setAsideUnreadableConfig(dataFolder)
  const config = openDesktopConfig(dataFolder, (preferences) => applySettings(preferences, openDataFolder))
  applySettings(readPreferences(config, firstAccount), openDataFolder)
  const language = () => languageOf(readPreferences(config, firstAccount).language, app.getLocale())
  const { choices } = openWindowMemory(dataFolder)
  let outside: Outside | null = null
  const late: { act: ((act: Act, event: PanelEvent) => void) | null } = { act: null }
  const installing = createDesktopInstaller()
  const restarting = createRestarting(app)
  const secrets = createDesktopSecrets({ clipboard, windows: () => BrowserWindow.getAllWindows() })
  const panel = await createPanel({
    dataFolder,
    demo: options.demo,
    // A newcomer finds something to look at; a configuration that was set aside is not replaced by a demo.
    simulators: options.demo || notice === null,
    config,
    keeper: await chooseKeeper(options, dataPaths(dataFolder).vaultKey),
    notices: notice ? [notice] : [],
    programs: builtPrograms,
    desktop: desktopMeans(language, secrets, restarting),
    releases: { installer: installing?.installer ?? null },
    onEvent: (event) => {
      outside?.note(event)
      if (BrowserWindow.getFocusedWindow() !== null) return
      const announcement = announcementOf(event, language())
      if (!announcement) return
      const buttons = actsOf(event).map((act) => ({
        title: actWords(act, language()),
        press: () => late.act?.(act, event),
      }))
      showNotification(announcement, () => open(placeOfEvent(event)), buttons)
    },
  })
  const { log, owner, services } = panel.parts
  const ask = askingAs(panel.handler, ownerCaller(owner))
  const reportBug = (error: unknown) => log.error({ err: error }, 'what stands outside of the window failed')
  const tray = createTray({ language, choices, open, ask, reportBug })
  outside = tray
  late.act = (act, event) => void doAct(act, event, { ask, open }).catch(reportBug)
  offerJumps(language(), open)
  onResume(() => {
    for (const { id } of services.list()) services.probe(id).catch(reportBug)
  })
  return {
    ...panel,
    closing: createClosing({ language, choices, ask: (question) => dialog.showMessageBox(question) }),
    async close() {
      tray.close()
      // First: the rest may take its time.
      await secrets.clear()
      const ready = installing?.taken() ?? (restarting.isUnderWay() ? null : await panel.parts.releases.atQuit())
      await panel.close()
      if (ready) await installing?.finish(ready)
    },
  }
}

/** Serves the panel to the window's session, guards whatever is shown in it, and returns the window. */
export function createGuardedWindow(panel: Panel, session: Session, opened: OpenedFiles): PanelWindow {
  const { log, services, dataFolder } = panel.parts
  const openOutside = createLinkOpener({
    serviceUrls: () => services.list().map((service) => service.url),
    open: (address) => shell.openExternal(address),
    refused: (address) => log.warn({ address }, 'a link was not opened'),
  })
  const window = createPanelWindow({ session, memory: openWindowMemory(dataFolder) })
  const guards: GuardOptions = {
    openLink(address) {
      const sidePage = sidePageUrls.find((each) => each === address)
      if (sidePage) window.showSidePage(sidePage)
      else openOutside(address)
    },
    refused: (what, detail) => log.warn({ what, detail }, 'the page was refused something'),
  }
  guardAllContents(app, guards)
  guardSession(session, { ...guards, downloadsFolder: app.getPath('downloads') })
  const owner = ownerCaller(panel.parts.owner)
  serveDesktopDoor(session, async (request) => (await opened.answer(request)) ?? panel.handler(request, owner))
  return window
}
