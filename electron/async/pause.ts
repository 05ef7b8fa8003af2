import { setTimeout as wait } from 'node:timers/promises'

/** Resolves after some ms, or at once when the signal aborts. Never rejects. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal }).catch(() => undefined)
