import { randomBytes } from 'node:crypto'
import type { Shell, ShellEvent } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { Engine } from '../engine'
import type { FeedLimits } from './feed'
import { createSession, shellTiming, type Session, type ShellTiming } from './session'
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

export type Shells = ReturnType<typeof createShells>

/** Terminals in containers. Each ends when its program does, when nobody watches or types, and with the panel. */
export function createShells({ engine, audit, reportBug, timing, limits }: ShellsOptions) {
  const times = { ...shellTiming, ...timing }
  const sessions = new Map<string, Session>()
  const audited = new Set<Promise<void>>()

  const write = (entry: ShellAudit) => {
    const done = audit(entry)
      .catch(reportBug)
      .finally(() => audited.delete(done))
    audited.add(done)
    return done
  }
  const of = (id: string): Session => {
    const session = sessions.get(id)
    if (!session) throw new Problem('container.shell-not-found')
    return session
  }
  let opening = 0
  const openCount = () => [...sessions.values()].filter((session) => !session.hasEnded()).length

  return {
    /** Opens a terminal. Throws a Problem when the container has no shell, is not running, or too many are open. */
    async open({ serviceId, container, program, cols, rows, who }: OpenShell): Promise<Shell> {
      // Those that are just being opened count too.
      if (openCount() + opening >= most) throw new Problem('container.too-many-shells', { count: most })
      const id = randomBytes(16).toString('base64url')
      const marker = { name: 'REGIE_SHELL', value: id }
      opening += 1
      const tty = await openTty(engine, container.id, { program: program ?? null, cols, rows, marker }).finally(() => {
        opening -= 1
      })
      const openedAt = Date.now()
      const target = `container:${container.name}`
      const about = { service: serviceId, program: tty.program, shell: id.slice(0, 8) }
      await write({ who, action: 'shell.opened', target, details: about })
      const session = createSession(tty, {
        engine,
        containerId: container.id,
        marker,
        timing: times,
        ...(limits ? { limits } : {}),
        onEnd({ why, exitCode }) {
          const seconds = Math.round((Date.now() - openedAt) / 1000)
          const ended = { ...about, why, seconds, ...(exitCode === null ? {} : { exitCode }) }
          void write({ who, action: 'shell.closed', target, details: ended })
          setTimeout(() => sessions.delete(id), rememberMs).unref()
        },
      })
      sessions.set(id, session)
      return { id, serviceId, container, program: tty.program, openedAt, idleLimitMs: times.idleMs }
    },

    watch(id: string, after: number, signal: AbortSignal): AsyncGenerator<ShellEvent, void, undefined> {
      return of(id).watch(after, signal)
    },
    input: (id: string, text: string): Promise<void> => of(id).input(text),
    acknowledge: (id: string, offset: number): void => of(id).acknowledge(offset),
    async resize(id: string, cols: number, rows: number): Promise<void> {
      await of(id).resize(cols, rows)
    },
    close: (id: string): Promise<void> => of(id).stop('closed'),

    /** How many are open now. */
    count: openCount,

    /** Ends every terminal. */
    async closeAll(): Promise<void> {
      await Promise.all([...sessions.values()].map((session) => session.stop('closed')))
      await Promise.all(audited)
    },
  }
}
