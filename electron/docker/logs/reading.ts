import type { LogLine, LogSource } from '../../../shared/contract'
import { createIntake, panelLine } from '../../logs/intake'
import type { NewLine, Ring } from '../../logs/ring'
import type { Redactor } from '../../vault/redactor'
import type { Container, Engine } from '../engine'
import { followContainer, type FollowOptions } from './follow'
import { timeOf, type EngineLine } from './parse'
import type { LoggedContainer } from './read'
import { secretsOf } from './secrets'

/** Numbers left free for the lines before those that are kept. */
export const gap = 1_000_000

/** Regie's own lines are few, and are in no engine's log. */
const mostNotes = 500

export interface ReadingOptions {
  engine: Engine
  /** The container behind the service, as last seen; null when there is none. */
  find: () => Container | null
  redactor: Redactor
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
  /** How long it is still read after the last reader left, in ms: somebody who changes the page comes back. */
  lingerMs?: number
}

/** One time of reading along, from the first reader's coming to the last one's leaving. */
export interface Session {
  stop: AbortController
  /** Resolves when it is known whether there is any line, and which is the last. */
  opened: Promise<void>
  startedAt: number
  /** Number of the first line that is kept. */
  base: number
  container: LoggedContainer | null
  /** The first line that is kept, and whose: what the engine has before it is history. */
  first: { containerId: string; line: EngineLine } | null
  done: Promise<void>
}

/** Takes what a container was given as a secret into the redactor, in place of what another one was given. */
function createLearning(redactor: Redactor) {
  let learned: string[] = []
  return (secrets: string[]) => {
    secrets.forEach((secret) => redactor.learn(secret))
    learned.forEach((secret) => redactor.forget(secret))
    learned = secrets
  }
}

/** Regie's own lines about the container, kept beside what the engine keeps. */
function createNotes() {
  const notes: NewLine[] = []
  return {
    add(line: NewLine) {
      notes.push(line)
      if (notes.length > mostNotes) notes.shift()
    },
    before: (time: number): NewLine[] => notes.filter(({ at }) => at < time),
  }
}

/** Begins to read along into the ring. */
function begin(
  { engine, find, redactor, reportBug }: ReadingOptions,
  ring: Ring,
  on: Pick<FollowOptions, 'onContainer' | 'onSource' | 'onNote'>,
): Session {
  ring.clear(ring.next() + gap)
  const redact = (text: string) => redactor.redact(text)
  const stop = new AbortController()
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  let intake = createIntake(redact)
  const session: Session = {
    stop,
    opened,
    startedAt: Date.now(),
    base: ring.next(),
    container: null,
    first: null,
    done: Promise.resolve(),
  }
  session.done = followContainer({
    engine,
    find,
    ...on,
    signal: stop.signal,
    places: redactor.places,
    onContainer(container) {
      session.container = container
      on.onContainer(container)
      intake = createIntake(redact)
    },
    onLines(lines) {
      const [line] = lines
      if (line && session.container) session.first ??= { containerId: session.container.id, line }
      ring.add(intake(lines, timeOf))
    },
    onOpened: open,
  }).catch(reportBug)
  return session
}

/** Reads along into the ring, once for all readers, while there is one. */
export function createReading(options: ReadingOptions, ring: Ring) {
  const { redactor, lingerMs = 15_000 } = options
  const listeners = new Set<() => void>()
  const notes = createNotes()
  const learn = createLearning(redactor)
  let session: Session | null = null
  let source: LogSource | null = null
  let readers = 0
  let lingering: NodeJS.Timeout | undefined

  const setSource = (next: LogSource) => {
    if (source?.state === next.state && source.reason?.problem === next.reason?.problem) return
    source = next
    for (const listen of listeners) listen()
  }
  const note = (text: string, level: LogLine['level'] = 'info') => {
    const line = panelLine(text, level, (said) => redactor.redact(said))
    notes.add(line)
    if (session) ring.add([line])
  }
  const onContainer = (container: LoggedContainer) => {
    learn(secretsOf(container))
  }
  return {
    note,
    notesBefore: notes.before,
    readers: () => readers,
    /** What is read now, and how; null while nobody follows. */
    source: () => source,
    onSource: (listen: () => void) => {
      listeners.add(listen)
      return () => void listeners.delete(listen)
    },
    enter(): Session {
      clearTimeout(lingering)
      readers++
      session ??= begin(options, ring, { onContainer, onSource: setSource, onNote: note })
      return session
    },
    leave() {
      readers--
      if (readers > 0) return
      lingering = setTimeout(() => {
        session?.stop.abort()
        session = null
        source = null
        learn([])
        ring.clear(ring.next())
      }, lingerMs)
      lingering.unref()
    },
  }
}

export type Reading = ReturnType<typeof createReading>
