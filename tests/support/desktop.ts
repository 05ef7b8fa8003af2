import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { chromium, type Page } from 'playwright'
import { until } from './until'

const root = path.resolve(import.meta.dirname, '../..')

export interface DesktopOptions {
  /** The main process's bundle; the project's own build unless another is named. */
  entry?: string
  userData: string
  args?: string[]
  /** What the machine around it is like: HOST_KEYRING, HOST_LOCALE, HOST_WORK_AREA, … (see host/run.mjs). */
  env?: Record<string, string>
}

export interface HostWindow {
  id: number
  title: string
  url: string
  visible: boolean
  maximized: boolean
  contentProtected: boolean
  bounds: { x: number; y: number; width: number; height: number }
  options: Record<string, unknown>
  preferences: Record<string, unknown>
}

export interface MenuLabel {
  label: string
  role: string | null
  items: MenuLabel[]
  /** Of a checkbox alone. */
  checked?: boolean
}

/** What a test may ask of the stand-in host: host/control.mjs. */
interface HostMethods {
  windows(): HostWindow[]
  debugAddress(): string | null
  recorded(what: string): Record<string, unknown>[]
  permission(permission: string, origin: string): { requested: boolean; checked: boolean }
  openStreams(): number
  theme(): string
  clipboard(): string
  /** What the person says from now on to every question of the program; no before. */
  answerQuestions(answer: 'yes' | 'no'): null
  /** Another program copies something. */
  copyElsewhere(text: string): null
  menu(): MenuLabel[]
  clickMenu(...labels: string[]): null
  /** The icon beside the clock; null where there is none. */
  tray(): { tooltip: string; menu: MenuLabel[] } | null
  clickTray(...labels: string[]): null
  clickIcon(): null
  clickNotification(): null
  pressNotification(label: string): null
  openFile(file: string): null
  isKeptAwake(): boolean
  resume(): null
  openUrl(link: string): null
  pageDies(reason: string): null
  setBounds(bounds: Partial<HostWindow['bounds']>): null
  maximize(): null
  minimize(): null
  blur(): null
  isMinimized(): boolean
  closeWindow(): null
  activate(): null
  quit(): null
}

interface Reply {
  id: number
  result?: unknown
  error?: string
}

/**
 * Runs the built main process in the stand-in host, as `electron .` would run it. Nothing is waited for: `window()`
 * waits for the panel's window and takes hold of the page in it. Ends with `await using`.
 */
export function startDesktop(options: DesktopOptions) {
  const { entry = path.join(root, 'dist/main/main.js'), userData, args = [], env = {} } = options
  const child = spawn(process.execPath, [path.join(root, 'tests/support/host/run.mjs'), entry, ...args], {
    cwd: root,
    env: { ...process.env, HOST_USER_DATA: userData, HOST_QUERY: 'link=fetch', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  const collect = (chunk: Buffer) => (output += chunk.toString())
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  const exited = once(child, 'exit').then(([code]) => code as number | null) // node: (code, signal)

  let lastId = 0
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  child.on('message', (reply: Reply) => {
    const asked = waiting.get(reply.id)
    waiting.delete(reply.id)
    if (reply.error === undefined) asked?.resolve(reply.result)
    else asked?.reject(new Error(reply.error))
  })
  void exited.then((code) => {
    for (const asked of waiting.values()) asked.reject(new Error(`the desktop ended with ${code}:\n${output}`))
  })

  const ask = <Method extends keyof HostMethods>(
    method: Method,
    ...args: Parameters<HostMethods[Method]>
  ): Promise<ReturnType<HostMethods[Method]>> =>
    new Promise((resolve, reject) => {
      if (!child.connected) {
        reject(new Error(`the desktop is not running:\n${output}`))
        return
      }
      lastId += 1
      // The host's answer to a method has the type that HostMethods gives it.
      waiting.set(lastId, { resolve: (value) => resolve(value as ReturnType<HostMethods[Method]>), reject })
      child.send({ id: lastId, method, args })
    })

  const end = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await exited
    clearTimeout(killer)
  }

  return {
    pid: child.pid ?? 0,
    ask,
    /** Has the person confirm that it is they, as before what changes what is run. Good for five minutes. */
    async prove(page: Page): Promise<void> {
      await ask('answerQuestions', 'yes')
      const status = await page.evaluate(async () => {
        const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"confirm":true}' }
        return (await fetch('/api/v1/session/proof', init)).status
      })
      if (status !== 200) throw new Error(`the proof was answered ${status}`)
    },
    output: () => output,
    /** Resolves with the exit code. */
    exited,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    async window(): Promise<Page> {
      const address = await until(
        'the window to be shown',
        async () => {
          const [window] = await ask('windows')
          return window?.visible ? ask('debugAddress') : null
        },
        60_000,
      )
      const browser = await chromium.connectOverCDP(address)
      void exited.then(() => browser.close())
      const page = await until('the page to be reachable', () =>
        browser
          .contexts()[0]
          ?.pages()
          .find((each) => each.url().startsWith('https://panel.regie.invalid/')),
      )
      return page
    },
    end,
    [Symbol.asyncDispose]: end,
  }
}

export type Desktop = ReturnType<typeof startDesktop>
