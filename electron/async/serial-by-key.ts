import { createSerial, type Serial } from './serial'

/** The same for each key by itself: work of one key goes one after the other, of others at once. */
export function createSerialByKey() {
  const lines = new Map<string, { inTurn: Serial; waiting: number }>()
  return async <T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    const line = lines.get(key) ?? { inTurn: createSerial(), waiting: 0 }
    lines.set(key, line)
    line.waiting += 1
    try {
      return await line.inTurn(work, signal)
    } finally {
      line.waiting -= 1
      if (line.waiting === 0) lines.delete(key)
    }
  }
}
