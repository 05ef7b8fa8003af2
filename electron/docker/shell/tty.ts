import type Dockerode from 'dockerode'
import type { Duplex } from 'node:stream'
import { Problem } from '../../../shared/problems'
import type { Engine } from '../engine'
import { containerProblem, couldNotStart, execCapture, exitCodeOf, shortId } from '../exec'

/** A program in a container behind a terminal. */
export interface Tty {
  program: string
  exec: Dockerode.Exec
  stream: Duplex
  /** What was read while it was found out whether the program runs. */
  first: Buffer
}

export interface TtyOptions {
  /** `null`: bash, else sh. */
  program: string | null
  cols: number
  rows: number
  /** Stands in the environment of the program and of all that it starts, so that they are found again. */
  marker: { name: string; value: string }
}

const shells = ['bash', 'sh']

/** A program that cannot be started says so at once; one that waits for input says nothing. */
const firstWordMs = 400

/** What the stream brings first, until it ends, speaks, or has been silent long enough to be taken for running. */
function firstWord(stream: Duplex): Promise<{ first: Buffer; hasEnded: boolean }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const finish = (hasEnded: boolean) => {
      clearTimeout(timer)
      stream.off('data', listen)
      stream.off('close', end)
      stream.off('end', end)
      stream.pause()
      resolve({ first: Buffer.concat(chunks), hasEnded })
    }
    const end = () => finish(true)
    // The engine's own words on a failure are followed by the end; anything else is the program's.
    const listen = (chunk: Buffer) => {
      chunks.push(chunk)
      if (!couldNotStart(126, Buffer.concat(chunks).toString())) finish(false)
    }
    const timer = setTimeout(() => finish(false), firstWordMs)
    stream.on('data', listen)
    stream.once('close', end)
    stream.once('end', end)
  })
}

async function tryProgram(client: Dockerode, containerId: string, program: string, options: TtyOptions) {
  const { cols, rows, marker } = options
  const exec = await client.getContainer(containerId).exec({
    Cmd: [program],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
    Env: ['TERM=xterm-256color', `${marker.name}=${marker.value}`],
  })
  const stream = await exec.start({ hijack: true, stdin: true, Tty: true })
  // Whoever reads is told by `close`; without a listener a broken connection would end the panel.
  stream.on('error', () => undefined)
  // The program may have ended already.
  await exec.resize({ w: cols, h: rows }).catch(() => undefined)
  const { first, hasEnded } = await firstWord(stream)
  if (hasEnded && couldNotStart(await exitCodeOf(exec), first.toString())) return null
  return { program, exec, stream, first }
}

/**
 * Opens a terminal in a running container. Throws a Problem when the container is gone or not running, when it holds no
 * shell, or not the named program.
 */
export async function openTty(engine: Pick<Engine, 'client'>, containerId: string, options: TtyOptions): Promise<Tty> {
  const container = shortId(containerId)
  try {
    const client = await engine.client()
    for (const program of options.program === null ? shells : [options.program]) {
      const tty = await tryProgram(client, containerId, program, options)
      if (tty) return tty
    }
  } catch (error) {
    throw containerProblem(error, containerId)
  }
  throw options.program === null
    ? new Problem('container.no-shell', { container, tried: shells.join(', ') })
    : new Problem('container.no-program', { container, program: options.program })
}

/**
 * Sends a signal to every process of the container that carries the marker. Only what each shell has built in: there
 * may be no `grep` and no `kill`. `$0` is the marker, `$1` the signal.
 */
const signalAll = `for d in /proc/[0-9]*; do
  while IFS= read -r line || [ -n "$line" ]; do
    case "$line" in *"$0"*) kill -"$1" "\${d#/proc/}"; break ;; esac
  done < "$d/environ"
done 2>/dev/null`

const killTimeoutMs = 1500

/**
 * Ends the program of a terminal and what it started. Docker itself cannot end one: the processes are found by their
 * marker with the container's own shell; without a shell the program is told by Ctrl+C and Ctrl+D.
 */
export async function endTty(
  engine: Pick<Engine, 'client'>,
  containerId: string,
  { exec, stream, program }: Tty,
  marker: TtyOptions['marker'],
): Promise<void> {
  const signal = async (name: 'HUP' | 'KILL') => {
    const shell = shells.includes(program) ? program : 'sh'
    const argv = [shell, '-c', signalAll, `${marker.name}=${marker.value}`, name]
    const result = await execCapture(engine, containerId, argv, { timeoutMs: killTimeoutMs })
    return result.started
  }
  try {
    if (!(await signal('HUP'))) stream.write('\u0003\u0004')
    else if ((await exitCodeOf(exec)) === null) await signal('KILL')
  } catch {
    // The container or the engine is gone, and the program with it.
  } finally {
    stream.destroy()
  }
}
