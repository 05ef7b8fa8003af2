import type Dockerode from 'dockerode'
import { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Problem } from '../../shared/problems'
import { onAbort } from '../async/abort'
import type { Engine } from './engine'

export interface ExecResult {
  /** 126 or 127 when it could not be started; `null` when the engine does not tell. */
  exitCode: number | null
  /** False when there is no such program in the container, or it may not be executed. */
  started: boolean
  stdout: string
  stderr: string
  /** True when there was more output than is kept. */
  truncated: boolean
}

export interface ExecOptions {
  /** Limit for the whole run, in ms. The program itself goes on in the container: Docker has no way to end it. */
  timeoutMs?: number
  signal?: AbortSignal
  /** Longest output that is kept, of each stream, in bytes. */
  maxBytes?: number
}

/** What is known of an error of dockerode: the engine's status and its words. */
export function engineError(error: unknown): { status: number | null; detail: string } {
  if (!(error instanceof Error)) return { status: null, detail: 'unknown' }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null
  const said: unknown = 'json' in error ? error.json : null
  const message =
    typeof said === 'object' && said !== null && 'message' in said && typeof said.message === 'string'
      ? said.message
      : error.message
  // Whoever shows it redacts it first, and cuts it then.
  return { status, detail: message.trim() }
}

/** An expected failure of a call about one container. Whatever is already a Problem, or an abort, stays what it is. */
export function containerProblem(error: unknown, container: string): unknown {
  if (error instanceof Problem) return error
  if (error instanceof Error && error.name === 'AbortError') return error
  const { status, detail } = engineError(error)
  const short = shortId(container)
  switch (status) {
    case 404:
      return new Problem('container.gone', { container: short }, { cause: error })
    case 409:
      return new Problem('container.not-running', { container: short }, { cause: error })
    default:
      return new Problem('container.engine-failed', { container: short, detail }, { cause: error })
  }
}

/** A container's id as Docker shortens it; a name stays as it is. */
export const shortId = (container: string) => (/^[0-9a-f]{64}$/.test(container) ? container.slice(0, 12) : container)

/** Keeps the beginning of what is written to it; of more than that, whole lines: half of a secret knows no redactor. */
function createKeeper(maxBytes: number) {
  const chunks: Buffer[] = []
  let length = 0
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (length < maxBytes) chunks.push(chunk.subarray(0, maxBytes - length))
      length += chunk.length
      done()
    },
  })
  const isTruncated = () => length > maxBytes
  return {
    sink,
    text() {
      const text = Buffer.concat(chunks).toString('utf8')
      return isTruncated() ? text.slice(0, text.lastIndexOf('\n') + 1) : text
    },
    isTruncated,
  }
}

/** Whether an exec ended because its program could not be started: the engine then writes so where its output goes. */
export const couldNotStart = (exitCode: number | null, output: string) =>
  (exitCode === 126 || exitCode === 127) && /^OCI runtime exec failed|exec failed: /.test(output)

/** How a finished exec ended; it is told an instant after its output has ended. */
export async function exitCodeOf(exec: Dockerode.Exec): Promise<number | null> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const state = await exec.inspect()
    if (!state.Running) return state.ExitCode
    await wait(10 * (attempt + 1))
  }
  return null
}

/**
 * Runs a program in a running container and answers its whole output. A program that is not there is no failure:
 * its exit code is 126 or 127. Throws a Problem when the container is gone or not running, when the program takes too
 * long, or when there is no engine; and the signal's reason when it is aborted.
 */
export async function execCapture(
  engine: Pick<Engine, 'client'>,
  containerId: string,
  argv: readonly string[],
  { timeoutMs = 10_000, signal, maxBytes = 2 ** 20 }: ExecOptions = {},
): Promise<ExecResult> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const ended = signal ? AbortSignal.any([signal, timeout]) : timeout
  try {
    const client = await engine.client()
    const exec = await client.getContainer(containerId).exec({
      Cmd: [...argv],
      AttachStdout: true,
      AttachStderr: true,
      abortSignal: ended,
    })
    const stream = await exec.start({ hijack: true, stdin: false, abortSignal: ended })
    const [out, err] = [createKeeper(maxBytes), createKeeper(maxBytes)]
    const leave = onAbort(ended, () => void stream.destroy(new DOMException('aborted', 'AbortError')))
    try {
      client.modem.demuxStream(stream, out.sink, err.sink)
      await finished(stream, { writable: false })
    } finally {
      leave()
      stream.destroy()
    }
    ended.throwIfAborted()
    const exitCode = await exitCodeOf(exec)
    return {
      exitCode,
      started: !couldNotStart(exitCode, out.text()),
      stdout: out.text(),
      stderr: err.text(),
      truncated: out.isTruncated() || err.isTruncated(),
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (timeout.aborted)
      throw new Problem('container.exec-timeout', {
        program: argv[0] ?? '',
        seconds: Math.ceil(timeoutMs / 1000),
        container: shortId(containerId),
      })
    throw containerProblem(error, containerId)
  }
}
