// Answers a test's questions over node's IPC channel: {id, method, args} → {id, result} or {id, error}.
import { app } from './app.mjs'
import {
  answerQuestions,
  clipboard,
  isClipboardEmpty,
  isKeptAwake,
  Menu,
  nativeTheme,
  Notification,
  powerMonitor,
  Tray,
} from './desktop.mjs'
import { makeEvent, recorded } from './records.mjs'
import { Session } from './session.mjs'
import { BrowserWindow } from './window.mjs'

const describeWindow = (window) => {
  const { webPreferences = {}, ...options } = window.options
  const { session, ...preferences } = webPreferences
  return {
    id: window.id,
    title: window.title,
    url: window.webContents.getURL(),
    visible: window.visible,
    maximized: window.isMaximized(),
    contentProtected: window.contentProtected,
    bounds: window.getBounds(),
    options,
    preferences: { ...preferences, partition: session?.partition ?? null },
  }
}

const onlyWindow = () => {
  const [window, ...others] = BrowserWindow.getAllWindows()
  if (!window || others.length > 0) throw new Error(`there are ${others.length + (window ? 1 : 0)} windows`)
  return window
}
const onlySession = () => {
  const [session] = Session.all.values()
  if (!session) throw new Error('there is no session')
  return session
}

/** As a person who goes down a menu and clicks. */
function click(items, labels) {
  let item = { submenu: items }
  for (const label of labels) item = item?.submenu?.find((each) => each.label === label)
  if (typeof item?.click !== 'function' || item.enabled === false)
    throw new Error(`no such menu item: ${labels.join(' > ')}`)
  item.click()
}

const menuItems = () => Menu.getApplicationMenu()?.items ?? []
const menuLabels = (items) =>
  items.map(({ label = '', role = null, checked, submenu }) => ({
    ...{ label, role, items: submenu ? menuLabels(submenu) : [] },
    ...(checked !== undefined && { checked }),
  }))

const methods = {
  windows: () => BrowserWindow.getAllWindows().map(describeWindow),
  debugAddress: () => [...Session.all.values()][0]?.debugAddress() ?? null,
  recorded,
  permission: (permission, origin) => onlySession().permission(permission, origin),
  openStreams: () => onlySession().openStreams(),
  theme: () => nativeTheme.themeSource,
  clipboard: () => clipboard.readText(),
  answerQuestions,
  copyElsewhere: (text) => clipboard.writeText(text),
  menu: () => menuLabels(menuItems()),
  clickMenu: (...labels) => click(menuItems(), labels),
  tray: () => Tray.last && { tooltip: Tray.last.tooltip, menu: menuLabels(Tray.last.menu?.items ?? []) },
  clickTray: (...labels) => click(Tray.last?.menu?.items ?? [], labels),
  clickIcon: () => void Tray.last?.emit('click'),
  clickNotification: () => void Notification.last?.emit('click'),
  /** As a person who presses a button of the last notification. */
  pressNotification(label) {
    const actionIndex = Notification.last?.options.buttons.indexOf(label) ?? -1
    if (actionIndex === -1) throw new Error(`no such button: ${label}`)
    Notification.last.emit('action', { ...makeEvent(), actionIndex, selectionIndex: -1 })
  },
  isKeptAwake,
  /** The machine wakes up again. */
  resume: () => void powerMonitor.emit('resume'),
  /** As macOS tells of a link. */
  openUrl: (link) => void app.emit('open-url', makeEvent(), link),
  /** As macOS tells of a file that is dropped on the dock's icon. */
  openFile: (file) => void app.emit('open-file', makeEvent(), file),
  /** As if the page's process had died. */
  pageDies: (reason) => void onlyWindow().webContents.emit('render-process-gone', makeEvent(), { reason, exitCode: 1 }),
  setBounds: (bounds) => onlyWindow().setBounds(bounds),
  maximize: () => void onlyWindow().maximize(),
  minimize: () => void onlyWindow().minimize(),
  blur: () => void (onlyWindow().focused = false),
  isMinimized: () => onlyWindow().isMinimized(),
  closeWindow: () => void BrowserWindow.getAllWindows()[0]?.close(),
  activate: () => void app.emit('activate'),
  quit: () => app.quit(),
}

export function listenToTest() {
  if (!process.send) return
  app.once('quit', () => console.log(`clipboard: ${isClipboardEmpty() ? 'empty' : 'in use'}`))
  process.on('message', async ({ id, method, args }) => {
    const reply = await Promise.resolve()
      .then(() => methods[method](...args))
      .then(
        (result) => ({ id, result: result ?? null }),
        (error) => ({ id, error: String(error) }),
      )
    if (process.connected) process.send(reply)
  })
  // The test is gone: so is its desktop.
  process.on('disconnect', () => void app.exit(1))
}
