import { createThrottle } from './throttle'

/** Tells what has changed, each once, however often it did; with at least `everyMs` between two rounds of telling. */
export function tellEach<Key>(
  everyMs: number,
  tell: (key: Key) => void,
): { note: (key: Key) => void; drop: () => void } {
  const changed = new Set<Key>()
  const round = createThrottle<null>(everyMs, () => {
    for (const key of [...changed]) {
      changed.delete(key)
      tell(key)
    }
  })
  return {
    note(key) {
      changed.add(key)
      round.push(null)
    },
    drop: round.drop,
  }
}
