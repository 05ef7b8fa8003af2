import type { CardLane, CardTurn, CardTurns, LaneState } from '../../../../shared/contract'

/** What is shown of a card: so many minutes back from now, in ms since 1970. */
export interface Span {
  from: number
  to: number
}

/** A stretch of a lane; `left` and `width` are in percent of what is shown. */
export interface Stretch extends Span {
  state: LaneState
  left: number
  width: number
}

const percent = (ms: number, { from, to }: Span) => (100 * ms) / (to - from)

/** How a service stood within what is shown; nothing for a time that nobody watched. */
export function stretchesOf(pieces: CardLane['pieces'], shown: Span): Stretch[] {
  return pieces.flatMap(({ from: began, state }, at) => {
    const from = Math.max(began, shown.from)
    const to = Math.min(pieces[at + 1]?.from ?? shown.to, shown.to)
    if (to <= from) return []
    return [{ from, to, state, left: percent(from - shown.from, shown), width: percent(to - from, shown) }]
  })
}

/** For how long a service stood in each way, in ms, the longest first. */
export function timesOf(stretches: readonly Stretch[]): { state: LaneState; ms: number }[] {
  const sums = new Map<LaneState, number>()
  for (const { state, from, to } of stretches) sums.set(state, (sums.get(state) ?? 0) + to - from)
  return [...sums].map(([state, ms]) => ({ state, ms })).toSorted((one, other) => other.ms - one.ms)
}

/** Turns that began within what is shown, the newest first, and how long making room for them took in all, in ms. */
export function turnsWithin(turns: readonly CardTurn[], { from, to }: Span) {
  const within = turns.filter(({ at }) => at >= from && at <= to)
  return { turns: within, roomMs: within.reduce((sum, { tookMs }) => sum + tookMs, 0) }
}

/** Marks closer together than this would write over one another, in percent of the axis. */
const leastApart = 16

/** What turns freed, where on the axis; of those too close together the newest. */
export function freedMarks(turns: readonly CardTurn[], shown: Span): { at: number; left: number; mib: number }[] {
  const marks: { at: number; left: number; mib: number }[] = []
  for (const { at, freedMiB } of turnsWithin(turns, shown).turns) {
    const left = percent(at - shown.from, shown)
    const before = marks.at(-1)
    if (freedMiB !== null && (!before || before.left - left >= leastApart)) marks.push({ at, left, mib: freedMiB })
  }
  return marks
}

/** Who has a card, whom its last turn of theirs began for, and when its jobs should be done. */
export const holdersOf = ({ lanes, turns }: Pick<CardTurns, 'lanes' | 'turns'>) =>
  lanes.flatMap(({ serviceId, state, turnSince, doneAt }) => {
    if (turnSince === null) return []
    const turn = turns.find(({ to }) => to === serviceId)
    return [
      { serviceId, state, since: turnSince, doneAt, for: turn && turn.at >= turnSince - 1000 ? turn.by : undefined },
    ]
  })

/** What two leave beside each other, in MiB; null: not known. */
export const leftBeside = (pairs: CardTurns['pairs'], one: string, other: string): number | null =>
  pairs.find((pair) => (pair.one === one && pair.other === other) || (pair.one === other && pair.other === one))
    ?.leftMiB ?? null
