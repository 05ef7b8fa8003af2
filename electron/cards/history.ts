import type { CardLane, CardTurn, LaneState } from '../../shared/contract'

/** How long what happened on a card is told, in ms, and how many turns at most. */
const keptMs = 60 * 60_000
const mostTurns = 50
/** So many pieces one lane has at most: a service that flutters costs the oldest. */
const mostPieces = 400

interface Piece {
  from: number
  state: LaneState
}

/** What happened on one card in the last hour: the lanes of its services, and the turns. */
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
      // The piece that was there when the hour began stays.
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
