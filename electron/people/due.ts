import type { Everybody } from './book'
import { changing, tellKey, tellUser, type Parts } from './parts'
import { isOver, type KeptKey, type Person } from './record'

/** The longest between two looks, in ms: the machine's clock may have been set. */
const mostMs = 30_000

/** When somebody was last seen is written down this long after, in ms, if nothing else is. */
const seenKeptMs = 5 * 60_000

/** How far the time has come is noted so often, in ms. */
const timeNotedMs = 60_000

/** Ended keys are told of for so long, in ms. */
const endedKeptMs = 90 * 24 * 3600_000

/** A key in grace ends early when nobody has used it for this part of its grace, and for an hour at least. */
const quietPart = 0.25
const leastQuietMs = 3600_000

/**
 * Whether nobody uses a replaced key any more: the one in its place is in use, and it was silent for a quarter of its
 * grace, so that what runs once a night within a grace of a week does not lose it.
 */
function isForsaken(key: KeptKey, { keys }: Everybody, { uses, now }: Parts, since: number): boolean {
  const next = key.replacedBy === null ? undefined : keys.get(key.replacedBy)
  if (!next || key.graceUntil === null || !uses.lastOf(next.id)) return false
  const quietSince = Math.max(since, next.createdAt, uses.lastOf(key.id)?.at ?? 0)
  return now() - quietSince >= Math.max(leastQuietMs, (key.graceUntil - next.createdAt) * quietPart)
}

/** What of everybody has its time behind it. */
function whatIsDue(everybody: Everybody, parts: Parts, since: number) {
  const now = parts.now()
  const keys = [...everybody.keys.values()]
  return {
    ended: keys
      .filter((key) => key.endedAt === null && (isOver(key, now) || isForsaken(key, everybody, parts, since)))
      .map((key) => ({ ...key, endedAt: now })),
    forgotten: keys.filter(({ endedAt }) => endedAt !== null && endedAt + endedKeptMs <= now),
    uninvited: [...everybody.people.values()].filter(
      ({ invitation }) => invitation !== null && invitation.expiresAt <= now,
    ),
    seen: [...everybody.people.values()].filter(
      ({ id, lastSeenAt }) => (parts.seen.get(id) ?? 0) - (lastSeenAt ?? 0) >= seenKeptMs,
    ),
  }
}

type Due = ReturnType<typeof whatIsDue>

function after(everybody: Everybody, { ended, forgotten, uninvited }: Due, parts: Parts): Everybody {
  const keys = new Map([...everybody.keys, ...ended.map((key) => [key.id, key] as const)])
  for (const { id } of forgotten) keys.delete(id)
  const put = (person: Person): Person => ({
    ...person,
    lastSeenAt: parts.seen.get(person.id) ?? person.lastSeenAt,
    ...(uninvited.includes(person) && { invitation: null }),
  })
  return { ...everybody, keys, people: new Map([...everybody.people].map(([id, person]) => [id, put(person)])) }
}

/** The shortest, in ms. */
const leastMs = 250

/** When the next key is over, in ms from now. */
function untilNext({ keys }: Everybody, now: number): number {
  const ends = [...keys.values()].flatMap(({ endedAt, expiresAt, graceUntil }) =>
    endedAt === null ? [expiresAt, graceUntil] : [],
  )
  return Math.min(mostMs, ...ends.flatMap((at) => (at === null ? [] : Math.max(leastMs, at - now))))
}

/** Notes the time now and then. One that was wrong for a moment is not kept for good: what is noted is believed now. */
function createTimeNoting({ now, noteTime }: Parts, reportError: (error: unknown) => void) {
  let notedAt = 0
  return async (isLast: boolean): Promise<void> => {
    const at = now()
    if (!isLast && Math.abs(at - notedAt) < timeNotedMs) return
    notedAt = at
    await noteTime(at).catch(reportError)
  }
}

/**
 * Ends what has its time behind it, when it has, and writes that down: what ended once stays so, whatever clock a later
 * start finds.
 */
export function createDue(parts: Parts, reportError: (error: unknown) => void) {
  const since = parts.now()
  let timer: NodeJS.Timeout | undefined
  const noteTime = createTimeNoting(parts, reportError)
  let isClosed = false

  /** Looks once. Throws the file system's error where it could not be written; then it counts all the same. */
  const look = async (isLast = false): Promise<void> => {
    await parts.book.settle()
    const everybody = parts.book.read()
    if (!everybody) return
    await noteTime(isLast)
    const { ended, forgotten, uninvited, seen } = whatIsDue(everybody, parts, since)
    const isSeen = isLast ? parts.seen.size > 0 : seen.length > 0
    if (ended.length + forgotten.length + uninvited.length === 0 && !isSeen) return
    const told = await changing(parts, (now) => {
      const due = whatIsDue(now, parts, since)
      const next = after(now, due, parts)
      return { next, takesAway: due.ended.length > 0, answer: { due, next } }
    })
    for (const key of told.due.ended) tellKey(parts, key)
    for (const { id } of told.due.forgotten) parts.uses.forget(id)
    for (const { id } of told.due.uninvited) {
      const person = told.next.people.get(id)
      if (person) tellUser(parts, person)
    }
  }

  const schedule = (): void => {
    if (isClosed) return
    const everybody = parts.book.read()
    if (!everybody) return
    clearTimeout(timer)
    timer = setTimeout(
      () => void look().catch(reportError).finally(schedule),
      untilNext(everybody, parts.now()),
    ).unref()
  }

  return {
    begin: async (): Promise<void> => {
      await parts.book.settle()
      await look().catch(reportError)
      schedule()
    },
    /** Sets the clock anew: something with an end was made. */
    schedule,
    /** Writes down what is known, and looks no more. */
    close: async (): Promise<void> => {
      isClosed = true
      clearTimeout(timer)
      await look(true)
    },
  }
}
