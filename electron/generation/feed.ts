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

export function createFeed(publish: (generation: Generation) => void): Feed {
  const mailboxes = new Map<string, Set<Mailbox>>()
  const throttles = new Map<string, { progress: Throttle<Generation>; preview: Throttle<Preview> }>()
  const lastPreviews = new Map<string, Preview>()

  const deliver = (id: string, put: (mailbox: Mailbox) => void) => {
    for (const mailbox of mailboxes.get(id) ?? []) {
      put(mailbox)
      mailbox.changed.wake()
    }
  }
  const send = (generation: Generation) => {
    deliver(generation.id, (mailbox) => (mailbox.update = generation))
    publish(generation)
  }
  const throttlesOf = (id: string) => {
    const known = throttles.get(id)
    if (known) return known
    const made = {
      progress: createThrottle(progressEveryMs, send),
      preview: createThrottle<Preview>(previewEveryMs, (preview) => {
        lastPreviews.set(id, preview)
        deliver(id, (mailbox) => (mailbox.preview = preview))
      }),
    }
    throttles.set(id, made)
    return made
  }

  async function* read(
    current: () => Generation,
    signal: AbortSignal,
  ): AsyncGenerator<GenerationEvent, void, undefined> {
    const now = current()
    const { id } = now
    const mailbox: Mailbox = { update: now, preview: lastPreviews.get(id) ?? null, changed: createWake() }
    const others = mailboxes.get(id) ?? new Set()
    mailboxes.set(id, others.add(mailbox))
    try {
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
    } finally {
      others.delete(mailbox)
      if (others.size === 0) mailboxes.delete(id)
    }
  }

  return {
    tell(generation) {
      const { id } = generation
      throttles.get(id)?.progress.drop()
      send(generation)
      if (!isFinished(generation)) return
      throttles.get(id)?.preview.drop()
      throttles.delete(id)
      lastPreviews.delete(id)
    },
    tellProgress: (generation) => throttlesOf(generation.id).progress.push(generation),
    show: (id, preview) => throttlesOf(id).preview.push(preview),
    watch(current, signal) {
      const left = new AbortController()
      const events = read(current, signal ? AbortSignal.any([signal, left.signal]) : left.signal)
      // A generator that waits takes no `return`: it has to be woken first.
      const end = events.return.bind(events)
      events.return = (value) => {
        left.abort()
        return end(value)
      }
      return events
    },
    subscriberCount: () => [...mailboxes.values()].reduce((sum, set) => sum + set.size, 0),
    close() {
      for (const { progress, preview } of throttles.values()) {
        progress.drop()
        preview.drop()
      }
      throttles.clear()
    },
  }
}
