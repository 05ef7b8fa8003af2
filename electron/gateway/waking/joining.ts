import type { Admitted } from '../stages'

/** So long a job waits at most for its person's sockets, in ms, once these are being joined. */
const longestMs = 3000

/**
 * Sockets that are on their way back to their service. A person's jobs wait for their person's sockets: one that ran and
 * ended before its client could hear of it would be waited for in vain.
 */
export function createJoining() {
  const joining = new Map<string, Set<{ until: number }>>()
  const nameOf = ({ asked, guest }: Admitted) => JSON.stringify([asked.serviceId, guest.account])

  return {
    /** A socket has lost its service; `found` once it is being joined, `end` when that is over, either way. */
    begin(admitted: Admitted): { found(): void; end(): void } {
      const name = nameOf(admitted)
      const all = joining.get(name) ?? new Set()
      joining.set(name, all)
      const own = { until: Infinity }
      all.add(own)
      return {
        found: () => void (own.until = performance.now() + longestMs),
        end() {
          all.delete(own)
          if (all.size === 0 && joining.get(name) === all) joining.delete(name)
        },
      }
    },
    /** Whether a person's sockets are still on their way. */
    isGoingOn: (admitted: Admitted): boolean =>
      [...(joining.get(nameOf(admitted)) ?? [])].some(({ until }) => performance.now() < until),
  }
}
