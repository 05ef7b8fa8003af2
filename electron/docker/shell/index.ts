import { randomBytes } from 'node:crypto'
import type { Shell, ShellEvent } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { Engine } from '../engine'
import type { FeedLimits } from './feed'
import { Session, shellTiming, type ShellTiming } from './session'
import { openTty } from './tty'

/** One line of the audit log; what is typed or shown never stands in it. */
export interface ShellAudit {
  who: string
  action: 'shell.opened' | 'shell.closed'
  /** `container:<name>`: a credential may bear the same name as a service. */
  target: string
  details: Record<string, string | number>
}

export interface ShellsOptions {
  engine: Pick<Engine, 'client'>
  audit: (entry: ShellAudit) => Promise<void>
  reportBug: (error: unknown) => void
  timing?: Partial<ShellTiming>
  limits?: FeedLimits
}

export interface OpenShell {
  serviceId: string
  container: { id: string; name: string }
  /** Left out: bash, else sh. */
  program?: string | undefined
  cols: number
  rows: number
  who: string
}

/** So many terminals at once are enough for a person, and few enough for the panel. */
const most = 8

/** A page that was cut off while its terminal ended still learns how. */
const rememberMs = 60_000

/** Terminals in containers. Each ends when its program does, when nobody watches or types, and with the panel. */
export class Shells {
  readonly #options: ShellsOptions
  readonly #timing: ShellTiming
  readonly #sessions = new Map<string, Session>()
  readonly #audited = new Set<Promise<void>>()
  #opening = 0

  constructor(options: ShellsOptions) {
    this.#options = options
    this.#timing = { ...shellTiming, ...options.timing }
  }

  /** Opens a terminal. Throws a Problem when the container has no shell, is not running, or too many are open. */
  async open({ serviceId, container, program, cols, rows, who }: OpenShell): Promise<Shell> {
    // Those that are just being opened count too.
    if (this.count() + this.#opening >= most) throw new Problem('container.too-many-shells', { count: most })
    const { engine, limits } = this.#options
    const id = randomBytes(16).toString('base64url')
    const marker = { name: 'REGIE_SHELL', value: id }
    this.#opening += 1
    const tty = await openTty(engine, container.id, { program: program ?? null, cols, rows, marker }).finally(() => {
      this.#opening -= 1
    })
    const openedAt = Date.now()
    const target = `container:${container.name}`
    const about = { service: serviceId, program: tty.program, shell: id.slice(0, 8) }
    await this.#write({ who, action: 'shell.opened', target, details: about })
    const session = new Session(tty, {
      ...{ engine, containerId: container.id, marker, timing: this.#timing },
      ...(limits ? { limits } : {}),
      onEnd: ({ why, exitCode }) => {
        const seconds = Math.round((Date.now() - openedAt) / 1000)
        const ended = { ...about, why, seconds, ...(exitCode === null ? {} : { exitCode }) }
        void this.#write({ who, action: 'shell.closed', target, details: ended })
        setTimeout(() => this.#sessions.delete(id), rememberMs).unref()
      },
    })
    this.#sessions.set(id, session)
    return { id, serviceId, container, program: tty.program, openedAt, idleLimitMs: this.#timing.idleMs }
  }

  watch(id: string, after: number, signal: AbortSignal): AsyncGenerator<ShellEvent, void, undefined> {
    return this.#of(id).watch(after, signal)
  }

  async input(id: string, text: string): Promise<void> {
    await this.#of(id).input(text)
  }

  acknowledge(id: string, offset: number): void {
    this.#of(id).acknowledge(offset)
  }

  async resize(id: string, cols: number, rows: number): Promise<void> {
    await this.#of(id).resize(cols, rows)
  }

  async close(id: string): Promise<void> {
    await this.#of(id).stop('closed')
  }

  /** How many are open now. */
  count(): number {
    return [...this.#sessions.values()].filter((session) => !session.hasEnded()).length
  }

  /** Ends every terminal. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.stop('closed')))
    await Promise.all(this.#audited)
  }

  #of(id: string): Session {
    const session = this.#sessions.get(id)
    if (!session) throw new Problem('container.shell-not-found')
    return session
  }

  #write(entry: ShellAudit): Promise<void> {
    const { audit, reportBug } = this.#options
    const done = audit(entry)
      .catch(reportBug)
      .finally(() => this.#audited.delete(done))
    this.#audited.add(done)
    return done
  }
}
