/** Begins to listen; returns the function that stops it. */
export type Listen<A extends unknown[]> = (listener: (...args: A) => void) => () => void

/**
 * Those who listen to one kind of news, told in the order in which they came. One that throws keeps no other from being
 * told: its error goes to `failed`, which rethrows it where nothing else is given.
 */
export function createListeners<A extends unknown[]>(failed: (error: unknown) => void = rethrow) {
  const all = new Set<(...args: A) => void>()
  const on: Listen<A> = (listener) => {
    all.add(listener)
    return () => void all.delete(listener)
  }
  const tell = (...args: A): void => {
    for (const listener of all) {
      try {
        listener(...args)
      } catch (error) {
        failed(error)
      }
    }
  }
  return { on, tell }
}

function rethrow(error: unknown): never {
  throw error
}
