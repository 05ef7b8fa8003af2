import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { ServiceConfig } from '../../../shared/contract'
import { kindOf } from '../../kinds'
import { Problem, reason } from '../../../shared/problems'
import { within } from '../../async/within'
import { baseEnvironment } from '../environment'
import { removeRunRecord, writeRunRecord } from '../run-record'
import { exitOf, readOutput, withLastOutput } from './child'
import { findRun } from './recorded'
import type { OutputSink, Run, Runtime } from './runtime'

/** Host and port that a service's URL names. */
export function addressOf(url: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(url)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) }
}

/** How long a killed child may take to disappear, in ms. */
const killPatienceMs = 3_000

/**
 * The embedded stand-ins for ComfyUI and Forge: `program` run by this very executable (Electron as plain node), in
 * `<folder>/<service id>`. It ends when its standard input closes, so it never outlives the panel.
 */
export function simulatorRuntime(
  config: ServiceConfig,
  { program, folder: parent }: { program: string; folder: string },
): Runtime {
  const folder = path.join(parent, config.id)
  return {
    unmanaged: () => null,
    runsOnlyOwn: true,
    startTimeoutMs: 60_000,
    stopGraceMs: 5_000,
    presence() {
      const answer = existsSync(program)
        ? { answered: 'found', reason: null }
        : { answered: 'ENOENT', reason: reason('service.simulator-missing', { program }) }
      return Promise.resolve({ asked: path.basename(program), ...answer })
    },
    async launch(output) {
      await mkdir(folder, { recursive: true })
      return run(config, { program, folder }, output)
    },
    find: () => findRun(folder),
  }
}

async function run(
  config: ServiceConfig,
  { program, folder }: { program: string; folder: string },
  output: OutputSink,
): Promise<Run> {
  const { host, port } = addressOf(config.url)
  const address = ['--host', host, '--port', String(port)]
  // A file that somebody put there to change its pace or to make it fail.
  const behaviour = path.join(folder, 'behaviour.json')
  const told = existsSync(behaviour) ? ['--behaviour', behaviour] : []
  const args = [program, ...kindOf(config.kind).simulator, ...address, '--folder', folder, '--die-with-parent', ...told]
  const child = spawn(process.execPath, args, {
    env: { ...baseEnvironment(), ELECTRON_RUN_AS_NODE: '1' },
    stdio: 'pipe',
    // A session of its own: Ctrl+C in the panel's terminal is the panel's to handle.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const read = readOutput(child, output)
  const exited = exitOf(child)
  // Writing to a child that has ended is no failure of ours.
  child.stdin.on('error', () => undefined)
  const { pid } = child
  if (pid === undefined) throw new Problem('service.launch-failed', { command: process.execPath, error: 'spawn' })
  // Without the record only a survivor of a crashed panel could not be ended; the start need not fail for it.
  await writeRunRecord(folder, pid).catch(() => undefined)
  return {
    pid,
    ended: withLastOutput(exited, read),
    async stop(graceMs) {
      const clean = await end(child, exited, graceMs)
      if (clean) await removeRunRecord(folder)
      return clean
    },
  }
}

async function end(child: ChildProcess, exited: Promise<unknown>, graceMs: number): Promise<boolean> {
  child.stdin?.end()
  // On Windows a signal is always a kill; there the closed input is the request.
  if (process.platform !== 'win32') child.kill('SIGTERM')
  if (await within(graceMs, exited)) return true
  child.kill('SIGKILL')
  return within(killPatienceMs, exited)
}
