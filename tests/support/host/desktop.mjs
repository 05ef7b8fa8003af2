// The rest of the desktop: keychain, menu, notifications, dialogs, screens.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { app } from './app.mjs'
import { record } from './records.mjs'

/** HOST_KEYRING: a Linux backend's name, or `unavailable`. */
const keyring = process.env.HOST_KEYRING ?? 'gnome_libsecret'
const tag = keyring === 'basic_text' ? 'v10' : 'v11'

function keyringKey() {
  const file = path.join(app.getPath('userData'), 'host-keyring.key')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 })
  return readFileSync(file)
}

/** Where dumps would lie, and whether any would be sent, is all that can be told of it here. */
export const crashReporter = {
  start({ uploadToServer }) {
    record('crash-reporter', { uploadToServer, folder: app.getPath('crashDumps') })
  },
}

export const safeStorage = {
  isAsyncEncryptionAvailable: async () => app.isReady() && keyring !== 'unavailable',
  getSelectedStorageBackend: () => (app.isReady() ? keyring : 'unknown'),
  async encryptStringAsync(text) {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', keyringKey(), iv)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([Buffer.from(tag), iv, cipher.getAuthTag(), sealed])
  },
  async decryptStringAsync(sealed) {
    if (sealed.subarray(0, 3).toString() !== tag) throw new Error('Error while decrypting the ciphertext')
    const decipher = createDecipheriv('aes-256-gcm', keyringKey(), sealed.subarray(3, 15))
    decipher.setAuthTag(sealed.subarray(15, 31))
    const text = Buffer.concat([decipher.update(sealed.subarray(31)), decipher.final()]).toString('utf8')
    return { result: text, shouldReEncrypt: false }
  },
}

export class Menu {
  static #application = null
  static buildFromTemplate(template) {
    return Object.assign(new Menu(), { items: template })
  }
  static setApplicationMenu = (menu) => (Menu.#application = menu)
  static getApplicationMenu = () => Menu.#application
}

/** HOST_NOTIFICATIONS: the system whose notifications they are; Linux' have no buttons. */
const hasButtons = ['darwin', 'win32'].includes(process.env.HOST_NOTIFICATIONS ?? process.platform)

export class Notification extends EventEmitter {
  static isSupported = () => true
  constructor({ actions = [], ...options }) {
    super()
    this.options = { ...options, buttons: hasButtons ? actions.map(({ text }) => text) : [] }
  }
  show() {
    record('notification', this.options)
    Notification.last = this
  }
}

export const nativeImage = {
  createFromPath(file) {
    const isEmpty = () => !existsSync(file)
    const image = { isEmpty, resize: () => image }
    return image
  },
}

/** The icon beside the clock. */
export class Tray extends EventEmitter {
  static last = null
  menu = null
  tooltip = ''
  #destroyed = false
  constructor(image) {
    super()
    if (image.isEmpty()) throw new Error('Failed to load image from path')
    Tray.last = this
  }
  setToolTip(text) {
    this.tooltip = text
  }
  setContextMenu(menu) {
    this.menu = menu
  }
  isDestroyed = () => this.#destroyed
  destroy() {
    this.#destroyed = true
    Tray.last = null
  }
}

export const powerMonitor = new EventEmitter()

let lastBlocker = 0
const blockers = new Set()
export const powerSaveBlocker = {
  start(type) {
    blockers.add((lastBlocker += 1))
    record('power-save-blocker', { type })
    return lastBlocker
  },
  stop: (id) => blockers.delete(id),
}
export const isKeptAwake = () => blockers.size > 0

export const shell = {
  async openExternal(url) {
    record('open-external', { url })
  },
  async openPath(target) {
    record('open-path', { path: target })
    return ''
  },
}

/** Whether the person says yes to every question. */
let saysYes = false
export const answerQuestions = (answer) => void (saysYes = answer === 'yes')

export const dialog = {
  showErrorBox(title, content) {
    record('error-box', { title, content })
    console.error(`[error box] ${title}: ${content}`)
  },
  /** HOST_CHOSEN_PATH: what the person chooses; nobody answers without it. */
  async showOpenDialog(options) {
    record('open-dialog', options)
    const chosen = process.env.HOST_CHOSEN_PATH
    return chosen ? { canceled: false, filePaths: [chosen] } : { canceled: true, filePaths: [] }
  },
  /** The person says what `answerQuestions` told them last; no before. */
  async showMessageBox(...args) {
    const options = args.at(-1)
    record('question', options)
    const { buttons, cancelId } = options
    const response = saysYes ? buttons.findIndex((_, at) => at !== cancelId) : cancelId
    return { response, checkboxChecked: false }
  },
}

/** A machine whose own theme is dark. */
export const nativeTheme = {
  themeSource: 'system',
  get shouldUseDarkColors() {
    return this.themeSource !== 'light'
  },
}

/** HOST_WORK_AREA: "x,y,width,height" of the only screen. */
const [x = 0, y = 0, width = 1920, height = 1040] = (process.env.HOST_WORK_AREA ?? '')
  .split(',')
  .filter(Boolean)
  .map(Number)
const display = {
  id: 1,
  scaleFactor: 1,
  bounds: { x, y, width, height: height + 40 },
  workArea: { x, y, width, height },
}
export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display],
})

// electron-store listens on it for pages with a preload script; there are none.
export const ipcMain = new EventEmitter()

/** The machine's clipboard; what the program left on it is told when it ends. */
let clipped = ''
export const isClipboardEmpty = () => clipped === ''
export const clipboard = {
  readText: async () => clipped,
  writeText: async (text) => void (clipped = text),
  clear: () => void (clipped = ''),
}
