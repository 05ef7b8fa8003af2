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
export class Session {
  readonly #tty: Tty
  readonly #options: SessionOptions
  readonly #feed: ReturnType<typeof createFeed>
  readonly #decoder = new StringDecoder('utf8')
  /** There is something new, somebody else watches, or the program takes input again. */
  readonly #news = createWake()
  #ending: ShellEnd | null = null
  #end: Extract<ShellEvent, { type: 'ended' }> | null = null
  #watcher: symbol | null = null
  #grace: NodeJS.Timeout | undefined
  #idle: NodeJS.Timeout | undefined

  constructor(tty: Tty, options: SessionOptions) {
    this.#tty = tty
    this.#options = options
    this.#feed = createFeed(options.limits)
    const { stream, first } = tty
    this.#take(first)
    stream.on('data', (chunk: Buffer) => this.#take(chunk))
    stream.on('drain', () => this.#news.wake())
    stream.once('close', () => void this.#closed())
    stream.once('end', () => void this.#closed())
    if (stream.readableEnded || stream.destroyed) void this.#closed()
    else if (!this.#feed.isFull()) stream.resume()
    this.#expectWatcher()
    this.#expectInput()
  }

  /** What the terminal shows after an offset, and its end. Whoever watches last is the one who is told. */
  async *watch(after: number, signal: AbortSignal): AsyncGenerator<ShellEvent, void, undefined> {
    const self = Symbol('watcher')
    this.#watcher = self
    clearTimeout(this.#grace)
    this.#news.wake()
    let position = after
    try {
      while (!signal.aborted && this.#watcher === self) {
        const piece = this.#feed.read(position)
        if (piece) {
          position = piece.offset
          yield { type: 'output', ...piece }
          await wait(this.#options.timing.paceMs)
        } else if (this.#end) {
          yield this.#end
          return
        } else await this.#news.next(signal)
      }
    } finally {
      if (this.#watcher === self) {
        this.#watcher = null
        if (!this.#end) this.#expectWatcher()
      }
    }
  }

  async input(text: string): Promise<void> {
    const { stream } = this.#tty
    this.#expectInput()
    if (stream.writable && !stream.write(text)) await this.#news.next(undefined, inputPatienceMs)
  }

  acknowledge(offset: number): void {
    const { stream } = this.#tty
    this.#feed.acknowledge(offset)
    if (this.#feed.hasRoom() && stream.isPaused()) stream.resume()
  }

  /** A program that has just ended has no size any more. */
  async resize(cols: number, rows: number): Promise<void> {
    await this.#tty.exec.resize({ w: cols, h: rows }).catch(() => undefined)
  }

  async stop(why: ShellEnd): Promise<void> {
    if (this.#end || this.#ending) return
    this.#ending = why
    const { engine, containerId, marker } = this.#options
    await endTty(engine, containerId, this.#tty, marker)
    await this.#closed()
  }

  hasEnded(): boolean {
    return this.#end !== null
  }

  #take(bytes: Buffer): void {
    const text = this.#decoder.write(bytes)
    if (text !== '') this.#feed.push(text)
    if (this.#feed.isFull()) this.#tty.stream.pause()
    this.#news.wake()
  }

  /** The stream is over: the program has ended, or the connection to the engine broke off. */
  async #closed(): Promise<void> {
    const exitCode = await exitCodeOf(this.#tty.exec).catch(() => null)
    this.#finish(this.#ending ?? (exitCode === null ? 'lost' : 'exited'), exitCode)
  }

  #finish(why: ShellEnd, exitCode: number | null): void {
    if (this.#end) return
    clearTimeout(this.#grace)
    clearTimeout(this.#idle)
    this.#feed.push(this.#decoder.end())
    this.#end = { type: 'ended', why, exitCode }
    this.#news.wake()
    this.#options.onEnd({ why, exitCode })
  }

  #expectWatcher(): void {
    clearTimeout(this.#grace)
    this.#grace = setTimeout(() => void this.stop('left'), this.#options.timing.graceMs)
  }

  #expectInput(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.stop('idle'), this.#options.timing.idleMs)
    this.#idle.unref()
  }
}
