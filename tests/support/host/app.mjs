import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { makeEvent, record } from './records.mjs'

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

class App extends EventEmitter {
  isPackaged = process.env.HOST_PACKAGED === '1'
  name = 'Regie'
  #paths = new Map()
  #ready = false
  #whenReady = new Promise((resolve) => this.once('ready', resolve))
  #quitting = false
  /** Filled by the windows: closes them one by one, false when one refused. */
  closeWindows = async () => true
  /** Ends what the host itself started. */
  closers = []

  becomeReady() {
    this.#ready = true
    this.emit('ready')
  }
  isReady = () => this.#ready
  whenReady = () => this.#whenReady
  isQuitting = () => this.#quitting

  #beforeReady(what) {
    if (this.#ready) throw new Error(`${what} must be called before the app is ready`)
  }
  enableSandbox() {
    this.#beforeReady('app.enableSandbox()')
    record('sandbox', {})
  }
  setAppUserModelId(id) {
    record('app-user-model-id', { id })
  }

  getPath(name) {
    if (!this.#paths.has(name)) {
      if (name !== 'userData' && name !== 'sessionData') return path.join(os.tmpdir(), `regie-host-${name}`)
      const folder = process.env.HOST_USER_DATA ?? mkdtempSync(path.join(os.tmpdir(), 'regie-host-'))
      if (!this.#paths.has('userData')) this.#paths.set('userData', folder)
      if (name === 'sessionData') return this.#paths.get('userData')
    }
    return this.#paths.get(name)
  }
  setPath(name, folder) {
    if (!path.isAbsolute(folder)) throw new Error('Path must be absolute')
    mkdirSync(folder, { recursive: true })
    this.#paths.set(name, folder)
  }
  setBadgeCount(count) {
    record('badge', { count })
    return true
  }
  setAsDefaultProtocolClient(scheme) {
    record('protocol-client', { scheme })
    return true
  }
  setLoginItemSettings(settings) {
    record('login-item', settings)
  }
  getVersion = () => JSON.parse(readFileSync(path.join(this.getAppPath(), 'package.json'), 'utf8')).version
  getName = () => this.name
  getAppPath = () => process.cwd()
  getLocale = () => process.env.HOST_LOCALE ?? 'en-GB'

  /** One process per user-data folder, as Chromium's process singleton. */
  requestSingleInstanceLock() {
    const folder = this.getPath('userData')
    mkdirSync(folder, { recursive: true })
    const lock = path.join(folder, 'SingletonLock.json')
    const knock = path.join(folder, 'SingletonKnock.json')
    const holder = existsSync(lock) ? JSON.parse(readFileSync(lock, 'utf8')).pid : null
    if (holder !== null && isAlive(holder)) {
      writeFileSync(knock, JSON.stringify({ argv: process.argv, cwd: process.cwd() }))
      return false
    }
    writeFileSync(lock, JSON.stringify({ pid: process.pid }))
    const watcher = watch(folder, () => {
      if (!existsSync(knock)) return
      const { argv, cwd } = JSON.parse(readFileSync(knock, 'utf8') || '{}')
      if (!argv) return
      rmSync(knock, { force: true })
      this.emit('second-instance', makeEvent(), argv, cwd)
    })
    this.closers.push(() => {
      watcher.close()
      rmSync(lock, { force: true })
    })
    return true
  }

  releaseSingleInstanceLock() {
    rmSync(path.join(this.getPath('userData'), 'SingletonLock.json'), { force: true })
    record('single-instance-lock-released', {})
  }
  relaunch({ args = process.argv.slice(1), execPath = process.execPath } = {}) {
    record('relaunch', { args, execPath })
  }

  /** In Electron's order: before-quit, the windows, will-quit, quit. Each of the first three may refuse. */
  quit() {
    void this.#quit()
  }
  async #quit() {
    if (!this.#ready) return this.exit(0)
    const before = makeEvent()
    this.emit('before-quit', before)
    if (before.defaultPrevented) return
    this.#quitting = true
    if (!(await this.closeWindows())) {
      this.#quitting = false
      return
    }
    const will = makeEvent()
    this.emit('will-quit', will)
    if (!will.defaultPrevented) await this.exit(0)
  }
  async exit(code = 0) {
    this.emit('quit', makeEvent(), code)
    for (const close of this.closers) await close()
    process.exit(code)
  }
}

export const app = new App()
