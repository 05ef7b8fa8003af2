import { fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import { until } from '../support/until'
import { bundlePrograms, quickBcrypt } from '../support/programs'
import type { Failpoint } from './failpoints'
import type { PanelOrder } from './panel'

/** The programs of a torture, bundled once. `bcrypt` at full cost is the product's own thread. */
export async function bundleTorture(cost: 'quick' | 'full' = 'quick') {
  const { programs, remove } = await bundlePrograms({
    panel: 'tests/torture/panel.ts',
    simulator: 'electron/simulator/main.ts',
    guardian: 'electron/services/guardian.ts',
    full: 'electron/credentials/bcrypt-worker.ts',
    vaultAct: 'tests/torture/vault-act.ts',
    backupAct: 'tests/torture/backup-act.ts',
  })
  const root = path.resolve(import.meta.dirname, '../..')
  return {
    remove,
    panel: programs.panel,
    vaultAct: programs.vaultAct,
    backupAct: programs.backupAct,
    programs: {
      simulator: programs.simulator,
      guardian: programs.guardian,
      bcryptWorker: cost === 'full' ? programs.full : quickBcrypt,
      leakWorker: programs.full, // no leak is looked for
      readWorker: programs.full, // no answer is long
      databaseWorker: programs.full, // no panel makes a backup
      modelWorker: programs.full, // no file of a model is there
      renderer: path.join(root, 'tests', 'torture'), // no page is asked for
      stacks: path.join(root, 'resources', 'stacks'),
    },
  }
}
export type TorturePrograms = Awaited<ReturnType<typeof bundleTorture>>

const adminToken = 'torture-admin-token-of-a-test'
const Said = z.union([z.object({ url: z.string() }), z.object({ seen: z.number() })])

/** A panel in a process of its own, which may be killed at any instant. */
export interface PanelProcess {
  pid: number
  /** Everything that it printed: only what went wrong. */
  output(): string
  /** Whether it is there still. */
  lives(): boolean
  /** Resolves when the process is gone. */
  gone: Promise<void>
  /** Resolves when it listens; rejects when it ended before. */
  listening(): Promise<void>
  /** Arms a failpoint, and answers how many changes of files were counted since the one before. */
  arm(failpoint: Failpoint | null): Promise<number>
  /** A REST call as administrator. Throws when the answer is no success, or when there is none. */
  call(method: string, at: string, body?: unknown): Promise<unknown>
  /** Kills this process alone. */
  kill(): Promise<void>
  /** Asks it to end, as a person does. */
  stop(): Promise<void>
}

/** An answer that is no success. */
export class Refusal extends Error {
  constructor(
    what: string,
    readonly status: number,
    readonly body: unknown,
  ) {
    super(`${what}: ${status} ${JSON.stringify(body)}`)
  }
}

export function startPanelProcess(
  { panel, programs }: TorturePrograms,
  {
    failpoint = null,
    env,
    ...rest
  }: Pick<PanelOrder, 'dataFolder' | 'updatePatience'> & { failpoint?: Failpoint | null; env: NodeJS.ProcessEnv },
): PanelProcess {
  const order: PanelOrder = { ...rest, programs, adminToken, failpoint }
  const child = fork(panel, [JSON.stringify(order)], { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (printed += text))
  let url: string | null = null
  let counted: ((seen: number) => void) | null = null
  child.on('message', (message) => {
    const said = Said.parse(message)
    if ('url' in said) url = said.url
    else counted?.(said.seen)
  })
  // A message to a process that has just been killed.
  child.on('error', () => undefined)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const lives = () => child.exitCode === null && child.signalCode === null
  return {
    pid: child.pid ?? 0,
    output: () => printed,
    lives,
    gone,
    async listening() {
      const heard = await until('the panel to listen', () => url ?? (lives() ? null : 'ended'), 60_000)
      if (heard === 'ended') throw new Error(`the panel ended before it listened: ${printed}`)
    },
    arm: (next) =>
      new Promise((resolve, reject) => {
        counted = resolve
        child.send({ arm: next }, (error) => {
          if (error) reject(error)
        })
      }),
    async call(method, at, body) {
      const answer = await fetch(new URL(`api/v1/${at}`, url ?? ''), {
        method,
        headers: {
          authorization: `Bearer ${adminToken}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      const content: unknown = text === '' ? null : JSON.parse(text)
      if (!answer.ok) throw new Refusal(`${method} ${at}`, answer.status, content)
      return content
    },
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** The processes whose parent is `pid` (Linux; elsewhere none is found). */
export function childrenOf(pid: number): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'latin1')
      return text.slice(text.lastIndexOf(')') + 2).split(' ')[1] === String(pid) ? [Number(name)] : []
    } catch {
      return [] // it has ended meanwhile
    }
  })
}
