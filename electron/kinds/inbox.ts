/** A queue with one reader. `merge` may fold a new value into the last one that still waits. */
export interface Inbox<T> {
  put: (value: T) => void
  take: () => Promise<T>
}

export function createInbox<T>(merge: (waiting: T, value: T) => T | null): Inbox<T> {
  const values: T[] = []
  let wake: ((value: T) => void) | null = null
  return {
    put(value) {
      if (wake) {
        const resolve = wake
        wake = null
        resolve(value)
        return
      }
      const last = values.at(-1)
      const merged = last === undefined ? null : merge(last, value)
      if (merged === null) values.push(value)
      else values[values.length - 1] = merged
    },
    take() {
      const value = values.shift()
      if (value !== undefined) return Promise.resolve(value)
      return new Promise((resolve) => (wake = resolve))
    },
  }
}
