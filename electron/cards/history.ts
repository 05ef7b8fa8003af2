import type { CardLane, CardTurn, LaneState } from '../../shared/contract'

/** How long what happened on a card is told, in ms, and how many turns at most. */
const keptMs = 24 * 60 * 60_000
const mostTurns = 200
/** Of pieces older than this, in ms, one is told a minute: shorter ones go into that. */
const exactMs = 60 * 60_000
const shortMs = 60_000
/** So many pieces one lane has at most: a service that flutters costs the oldest. */
const mostPieces = 1000

interface Piece {
  from: number
  state: LaneState
}

/** Leaves out what nobody could see a day later. */
function thinned(lane: readonly Piece[], now: number): Piece[] {
  const kept: Piece[] = []
  for (const [at, piece] of lane.entries()) {
    const before = kept.at(-1)
    const lasted = (lane[at + 1]?.from ?? now) - piece.from
    const isAlone = before === undefined || piece.from - before.from >= shortMs
    const isKept = isAlone || lasted >= shortMs || piece.from >= now - exactMs
    // What stands on both sides of one that was left out is one piece.
    if (isKept && before?.state !== piece.state) kept.push(piece)
  }
  return kept
}

/** What happened on one card in the last 24 hours: the lanes of its services, and the turns. */
export function createHistory(now: () => number) {
  const lanes = new Map<string, Piece[]>()
  const turns: CardTurn[] = []

  return {
    /** How a service stands from now on; nothing new where it stood so already. */
    stands(serviceId: string, state: LaneState) {
      const lane = lanes.get(serviceId) ?? []
      lanes.set(serviceId, lane)
      if (lane.at(-1)?.state === state) return
      lane.push({ from: now(), state })
      const since = now() - keptMs
      if (lane.length > mostPieces) lane.splice(0, lane.length, ...thinned(lane, now()))
      // The piece that was there when the day began stays.
      while (lane.length > mostPieces || (lane[1] !== undefined && lane[1].from <= since)) lane.shift()
    },
    turn(turn: CardTurn) {
      turns.unshift(turn)
      turns.length = Math.min(turns.length, mostTurns)
    },
    forget: (serviceId: string) => void lanes.delete(serviceId),
    /** The newest first. */
    turns: (): CardTurn[] => turns.filter(({ at }) => at > now() - keptMs),
    lane(serviceId: string): CardLane['pieces'] {
      const since = now() - keptMs
      return (lanes.get(serviceId) ?? []).map(({ from, state }) => ({ from: Math.max(from, since), state }))
    },
  }
}

export type History = ReturnType<typeof createHistory>
