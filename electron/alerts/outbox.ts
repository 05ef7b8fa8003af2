import type { Reason } from '../../shared/problems'
import type { Notice, Outbox } from './kept'

const secondMs = 1000
const minuteMs = 60 * secondMs

/** So long is waited for more that is told in the same message: many begin to fire at once. */
export const gatherMs = 5 * secondMs

/** Between two messages of one channel at least, so that what goes on and off is told as one. */
const betweenMs = 30 * secondMs

/** Waits after the first, second, … failure; the last one again and again. */
const waitsMs = [30 * secondMs, ...[1, 2, 5, 10, 20, 30, 60].map((minutes) => minutes * minuteMs)]

/** The longest that the other side may ask for. */
const mostAskedMs = 6 * 60 * minuteMs

/** A message that nobody takes for so long is given up. */
const givenUpMs = 24 * 60 * minuteMs

export const emptyOutbox = (): Outbox => ({ waiting: [], message: null, nextAt: null, sent: null, failing: null })

/** Puts a notice into the box, to be sent with whatever comes in the next seconds. */
export function put(outbox: Outbox, notice: Notice, now: number): void {
  if (outbox.waiting.length === 0 && outbox.message === null)
    outbox.nextAt = Math.max(now + gatherMs, (outbox.sent?.at ?? 0) + betweenMs)
  outbox.waiting.push(notice)
}

/** In how many ms something is to be sent; null: nothing is there. After a jump of the clock it is at once. */
export function dueIn(outbox: Outbox, now: number, mayPass: (notice: Notice) => boolean): number | null {
  if (outbox.message === null && !outbox.waiting.some(mayPass)) return null
  const leftMs = (outbox.nextAt ?? now) - now
  return leftMs > mostAskedMs || leftMs < 0 ? 0 : leftMs
}

/** The message that is to be tried: the one before, where that was not taken, else all that may pass as one. */
export function take(
  outbox: Outbox,
  { now, newId, mayPass }: { now: number; newId: () => string; mayPass: (notice: Notice) => boolean },
): NonNullable<Outbox['message']> {
  const message = outbox.message ?? { id: newId(), at: now, notices: outbox.waiting.filter(mayPass), tries: 0 }
  if (outbox.message === null) outbox.waiting = outbox.waiting.filter((notice) => !mayPass(notice))
  outbox.message = { ...message, tries: message.tries + 1 }
  return outbox.message
}

/** It was taken. Returns what was told by it. */
export function taken(outbox: Outbox, now: number, tookMs: number): Notice[] {
  const notices = outbox.message?.notices ?? []
  Object.assign(outbox, { message: null, sent: { at: now, tookMs }, failing: null, nextAt: now + betweenMs })
  return notices
}

/** It was not taken: it waits longer each time, or as long as was asked for. Returns what is given up by that. */
export function notTaken(
  outbox: Outbox,
  { now, why, afterMs }: { now: number; why: Reason; afterMs: number | null },
): Notice[] {
  const { message } = outbox
  if (!message) return []
  const { since = now, tries = 0 } = outbox.failing ?? {}
  const waitMs = waitsMs[Math.min(tries, waitsMs.length - 1)] ?? minuteMs
  outbox.nextAt = now + Math.max(waitMs, Math.min(afterMs ?? 0, mostAskedMs))
  outbox.failing = { since, tries: tries + 1, reason: why }
  // A clock that was set back makes nothing older.
  if (now - message.at < givenUpMs || message.tries < waitsMs.length) return []
  outbox.message = null
  return message.notices
}

/** Whatever it waited for: it is tried now. */
export function hurry(outbox: Outbox): void {
  if (outbox.failing) outbox.nextAt = null
}
