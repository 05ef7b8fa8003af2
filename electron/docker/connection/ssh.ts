import { spawn, type ChildProcess } from 'node:child_process'
import http from 'node:http'
import { Duplex } from 'node:stream'
import { inspect } from 'node:util'
import { createTail } from '../../logs/cutting'
import type { Endpoint } from './endpoint'

/** ssh ended, or could not be started. `stderr` is what it said last, in whole lines. */
export class SshFailure extends Error {
  override readonly name = 'SshFailure'
  constructor(
    readonly exitCode: number | null,
    readonly stderr: string,
    options?: ErrorOptions,
  ) {
    super(`ssh ended with ${exitCode ?? 'no'} exit code: ${stderr}`, options)
  }
}

/** How long ssh may take to reach the other machine, in s. */
const connectTimeoutS = 10

const maxStderr = 2000

/**
 * The command by which Docker's own programs reach an engine over ssh: it never asks for a password, and nothing of the
 * address can be read as an option. The last part is read by a shell there; its path holds plain characters alone.
 * https://github.com/docker/cli/blob/master/cli/connhelper/connhelper.go
 */
export function sshCommand(endpoint: Extract<Endpoint, { kind: 'ssh' }>): string[] {
  const { socket } = endpoint
  return [
    ...sshWords(endpoint),
    ...['docker', ...(socket === null ? [] : ['--host', `unix://${socket}`]), 'system', 'dial-stdio'],
  ]
}

/** What comes before the words that a shell on the other machine reads: those must be plain. */
export function sshWords({ user, host, port }: Extract<Endpoint, { kind: 'ssh' }>): string[] {
  return [
    ...['-o', 'BatchMode=yes', '-o', `ConnectTimeout=${connectTimeoutS}`, '-T'],
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', String(port)]),
    ...['--', host],
  ]
}

/** A program's input and output in the place of a socket. node's HTTP client sets options that only a socket has. */
class ProgramSocket extends Duplex {
  #child: ChildProcess
  readonly #stderr = createTail(maxStderr)
  readonly timeout = 0

  constructor(command: string, args: string[], env: NodeJS.ProcessEnv) {
    super()
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env, windowsHide: true })
    const { stdin, stdout, stderr } = this.#child
    stdout?.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause()
    })
    stderr?.setEncoding('utf8').on('data', (text: string) => this.#stderr.push(text))
    // Told of by the end of the program.
    stdin?.on('error', () => undefined)
    this.#child.on('error', (error) => this.destroy(new SshFailure(null, '', { cause: error })))
    this.#child.on('close', (code) => {
      if (code === 0) this.push(null)
      else this.destroy(new SshFailure(code, this.#stderr.text().trim()))
    })
  }

  override _read() {
    this.#child.stdout?.resume()
  }
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void) {
    const { stdin } = this.#child
    if (stdin?.writable) stdin.write(chunk, () => done())
    else done()
  }
  override _final(done: () => void) {
    this.#child.stdin?.end(() => done())
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void) {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill()
    done(error)
  }
  setTimeout = () => this
  setNoDelay = () => this
  setKeepAlive = () => this
  ref = () => this
  unref = () => this
}

/** Speaks HTTP over the output of ssh: one ssh a connection, kept for a while and used again. */
export class SshAgent extends http.Agent {
  #endpoint: Extract<Endpoint, { kind: 'ssh' }>
  #env: NodeJS.ProcessEnv

  constructor(endpoint: Extract<Endpoint, { kind: 'ssh' }>, env: NodeJS.ProcessEnv) {
    super({ keepAlive: true, maxFreeSockets: 2 })
    this.#endpoint = endpoint
    this.#env = env
  }

  override createConnection(): Duplex {
    return new ProgramSocket('ssh', sshCommand(this.#endpoint), this.#env)
  }

  /** See `LocalAgent`. */
  [inspect.custom]() {
    return 'SshAgent'
  }
}
