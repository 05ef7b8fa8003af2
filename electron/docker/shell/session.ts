import { StringDecoder } from 'node:string_decoder'
import type { ShellEnd, ShellEvent } from '../../../shared/contract'
import { setTimeout as wait } from 'node:timers/promises'
import { createWake } from '../../async/wake'
import type { Engine } from '../engine'
import { exitCodeOf } from '../exec'
import { createFeed, type FeedLimits } from './feed'
import { endTty, type Tty, type TtyOptions } from './tty'

export interface ShellTiming {
  /** How long a terminal waits for a page that was cut off. */
  graceMs: number
  /** It ends when nothing is typed for this long. */
  idleMs: number
  /** The least time between two events, so that many small outputs become one. */
  paceMs: number
}

/** Whoever types into a program that takes nothing is kept waiting no longer, in ms. */
const inputPatienceMs = 5000

export const shellTiming: ShellTiming = { graceMs: 30_000, idleMs: 30 * 60_000, paceMs: 8 }

export interface SessionOptions {
  engine: Pick<Engine, 'client'>
  containerId: string
  marker: TtyOptions['marker']
  timing: ShellTiming
  limits?: FeedLimits
  /** Called once. */
  onEnd: (end: { why: ShellEnd; exitCode: number | null }) => void
}

/** One terminal: its output is held until a page has shown it, and the program waits meanwhile. */
export function createSession(tty: Tty, options: SessionOptions) {
  const { engine, containerId, marker, timing, onEnd } = options
  const { stream, exec } = tty
  const feed = createFeed(options.limits)
  const decoder = new StringDecoder('utf8')
  /** There is something new, somebody else watches, or the program takes input again. */
  const { wake, next } = createWake()
  let ending: ShellEnd | null = null
  let end: Extract<ShellEvent, { type: 'ended' }> | null = null
  let watcher: symbol | null = null
  let grace: NodeJS.Timeout | undefined
  let idle: NodeJS.Timeout | undefined

  const take = (text: string) => {
    if (text !== '') feed.push(text)
    if (feed.isFull()) stream.pause()
    wake()
  }

  const finish = (why: ShellEnd, exitCode: number | null) => {
    if (end) return
    clearTimeout(grace)
    clearTimeout(idle)
    feed.push(decoder.end())
    end = { type: 'ended', why, exitCode }
    wake()
    onEnd({ why, exitCode })
  }

  /** The stream is over: the program has ended, or the connection to the engine broke off. */
  const closed = async () => {
    const exitCode = await exitCodeOf(exec).catch(() => null)
    finish(ending ?? (exitCode === null ? 'lost' : 'exited'), exitCode)
  }

  const stop = async (why: ShellEnd): Promise<void> => {
    if (end || ending) return
    ending = why
    await endTty(engine, containerId, tty, marker)
    await closed()
  }

  const expectWatcher = () => {
    clearTimeout(grace)
    grace = setTimeout(() => void stop('left'), timing.graceMs)
  }
  const expectInput = () => {
    clearTimeout(idle)
    idle = setTimeout(() => void stop('idle'), timing.idleMs)
    idle.unref()
  }

  take(decoder.write(tty.first))
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)))
  stream.on('drain', wake)
  stream.once('close', () => void closed())
  stream.once('end', () => void closed())
  if (stream.readableEnded || stream.destroyed) void closed()
  else if (!feed.isFull()) stream.resume()
  expectWatcher()
  expectInput()

  return {
    /** What the terminal shows after an offset, and its end. Whoever watches last is the one who is told. */
    async *watch(after: number, signal: AbortSignal): AsyncGenerator<ShellEvent, void, undefined> {
      const self = Symbol('watcher')
      watcher = self
      clearTimeout(grace)
      wake()
      let position = after
      try {
        while (!signal.aborted && watcher === self) {
          const piece = feed.read(position)
          if (piece) {
            position = piece.offset
            yield { type: 'output', ...piece }
            await wait(timing.paceMs)
          } else if (end) {
            yield end
            return
          } else await next(signal)
        }
      } finally {
        if (watcher === self) {
          watcher = null
          if (!end) expectWatcher()
        }
      }
    },

    async input(text: string): Promise<void> {
      expectInput()
      if (stream.writable && !stream.write(text)) await next(undefined, inputPatienceMs)
    },

    acknowledge(offset: number): void {
      feed.acknowledge(offset)
      if (feed.hasRoom() && stream.isPaused()) stream.resume()
    },

    /** A program that has just ended has no size any more. */
    resize: (cols: number, rows: number) => exec.resize({ w: cols, h: rows }).catch(() => undefined),

    stop,
    hasEnded: () => end !== null,
  }
}

export type Session = ReturnType<typeof createSession>
