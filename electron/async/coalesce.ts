import { createSerial } from './serial'

/**
 * Runs `work` so that two never overlap. Each call is answered by a run that began after it; calls that arrive before
 * that begins share it.
 */
export function coalesce<T>(work: () => Promise<T>): () => Promise<T> {
  const inTurn = createSerial()
  let next: Promise<T> | null = null
  const begin = () => {
    next = null
    return work()
  }
  return () => (next ??= inTurn(begin))
}
