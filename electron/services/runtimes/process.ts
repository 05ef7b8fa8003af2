import { fork, type ChildProcess } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import type { ProcessSpec, ServiceConfig } from '../../../shared/contract'
import { Problem, reason } from '../../../shared/problems'
import { within } from '../../async/within'
import { baseEnvironment, commandEnvironment } from '../environment'
import { explainLaunchFailure } from '../exits'
import type { Exit } from '../../system/exit-codes'
import { findProgram } from '../find-program'
import { FromGuardian, type ToGuardian } from '../guardian-messages'
import { endTree } from '../../system/process-tree'
import type { Giving, GivenMark } from '../secrets/giving'
import { removeRunRecord, writeRunRecord } from '../run-record'
import { exitOf, readOutput, withLastOutput } from './child'
import { findRun } from './recorded'
import type { Changes, OutputSink, Presence, Run, Runtime } from './runtime'

/** What a guardian may need beyond the grace, in ms: its kill, and looking after it. */
const guardianPatienceMs = 6_000

/** Any program that serves the API, e.g. `python main.py`, run under the guardian: `program` is the guardian's file. */
export function processRuntime(
  { id, process: spec, gpuUuid }: ServiceConfig,
  { program, folder: parent, giving }: { program: string; folder: string; giving: Giving },
): Runtime {
  // The registry admits no process service without its command.
  if (!spec) throw new Error(`${id} has no process`)
  const folder = path.join(parent, id)
  return {
    unmanaged: () => null,
    startTimeoutMs: 10 * 60_000,
    stopGraceMs: 10_000,
    presence: () => presence(spec),
    async launch(output) {
      const cwd = spec.cwd ?? homedir()
      if (!(await isFolder(cwd))) throw new Problem('service.folder-missing', { folder: cwd })
      return giving.give(id, spec, async ({ args, env, given }) => {
        const order = { command: spec.command, args, cwd, env: commandEnvironment(env, gpuUuid) }
        return { ...(await run(program, { ...order, type: 'run' }, { folder, output })), given }
      })
    },
    find: () => findRun(folder),
    pending: ({ given = [] }) => pendingOf(giving, given),
  }
}

/** A program keeps what it was given until it is started anew. */
async function pendingOf(giving: Giving, given: readonly GivenMark[]): Promise<Changes> {
  try {
    const changed = await giving.changedSince(given)
    const about = (credentialId: string) => reason('service.secret-changed', { credentialId })
    return { known: true, changes: changed.map((id) => ({ action: 'restart', reason: about(id) })) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { known: false, why: error.reason }
  }
}

const isFolder = (folder: string) =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )

async function presence({ command, cwd = homedir(), env: given }: ProcessSpec): Promise<Presence> {
  if (!(await isFolder(cwd)))
    return { asked: cwd, answered: 'ENOENT', reason: reason('service.folder-missing', { folder: cwd }) }
  // Where programs lie is no secret; nothing is lent for a look.
  const env = Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  const found = await findProgram(command, commandEnvironment(env, undefined), cwd)
  return found === null
    ? { asked: command, answered: 'ENOENT', reason: reason('service.command-missing', { command }) }
    : { asked: command, answered: found, reason: null }
}

const send = (guardian: ChildProcess, message: ToGuardian) => {
  if (guardian.connected) guardian.send(message)
}

/** The messages of a guardian, one promise for each kind: how the start went, and how the command ended. */
function listen(guardian: ChildProcess, gone: Promise<Exit>) {
  const started = new Promise<Extract<FromGuardian, { type: 'started' | 'failed' }>>((resolve) => {
    guardian.on('message', (message) => {
      const read = FromGuardian.safeParse(message)
      if (read.success && read.data.type !== 'exited') resolve(read.data)
    })
    void gone.then(() => resolve({ type: 'failed', error: 'guardian' }))
  })
  const ended = new Promise<Exit | null>((resolve) => {
    guardian.on('message', (message) => {
      const read = FromGuardian.safeParse(message)
      if (read.success && read.data.type === 'exited') resolve(read.data)
    })
    // A guardian that disappears without a word was itself killed.
    void gone.then(() => resolve(null))
  })
  return { started, ended }
}

async function run(
  program: string,
  order: Extract<ToGuardian, { type: 'run' }>,
  { folder, output }: { folder: string; output: OutputSink },
): Promise<Run> {
  const guardian = fork(program, [], {
    env: { ...baseEnvironment(), ELECTRON_RUN_AS_NODE: '1' },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  })
  const read = readOutput(guardian, output)
  const gone = exitOf(guardian)
  const { started, ended } = listen(guardian, gone)
  send(guardian, order)
  const start = await started
  if (start.type === 'failed') {
    const { problem, params } = explainLaunchFailure(order.command, start.error)
    throw new Problem(problem, params)
  }
  const { pid } = start
  await writeRunRecord(folder, pid).catch(() => undefined) // only a survivor of a crashed panel would need it
  // Once, and at once: later the pid may be another's.
  const cleared = gone.then(({ code }) => code === 0 || endTree(pid, 0))
  const exit = ended.then(async (exited) => {
    if (exited) return exited
    await cleared
    return { code: null, signal: null }
  })
  return {
    pid,
    ended: withLastOutput(exit, read),
    async stop(graceMs) {
      send(guardian, { type: 'stop', graceMs })
      if (!(await within(graceMs + guardianPatienceMs, gone))) guardian.kill('SIGKILL')
      const clean = await cleared
      if (clean) await removeRunRecord(folder)
      return clean
    },
  }
}
