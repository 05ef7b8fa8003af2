/**
 * The guardian: a small program between the panel and a command that it runs. It starts the command in a process
 * group of its own, and ends the whole tree when it is told to, or when the panel is gone, however the panel ended:
 * the channel to the panel closes even after SIGKILL. The command writes straight into the panel's pipes.
 *
 * Run as `node guardian.cjs` with an IPC channel. It uses node's own modules only, so that it starts fast.
 */
import { spawn } from 'node:child_process'
import type { FromGuardian, ToGuardian } from './guardian-messages'
import { endTree } from '../system/process-tree'

/** Given when the panel disappears, since nobody can say another grace. */
const orphanGraceMs = 3_000

const tell = (message: FromGuardian) => {
  if (process.connected) process.send?.(message)
}

let root: number | undefined
let ending: Promise<void> | undefined

/** Ends what is left of the tree, then the guardian itself. */
function end(graceMs: number): Promise<void> {
  ending ??= (async () => {
    const clean = root === undefined || (await endTree(root, graceMs))
    process.exit(clean ? 0 : 1)
  })()
  return ending
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'

function fail(error: unknown) {
  tell({ type: 'failed', error: codeOf(error) })
  process.disconnect()
}

function run(order: Extract<ToGuardian, { type: 'run' }>) {
  try {
    watch(start(order))
  } catch (error) {
    // Some failures are thrown instead of emitted, e.g. EINVAL for a batch file and E2BIG.
    fail(error)
  }
}

const start = ({ command, args, cwd, env }: Extract<ToGuardian, { type: 'run' }>) =>
  spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })

function watch(child: ReturnType<typeof start>) {
  root = child.pid
  child.once('spawn', () => {
    if (child.pid !== undefined) tell({ type: 'started', pid: child.pid })
  })
  child.once('error', (error) => {
    if (child.pid === undefined) fail(error)
  })
  child.once('exit', (code, signal) => {
    tell({ type: 'exited', code, signal })
    // What the command left behind in its group would hold the port or the GPU.
    void end(2_000)
  })
}

// What arrives here was sent by the panel over a channel that it alone holds.
process.on('message', (message: ToGuardian) => {
  switch (message.type) {
    case 'run':
      run(message)
      return
    case 'stop':
      void end(message.graceMs)
      return
  }
})
process.on('disconnect', () => void end(orphanGraceMs))
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(orphanGraceMs))
