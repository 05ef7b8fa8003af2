import type { CardTurns } from '../../shared/contract'
import { abortReason, onAbort } from '../async/abort'
import type { WaitingJob } from './describe'
import type { AskedTurn, Place, Ticket, Told } from './job'
import { Line } from './line'
import type { CardsPorts } from './ports'

export { wordsOf } from './describe'
export { createNumbers } from './numbers'
export type { AskedTurn, Place, Ticket, Told } from './job'
export type { CardsPorts, Measured, Sharing } from './ports'

/** The lines of all services: those on one card take turns on it, fair between people. */
export interface Cards {
  /** Enters the line of a service's card. Its turn lasts until the ticket ends. */
  enter(asked: AskedTurn, told: Told): Ticket
  /** Resolves with what ends the turn. Rejects with the signal's reason when that comes first. */
  turn(asked: AskedTurn, signal: AbortSignal, place?: (place: Place) => void): Promise<{ end(): void }>
  /** Jobs of a service, at work and waiting. */
  countOn(serviceId: string): number
  /** Jobs of the other services of its card, at work and waiting, and how many of them wait. */
  beside(serviceId: string): { all: number; waiting: number }
  /** Jobs that wait for their turn, those of each line in the order in which they are served. */
  waiting(): WaitingJob[]
  /** Jobs of a service at work. */
  workingOn(serviceId: string): number
  /** A service has changed: it came, went, or its work did. */
  notice(serviceId: string): void
  /** A card as it is now; null where no services share it. */
  describe(card: string): Promise<CardTurns | null>
  /** Begins nothing more; what is at work goes on. */
  close(): void
}

/** The lines. Which services there are, how they stand and what is done to them is the ports'. */
export function createCards(ports: CardsPorts): Cards {
  const lines = new Map<string, Line>()
  const cardOf = (serviceId: string) => ports.services().find(({ id }) => id === serviceId)?.card ?? null

  const lineOf = (serviceId: string): Line => {
    const card = cardOf(serviceId)
    const key = card === null ? `alone ${serviceId}` : `card ${card}`
    const line = lines.get(key) ?? new Line(card, ports)
    lines.set(key, line)
    return line
  }
  const enter: Cards['enter'] = (asked, told) => lineOf(asked.serviceId).enter(asked, told)

  return {
    enter,
    turn(asked, signal, place) {
      signal.throwIfAborted()
      return new Promise((resolve, reject) => {
        let leave = () => {}
        const turn = { hasBegun: false }
        const begin = () => {
          turn.hasBegun = true
          leave()
          resolve({ end: () => ticket.end() })
        }
        const ticket = enter(asked, { begin, ...(place && { place }) })
        if (turn.hasBegun) return
        leave = onAbort(signal, () => {
          ticket.end()
          reject(abortReason(signal))
        })
      })
    },
    countOn: (serviceId) => [...lines.values()].reduce((sum, line) => sum + line.countOn(serviceId), 0),
    beside: (serviceId) => lineOf(serviceId).beside(serviceId),
    waiting: () => [...lines.values()].flatMap((line) => line.waiting()),
    workingOn: (serviceId) => [...lines.values()].reduce((sum, line) => sum + line.workingOn(serviceId), 0),
    notice(serviceId) {
      const card = cardOf(serviceId)
      if (card !== null) lines.get(`card ${card}`)?.notice(serviceId)
    },
    async describe(card) {
      const first = ports.services().find((one) => one.card === card)
      if (!first) return null
      const line = lineOf(first.id)
      await line.refresh()
      return line.describe()
    },
    close() {
      for (const line of lines.values()) line.close()
    },
  }
}

/** Lines where no services share a card: one for each service. */
export const createPlainLines = (): Cards =>
  createCards({
    services: () => [],
    standing: () => Promise.resolve({ work: 'unknown', isUp: 'unknown' }),
    took: () => Promise.resolve(null),
    unload: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    measure: () => Promise.resolve(null),
    reportBug(error) {
      throw error
    },
  })
