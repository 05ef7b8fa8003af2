import { Problem } from '../../../shared/problems'
import type { Admitted, Lease, Refused } from '../stages'

/**
 * How many requests may be held for one service, and how many of one person. Nothing of a held request's body is read, so
 * that each holds no more than its connection's own buffers, 64 KiB in each direction; but for calls of Forge's pages, which
 * only their body tells: it is counted with all that is held of their person.
 */
export interface HoldingLimits {
  perService: number
  perPerson: number
}

const retryAfterS = 5

/** Counts the requests that are held. */
export function createHolding({ perService, perPerson }: HoldingLimits) {
  const held = new Map<string, Map<string, number>>()
  const countOf = (serviceId: string) => [...(held.get(serviceId)?.values() ?? [])].reduce((sum, n) => sum + n, 0)

  return {
    /** How many are held for a service now. */
    countOf,
    /** Takes a place for a request, or refuses one too many. */
    take({ asked: { serviceId: id }, guest: { account } }: Admitted): Lease | Refused {
      const people = held.get(id) ?? new Map<string, number>()
      const own = people.get(account) ?? 0
      if (own >= perPerson)
        return { refused: new Problem('waking.too-many', { id, most: perPerson }), status: 429, retryAfterS }
      if (countOf(id) >= perService) return { refused: new Problem('waking.full', { id }), status: 503, retryAfterS }
      held.set(id, people.set(account, own + 1))
      return {
        end() {
          const left = (people.get(account) ?? 1) - 1
          if (left > 0) people.set(account, left)
          else people.delete(account)
          if (people.size === 0 && held.get(id) === people) held.delete(id)
        },
      }
    },
  }
}
