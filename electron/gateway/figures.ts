import type { GatewayListener } from '../../shared/contract'
import type { Observer } from './stages'

/** So many of the last requests are remembered. */
const kept = 512

/** What a listener tells of its work since it was first opened. */
export interface Figures {
  /** How long the gateway's own stages took of a request, in ms: not what it waited for. */
  took(ms: number): void
  read(): Pick<GatewayListener, 'answered' | 'refused' | 'addedMs'>
  /** Counts here, and tells on. */
  counting(observer: Observer): Observer
}

export function createFigures(): Figures {
  const ring = new Float64Array(kept)
  let count = 0
  let answered = 0
  let refused = 0

  function addedMs() {
    const known = [...ring.subarray(0, Math.min(count, kept))].toSorted((a, b) => a - b)
    if (known.length === 0) return null
    const at = (share: number) => known[Math.min(known.length - 1, Math.floor(known.length * share))] ?? 0
    return { p50: at(0.5), p99: at(0.99) }
  }

  return {
    took(ms) {
      ring[count % kept] = ms
      count += 1
    },
    read: () => ({ answered, refused, addedMs: addedMs() }),
    counting: (observer) => ({
      begun(admitted) {
        const counted = observer.begun(admitted)
        return {
          ended(ending) {
            answered += 1
            counted.ended(ending)
          },
        }
      },
      refused(...of) {
        refused += 1
        observer.refused(...of)
      },
    }),
  }
}
