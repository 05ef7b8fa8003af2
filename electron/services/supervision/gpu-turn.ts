import type { Health } from '../../../shared/contract'
import { Problem, reason, type Reason } from '../../../shared/problems'
import type { Turn } from '../gpu-room'
import type { Supervised } from './state'

/** Where a start has come to its end, well or badly: the next service may load its models. */
const settled: readonly Health['state'][] = ['ready', 'locked-out', 'unhealthy']

export const isSettled = ({ state }: Health): boolean => settled.includes(state)

export type GpuTurn = ReturnType<typeof createGpuTurn>

/** A service's wait for its turn on its GPU. */
export function createGpuTurn({ state, options, log, change }: Supervised) {
  /** Another service that starts on the same GPU. */
  let waiting: Reason | null = null
  return {
    waiting: () => waiting,
    /** Waits until no other service starts on the same GPU. Throws a Problem when it is cancelled. */
    async take(cancelled: AbortSignal): Promise<Turn | null> {
      const tell = (others: string[]) => {
        waiting = reason('vram.waits', { id: state.config.id, other: others.join(', ') })
        log.panel(waiting.message)
        change()
      }
      try {
        return (await options.room?.enter(state.config, { signal: cancelled, onWait: tell })) ?? null
      } catch (error) {
        if (cancelled.aborted) throw new Problem('service.start-cancelled', { id: state.config.id })
        throw error
      } finally {
        waiting = null
      }
    },
  }
}
