import { orAborted } from './abort'

/** Does one piece of work after the other, and settles as the piece does; a failure stops nobody. */
export interface Serial {
  /** A signal that aborts gives the place up: it rejects with the signal's reason, and the work is never begun. */
  <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Resolves when all that was asked for until now has ended. */
  settled: () => Promise<void>
}

export function createSerial(): Serial {
  let last: Promise<void> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    const before = last
    const done = before.then(() => {
      signal?.throwIfAborted()
      return work()
    })
    last = done.then(noop, noop)
    return signal ? orAborted(before, signal).then(() => done) : done
  }
  return Object.assign(inTurn, { settled: () => last })
}

const noop = () => undefined
