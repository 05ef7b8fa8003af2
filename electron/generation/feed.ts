import type { Generation, GenerationEvent } from '../../shared/contract'
import { createThrottle, type Throttle } from '../async/throttle'
import { createWake } from '../async/wake'
import { isFinished } from './record'

export type Preview = Extract<GenerationEvent, { type: 'preview' }>

/** Shortest time between two progress updates, and between two previews, of one generation, in ms. */
const progressEveryMs = 100
const previewEveryMs = 250

/** What one page has not read yet: the newest of each kind, so that a slow page costs no memory. */
interface Mailbox {
  update: Generation | null
  preview: Preview | null
  changed: ReturnType<typeof createWake>
}

/** Tells pages how generations go. */
export interface Feed {
  /** Tells of a change at once. */
  tell(generation: Generation): void
  /** Tells of progress: at most ten times a second, the newest wins. */
  tellProgress(generation: Generation): void
  /** Shows a picture while it is made: at most four a second. */
  show(id: string, preview: Preview): void
  /**
   * Follows a generation: first as it is when reading begins, then what changes, until it has ended or the signal is
   * aborted. A page that comes late gets the last preview too.
   */
  watch(current: () => Generation, signal?: AbortSignal): AsyncGenerator<GenerationEvent, void, undefined>
  /** Pages that follow a generation now. */
  subscriberCount(): number
  /** Stops the timers; what waits is not told. */
  close(): void
}

/** How fast one generation is told, and the preview that was shown last. */
interface Pace {
  progress: Throttle<Generation>
  preview: Throttle<Preview>
  shown: Preview | null
}

/** The mailboxes of those who follow, by generation. */
function createMailboxes() {
  const mailboxes = new Map<string, Set<Mailbox>>()
  return {
    /** Returns what closes it again. */
    open(id: string, mailbox: Mailbox) {
      const others = mailboxes.get(id) ?? new Set()
      mailboxes.set(id, others.add(mailbox))
      return () => {
        others.delete(mailbox)
        if (others.size === 0) mailboxes.delete(id)
      }
    },
    deliver(id: string, put: (mailbox: Mailbox) => void) {
      for (const mailbox of mailboxes.get(id) ?? []) {
        put(mailbox)
        mailbox.changed.wake()
      }
    },
    count: () => [...mailboxes.values()].reduce((sum, set) => sum + set.size, 0),
  }
}

/** What comes into a mailbox, until the generation has ended. */
async function* unread(mailbox: Mailbox, signal: AbortSignal): AsyncGenerator<GenerationEvent, void, undefined> {
  while (!signal.aborted) {
    const { update, preview } = mailbox
    if (update) {
      mailbox.update = null
      yield { type: 'update', generation: update }
      if (isFinished(update)) return
    } else if (preview) {
      mailbox.preview = null
      yield preview
    } else await mailbox.changed.next(signal)
  }
}

/** A generator that waits takes no `return`: it has to be woken first. */
function endedAtOnce<T>(make: (left: AbortSignal) => AsyncGenerator<T, void, undefined>) {
  const left = new AbortController()
  const events = make(left.signal)
  const end = events.return.bind(events)
  events.return = (value) => {
    left.abort()
    return end(value)
  }
  return events
}

export function createFeed(publish: (generation: Generation) => void): Feed {
  const mailboxes = createMailboxes()
  const paces = new Map<string, Pace>()

  const send = (generation: Generation) => {
    mailboxes.deliver(generation.id, (mailbox) => (mailbox.update = generation))
    publish(generation)
  }
  const paceOf = (id: string): Pace => {
    const known = paces.get(id)
    if (known) return known
    const preview = createThrottle<Preview>(previewEveryMs, (shown) => {
      pace.shown = shown
      mailboxes.deliver(id, (mailbox) => (mailbox.preview = shown))
    })
    const pace: Pace = { progress: createThrottle(progressEveryMs, send), preview, shown: null }
    paces.set(id, pace)
    return pace
  }

  async function* read(
    current: () => Generation,
    signal: AbortSignal,
  ): AsyncGenerator<GenerationEvent, void, undefined> {
    const now = current()
    const { id } = now
    const mailbox: Mailbox = { update: now, preview: paces.get(id)?.shown ?? null, changed: createWake() }
    const leave = mailboxes.open(id, mailbox)
    try {
      yield* unread(mailbox, signal)
    } finally {
      leave()
    }
  }

  return {
    tell(generation) {
      const { id } = generation
      paces.get(id)?.progress.drop()
      send(generation)
      if (!isFinished(generation)) return
      paces.get(id)?.preview.drop()
      paces.delete(id)
    },
    tellProgress: (generation) => paceOf(generation.id).progress.push(generation),
    show: (id, preview) => paceOf(id).preview.push(preview),
    watch(current, signal) {
      return endedAtOnce((left) => read(current, signal ? AbortSignal.any([signal, left]) : left))
    },
    subscriberCount: mailboxes.count,
    close() {
      for (const { progress, preview } of paces.values()) {
        progress.drop()
        preview.drop()
      }
      paces.clear()
    },
  }
}
