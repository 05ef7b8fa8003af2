import * as z from 'zod'
import {
  AttentionItem,
  AttentionSnooze,
  OpenAttention,
  ResolvedAttention,
  type Attention,
  type SnoozeLength,
} from '../../shared/contract'
import { groupOf } from './groups'
import type { Findings } from './items'

/** How bad something was when it was put aside. */
const Weight = AttentionItem.pick({ kind: true, count: true, urgent: true }).extend({ problem: z.string().nullable() })
type Weight = z.infer<typeof Weight>

const KeptSnooze = AttentionSnooze.extend({ as: Weight })
type KeptSnooze = z.infer<typeof KeptSnooze>

/** `attention.json`: since when the panel has seen what, what was put aside, and what is over. */
export const AttentionState = z.object({
  version: z.literal(1),
  open: z.array(OpenAttention),
  snoozes: z.array(KeptSnooze),
  /** The last first. */
  resolved: z.array(ResolvedAttention),
})
export type AttentionState = z.infer<typeof AttentionState>

export const emptyState: AttentionState = { version: 1, open: [], snoozes: [], resolved: [] }

/** So many things that are over are kept, and for so long, in ms. */
const mostResolved = 200
const keptMs = 7 * 24 * 3600_000

/** What was over before anybody could have seen it is not told, in ms. */
const shortestMs = 2_000

/** So far a clock may be set back until what was put aside by it counts no more, in ms. */
const clockMs = 10 * 60_000

/** At this hour somebody looks again at what was put aside until tomorrow. */
const morning = 8

const hourMs = 3600_000

/** Until when something is put aside. */
export function untilOf(length: SnoozeLength, now: number): number | null {
  switch (length) {
    case 'hour':
      return now + hourMs
    case 'tomorrow': {
      const at = new Date(now)
      return new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1, morning).getTime()
    }
    case 'change':
      return null
  }
}

export const weightOf = ({ kind, count, urgent, reason }: AttentionItem): Weight => ({
  ...{ kind, count, urgent },
  problem: reason?.problem ?? null,
})

const isWorse = (now: Weight, before: Weight) =>
  (now.urgent && !before.urgent) || now.count > before.count || now.kind !== before.kind

const isOtherwise = (now: Weight, before: Weight) =>
  isWorse(now, before) || now.count !== before.count || now.urgent !== before.urgent || now.problem !== before.problem

interface Look {
  found: Pick<Findings, 'items' | 'unknown'>
  /** Services of which nothing is told, so that nothing of theirs is over either. */
  muted: ReadonlySet<string>
  now: number
  /** Whether all is known that is known ever: some time after a start. */
  isSettled: boolean
}

interface Taken {
  state: AttentionState
  /** Whether the file is to be written. */
  isNews: boolean
  items: Attention['items']
  snoozed: Attention['snoozed']
}

function snoozesLeft(
  snoozes: readonly KeptSnooze[],
  open: ReadonlyMap<string, AttentionItem>,
  now: number,
): KeptSnooze[] {
  return snoozes.filter(({ about, since, until, as }) => {
    // A clock that is set back would keep it aside for as long as it was wrong.
    if (until !== null && (until <= now || now < since - clockMs)) return false
    const item = open.get(about)
    // What has a time is put aside until then, also where it goes and comes.
    if (!item) return until !== null
    return !(until === null ? isOtherwise : isWorse)(weightOf(item), as)
  })
}

/** Takes one look: what is open and since when, what of it is put aside, and what is over. Changes nothing. */
export function take(before: AttentionState, { found, muted, now, isSettled }: Look): Taken {
  const known = new Map(before.open.map((item) => [item.id, item]))
  const seen = found.items.map((item) => ({ ...item, group: groupOf(item), seenAt: known.get(item.id)?.seenAt ?? now }))
  const there = new Set(seen.map(({ id }) => id))
  const gone = before.open.filter(({ id }) => !there.has(id))
  const isMute = ({ subject, leadsTo }: AttentionItem) =>
    leadsTo.page === 'services' && subject !== null && muted.has(subject)
  const isUnknown = ({ kind, subject }: AttentionItem) =>
    !isSettled || found.unknown.kinds.includes(kind) || (subject !== null && found.unknown.services.includes(subject))
  const unknown = gone.filter((item) => !isMute(item) && isUnknown(item))
  const over = gone
    .filter((item) => !isMute(item) && !isUnknown(item) && now - (item.since ?? item.seenAt) >= shortestMs)
    .map((item) => ({ ...item, overAt: now }))
  const open = [...seen, ...unknown]
  const snoozes = snoozesLeft(before.snoozes, new Map(open.map((item) => [item.id, item])), now)
  const asideOf = new Map(snoozes.map((snooze) => [snooze.about, AttentionSnooze.parse(snooze)]))
  const resolved = [...over, ...before.resolved].filter(({ overAt }) => now - overAt < keptMs).slice(0, mostResolved)
  const isNews =
    gone.length > unknown.length || seen.some(({ id }) => !known.has(id)) || snoozes.length !== before.snoozes.length
  return {
    ...{ state: { version: 1, open, snoozes, resolved }, isNews },
    items: seen.filter(({ id }) => !asideOf.has(id)),
    snoozed: seen.flatMap((item) => {
      const snooze = asideOf.get(item.id)
      return snooze ? [{ ...item, snooze }] : []
    }),
  }
}
