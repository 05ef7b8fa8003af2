import { EventEmitter } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import { toBrowser, toProgram } from './addresses.mjs'
import { app } from './app.mjs'
import { makeEvent, record } from './records.mjs'
import { Session } from './session.mjs'

let lastId = 0

/** What Electron keeps for a page that the program did not load itself. */
class WebContents extends EventEmitter {
  id = (lastId += 1)
  #openHandler = () => ({ action: 'allow' })

  constructor(window, session) {
    super()
    this.window = window
    this.session = session
  }
  setWindowOpenHandler(handler) {
    this.#openHandler = handler
  }
  getURL = () => toProgram(this.window.page?.url() ?? '')
  isDestroyed = () => this.window.isDestroyed()
  reload = () => void this.window.page?.reload()

  /** A page called window.open or followed a link into a new window. */
  opens({ url, windowName }) {
    const address = toProgram(url)
    const { action } = this.#openHandler({ url: address, frameName: windowName, disposition: 'foreground-tab' })
    record('window-open', { url: address, action })
    if (action !== 'deny') throw new Error('the host does not show windows that pages open')
  }

  /** Tells the program of a navigation that it did not start. Returns whether it may go on. */
  navigates({ url, isMainFrame, isRedirect }) {
    const events = isRedirect ? ['will-redirect'] : ['will-frame-navigate', ...(isMainFrame ? ['will-navigate'] : [])]
    const details = makeEvent({ url, isMainFrame, isSameDocument: false })
    for (const name of events) this.emit(name, details, url, false, isMainFrame)
    record('navigation', { url, allowed: !details.defaultPrevented })
    return !details.defaultPrevented
  }
}

export class BrowserWindow extends EventEmitter {
  static #all = new Set()
  static getAllWindows = () => [...BrowserWindow.#all]
  static getFocusedWindow = () => [...BrowserWindow.#all].find((window) => window.visible && window.focused) ?? null
  visible = false
  focused = true
  page = null
  #destroyed = false
  #minimized = false
  #maximized = false
  #opening
  /** The address that the program itself is loading; Electron reports only the navigations of pages. */
  #loading = null

  constructor(options = {}) {
    super()
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    this.id = lastId += 1
    this.options = options
    this.title = options.title ?? ''
    this.visible = options.show !== false
    const { width = 800, height = 600, x = 100, y = 80 } = options
    this.bounds = { x, y, width, height }
    const { session, partition = '' } = options.webPreferences ?? {}
    this.webContents = new WebContents(this, session ?? Session.of(partition))
    BrowserWindow.#all.add(this)
    app.emit('web-contents-created', makeEvent(), this.webContents)
    app.emit('browser-window-created', makeEvent(), this)
  }

  async loadURL(address) {
    this.#opening ??= this.#open(address)
    await this.#opening
    this.#loading = address
    try {
      await this.page.goto(toBrowser(address), { waitUntil: 'load' })
    } finally {
      this.#loading = null
    }
    this.emit('ready-to-show')
    this.webContents.emit('did-finish-load')
  }

  async #open(address) {
    const { page, cdp } = await this.webContents.session.openPage(address)
    this.page = page
    page.on('close', () => this.#closed())
    page.on('pageerror', (error) => console.error('[page error]', error.message))
    page.on('console', (message) => message.type() === 'error' && console.error('[page]', message.text()))
    await page.setViewportSize({ width: this.bounds.width, height: this.bounds.height })
    const { frameTree } = await cdp.send('Page.getFrameTree')
    cdp.on('Page.windowOpen', (event) => this.webContents.opens(event))
    cdp.on('Fetch.requestPaused', (event) => {
      this.#decide(event, frameTree.frame.id)
        .then((errorReason) =>
          errorReason
            ? cdp.send('Fetch.failRequest', { requestId: event.requestId, errorReason })
            : cdp.send('Fetch.continueRequest', { requestId: event.requestId }),
        )
        // The page may have gone in the meantime.
        .catch(() => undefined)
    })
    await cdp.send('Page.enable')
    await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
  }

  /** Whether the browser may send a request: null, or why not. */
  async #decide({ request, resourceType, frameId, redirectedRequestId }, mainFrameId) {
    const url = toProgram(request.url)
    if (resourceType === 'Document' && request.url !== toBrowser(this.#loading ?? '')) {
      const navigation = { url, isMainFrame: frameId === mainFrameId, isRedirect: redirectedRequestId !== undefined }
      if (!this.webContents.navigates(navigation)) return 'Aborted'
    }
    const allowed = await this.webContents.session.mayFetch(url, resourceType)
    if (!allowed) record('request-refused', { url })
    return allowed ? null : 'BlockedByClient'
  }

  show() {
    this.visible = true
    record('show', { window: this.id })
  }
  focus = () => record('focus', { window: this.id })
  setProgressBar = (fraction) => record('progress', { fraction })
  /** Whether screenshots and recordings of the system leave this window out. */
  contentProtected = false
  setContentProtection(isProtected) {
    this.contentProtected = isProtected
    record('content-protection', { window: this.id, isProtected })
  }
  isVisible = () => this.visible
  isDestroyed = () => this.#destroyed
  isMinimized = () => this.#minimized
  minimize = () => (this.#minimized = true)
  restore = () => (this.#minimized = false)
  isMaximized = () => this.#maximized
  maximize = () => (this.#maximized = true)
  getNormalBounds = () => ({ ...this.bounds })
  getBounds = () => ({ ...this.bounds })
  setBounds(bounds) {
    const changed = { ...this.bounds, ...bounds }
    if (isDeepStrictEqual(changed, this.bounds)) return
    this.bounds = changed
    void this.page?.setViewportSize({ width: changed.width, height: changed.height })
  }

  /** As a click on the window's cross; the program may refuse. Resolves when the window is gone, false if refused. */
  async close() {
    const event = makeEvent()
    this.emit('close', event)
    if (event.defaultPrevented) return false
    await this.destroy()
    return true
  }
  async destroy() {
    await this.#opening
    await this.page?.close()
    this.#closed()
  }
  #closed() {
    if (this.#destroyed) return
    this.#destroyed = true
    BrowserWindow.#all.delete(this)
    this.emit('closed')
    if (BrowserWindow.#all.size > 0 || app.isQuitting()) return
    if (!app.emit('window-all-closed')) app.quit()
  }
}

app.closeWindows = async () => {
  for (const window of BrowserWindow.getAllWindows()) if (!(await window.close())) return false
  return true
}
