import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright'
import { chromiumLaunchOptions } from '../browser.mjs'
import { isRegistered, registerScheme, toBrowser, toProgram } from './addresses.mjs'
import { app } from './app.mjs'
import { makeCertificate } from './certificate.mjs'
import { openDoor } from './door.mjs'
import { makeEvent, record } from './records.mjs'

class Protocol {
  handlers = new Map()
  registerSchemesAsPrivileged(schemes) {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme, privileges } of schemes) {
      registerScheme(scheme)
      record('scheme', { scheme, privileges })
    }
  }
  handle(scheme, handler) {
    if (this.handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    if (!isRegistered(scheme)) throw new Error(`the host can only show schemes registered as privileged: ${scheme}`)
    this.handlers.set(scheme, handler)
  }
  isProtocolHandled = (scheme) => this.handlers.has(scheme)
}

/** Electron's names of browser permissions, and Playwright's. */
const permissionNames = {
  'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write',
  geolocation: 'geolocation',
  notifications: 'notifications',
  media: 'camera',
  midi: 'midi',
  'local-fonts': 'local-fonts',
  'idle-detection': 'idle-detection',
  'storage-access': 'storage-access',
}

export class Session extends EventEmitter {
  static all = new Map()
  protocol = new Protocol()
  #door
  #context
  #checkPermission = () => true
  #requestPermission = (_contents, _permission, answer) => answer(true)
  #beforeRequest = (_details, answer) => answer({})
  /** Pages that a window asked for; any other is a page's own window.open. */
  #own = new WeakSet()
  /** Those on their way: Chromium tells of pages in an order of its own, so none is judged before they are there. */
  #opening = new Set()

  constructor(partition) {
    super()
    this.partition = partition
  }
  static of(partition) {
    if (!app.isReady()) throw new Error('Session can only be received when app is ready')
    if (!Session.all.has(partition)) Session.all.set(partition, new Session(partition))
    return Session.all.get(partition)
  }

  setPermissionRequestHandler = (handler) => (this.#requestPermission = handler)
  setPermissionCheckHandler = (handler) => (this.#checkPermission = handler)
  setDevicePermissionHandler = (handler) => (this.allowsDevice = handler)
  webRequest = { onBeforeRequest: (...args) => (this.#beforeRequest = args.at(-1)) }

  /** What the program answers when a page at `origin` asks for a permission. */
  async permission(permission, origin) {
    const details = { requestingUrl: origin, isMainFrame: true }
    const requested = await new Promise((resolve) => this.#requestPermission(null, permission, resolve, details))
    return { requested, checked: this.#checkPermission(null, permission, origin, details) }
  }
  mayFetch = (url, resourceType) =>
    new Promise((resolve) => this.#beforeRequest({ url, resourceType }, ({ cancel }) => resolve(!cancel)))
  openStreams = () => this.#door?.openStreams() ?? 0

  get profile() {
    return path.join(app.getPath('sessionData'), 'Partitions', this.partition.replace(/^persist:/, ''))
  }
  /** Where a test can take hold of the pages, over Chromium's own protocol. */
  debugAddress() {
    const file = path.join(this.profile, 'DevToolsActivePort')
    return existsSync(file) ? `http://127.0.0.1:${readFileSync(file, 'utf8').split('\n')[0]}` : null
  }

  #browser() {
    this.#context ??= this.#launch()
    return this.#context
  }
  async #launch() {
    mkdirSync(this.profile, { recursive: true })
    const certificate = makeCertificate()
    this.#door = await openDoor(certificate, (scheme) => this.protocol.handlers.get(scheme))
    const { executablePath, args } = chromiumLaunchOptions()
    const context = await chromium.launchPersistentContext(this.profile, {
      executablePath,
      headless: process.env.HOST_HEADED !== '1',
      args: [
        ...args,
        '--no-proxy-server',
        '--remote-debugging-port=0',
        `--host-resolver-rules=MAP *.invalid 127.0.0.1:${this.#door.port}`,
        `--ignore-certificate-errors-spki-list=${certificate.pin}`,
      ],
      viewport: null,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
    app.closers.push(async () => {
      await context.close().catch(() => undefined)
      this.#door.close()
    })
    context.on('page', async (page) => {
      await Promise.allSettled(this.#opening)
      if (!this.#own.has(page)) await page.close().catch(() => undefined)
    })
    this.#spare = context.pages()[0]
    return context
  }
  /** Chromium starts with an empty page; the first window takes it. */
  #spare

  /** A page for a window of the program, with the permissions that the program grants to it. */
  async openPage(address) {
    const context = await this.#browser()
    const origin = new URL(toBrowser(address)).origin
    const granted = Object.entries(permissionNames).filter(([name]) =>
      this.#checkPermission(null, name, toProgram(`${origin}/`), { isMainFrame: true }),
    )
    await context.grantPermissions(
      granted.map(([, name]) => name),
      { origin },
    )
    const spare = this.#spare
    this.#spare = undefined
    const page = spare ?? (await this.#openOwn(context))
    page.on('download', (download) => this.#download(download))
    return { page, cdp: await context.newCDPSession(page) }
  }

  async #openOwn(context) {
    const opening = context.newPage().then((page) => {
      this.#own.add(page)
      return page
    })
    this.#opening.add(opening)
    return opening.finally(() => this.#opening.delete(opening))
  }

  #download(download) {
    const event = makeEvent()
    const item = {
      getURL: () => toProgram(download.url()),
      getFilename: () => download.suggestedFilename(),
      setSaveDialogOptions: (options) => (item.options = options),
    }
    this.emit('will-download', event, item, null)
    record('download', { url: item.getURL(), allowed: !event.defaultPrevented, dialog: item.options ?? null })
    // There is nobody to answer a save dialog.
    download.cancel().catch(() => undefined)
  }
}

export const session = {
  get defaultSession() {
    return Session.of('')
  },
  fromPartition: (partition) => Session.of(partition),
}
export const protocol = new Protocol()
