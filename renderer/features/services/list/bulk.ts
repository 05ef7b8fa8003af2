import type { Service } from '../../../../shared/contract'
import { canRestart, canStart, canStop } from '../state'

export const bulkActs = ['start', 'stop', 'restart'] as const
export type BulkAct = (typeof bulkActs)[number]

/** The chosen services to which an act applies now. */
export const appliesTo = (act: BulkAct, services: readonly Service[]): Service[] =>
  services.filter({ start: canStart, stop: canStop, restart: canRestart }[act])

interface OneByOne<T> {
  /** Nothing more is begun once it is aborted; what goes on is finished. */
  signal: AbortSignal
  /** Told before each, with the number of those that are done. */
  begun: (done: number) => void
  act: (one: T) => Promise<void>
}

/** Does the same to several, one after the other, whatever became of the one before. Returns what failed, with its error. */
export async function oneByOne<T extends { id: string }>(
  all: readonly T[],
  { signal, begun, act }: OneByOne<T>,
): Promise<{ id: string; error: unknown }[]> {
  const failed: { id: string; error: unknown }[] = []
  for (const [done, one] of all.entries()) {
    if (signal.aborted) break
    begun(done)
    try {
      await act(one)
    } catch (error) {
      failed.push({ id: one.id, error })
    }
  }
  return failed
}
