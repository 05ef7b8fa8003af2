import type { OperationProgress, OperationStep } from '../../shared/contract'
import { createThrottle } from '../async/throttle'

/** Steps come as fast as a program prints them; they are told this often, in ms. */
const tellEveryMs = 100

/** How far the operation that goes on has got. */
export function createProgress(onChange: () => void) {
  let progress: OperationProgress | null = null
  const told = createThrottle<OperationProgress>(tellEveryMs, onChange)

  return {
    current: () => progress,
    begin: (cancellable: boolean) => {
      progress = { startedAt: Date.now(), cancellable, steps: [] }
    },
    /** Takes a step's latest state; a step that is known already keeps its place. */
    step: (step: OperationStep) => {
      if (!progress) return
      const { steps } = progress
      const isKnown = steps.some(({ id }) => id === step.id)
      progress = {
        ...progress,
        steps: isKnown ? steps.map((old) => (old.id === step.id ? step : old)) : [...steps, step],
      }
      told.push(progress)
    },
    end: () => {
      // The last step is told too.
      told.flush()
      progress = null
    },
  }
}

export type Progress = ReturnType<typeof createProgress>
