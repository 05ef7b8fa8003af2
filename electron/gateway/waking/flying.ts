import { createWake } from '../../async/wake'
import type { Admitted, Lease } from '../stages'

/** What takes longer than this is a job or a stream, which whoever stops a service has decided about. In ms. */
const shortMs = 2000

/** Requests that were sent on and have no answer yet. */
export function createFlying() {
  const flights = new Map<string, Set<{ since: number }>>()
  const { wake, next } = createWake()

  return {
    observer: {
      begun({ asked: { serviceId, isUpgrade } }: Admitted): Lease {
        const own = flights.get(serviceId) ?? new Set()
        flights.set(serviceId, own)
        const flight = { since: performance.now() }
        if (!isUpgrade) own.add(flight)
        return {
          end() {
            if (own.delete(flight)) wake()
          },
        }
      },
    },
    /** Resolves when none is left that began within the last moment. Nothing new may begin meanwhile. */
    settle: async (serviceId: string): Promise<void> => {
      for (;;) {
        const now = performance.now()
        const left = [...(flights.get(serviceId) ?? [])]
          .map(({ since }) => since + shortMs - now)
          .filter((ms) => ms > 0)
        if (left.length === 0) return
        await next(undefined, Math.min(...left))
      }
    },
  }
}
