/** A simulated ComfyUI or Forge, or a proxy in front of one, as a program of its own: one file, plain node, no secret on the command line. */
import { parseCommand, usage, type Command } from './cli'
import { startComfyuiSimulator } from './comfyui'
import { CannotStart, startForgeSimulator, WebThreadEnded } from './forge'
import { portTaken } from './forge/dead-thread'
import { createLog } from './log'
import { startProxySimulator } from './proxy'

// Like the real programs: ComfyUI logs to stderr, Forge prints to stdout.
const log = (kind: 'comfyui' | 'forge') =>
  createLog((line, level) => {
    const stream = kind === 'comfyui' || level === 'error' ? process.stderr : process.stdout
    stream.write(`${line}\n`)
  })

function readCommand(): Command {
  try {
    return parseCommand(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`simulator: ${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
    return process.exit(2)
  }
}

function crash(): never {
  process.stderr.write('Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n')
  process.exit(1)
}

function start(command: Command): Promise<unknown> {
  if (command.kind === 'proxy') return startProxySimulator(command)
  const { host, port, folder, behaviour } = command
  const shared = { host, port, folder, behaviour, crash, log: log(command.kind) }
  if (command.kind === 'forge') {
    const { protect, api, nowebui, neo, portWasGiven } = command
    return startForgeSimulator({ ...shared, protect, api, nowebui, neo, portWasGiven })
  }
  const { cors, withoutLogin } = command
  const argv = ['main.py', '--listen', host, '--port', String(port)]
  if (withoutLogin) argv.push('--disable-all-custom-nodes')
  if (cors !== null) argv.push('--enable-cors-header', cors)
  return startComfyuiSimulator({ ...shared, withoutLogin, argv, ...(cors === null ? {} : { cors }) })
}

function explain(error: unknown, { host, port }: Command): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EADDRINUSE') {
    return `OSError: [Errno 98] error while attempting to bind on address ('${host}', ${port}): address already in use`
  }
  return error instanceof CannotStart ? error.message : String(error instanceof Error ? error.stack : error)
}

const command = readCommand()

// Signals count from the first moment, also while the program still starts: there is nothing that needs saving.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0))
if (command.dieWithParent) {
  process.stdin.on('end', () => process.exit(0))
  process.stdin.on('error', () => process.exit(0))
  process.stdin.resume()
}

const isPortTaken = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

/** What Forge prints when it loses the thread that would listen; null for every other failure. */
function lastWordsOfThread(error: unknown): string | null {
  if (error instanceof WebThreadEnded) return error.message
  return command.kind === 'forge' && isPortTaken(error) ? portTaken(command).join('\n') : null
}

start(command).catch((error: unknown) => {
  const words = lastWordsOfThread(error)
  if (words !== null) {
    process.stderr.write(`${words}\n`)
    setInterval(() => undefined, 60_000) // its process goes on
    return
  }
  process.stderr.write(`${explain(error, command)}\n`)
  process.exit(1)
})
