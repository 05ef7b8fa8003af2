import type { Operation, OperationProgress, OperationStep, Service } from '../../../shared/contract'

/** The step that goes on, else the last one. */
export const currentStep = ({ steps }: OperationProgress): OperationStep | undefined =>
  steps.findLast(({ state }) => state === 'running') ?? steps.at(-1)

/** A step with the times at which this page saw it begin and end. */
export interface RecordedStep extends OperationStep {
  from: number | null
  to: number | null
}

/** An operation as this page followed it: what is being done, or what was done last and how it ended. */
export interface OperationRecord {
  operation: Operation
  startedAt: number
  endedAt: number | null
  outcome: 'running' | 'done' | 'failed' | 'cancelled'
  cancellable: boolean
  steps: RecordedStep[]
  /** What the call ended with, where it was made here. */
  error: unknown
}

/** Steps keep the times at which they were seen first and last; steps that are no longer told stay. */
function mergeSteps(before: readonly RecordedStep[], told: readonly OperationStep[], now: number): RecordedStep[] {
  const known = new Map(before.map((step) => [step.id, step]))
  const merged = told.map((step): RecordedStep => {
    const seen = known.get(step.id)
    const isOpen = step.state === 'running'
    return {
      ...step,
      from: seen ? seen.from : isOpen ? now : null,
      to: isOpen ? null : (seen?.to ?? now),
    }
  })
  const toldIds = new Set(told.map(({ id }) => id))
  return [...before.filter(({ id }) => !toldIds.has(id)), ...merged]
}

const close = (steps: readonly RecordedStep[], now: number): RecordedStep[] =>
  steps.map((step) => (step.state === 'running' ? { ...step, to: now } : step))

/** How an operation ended, from what it left behind. */
function outcomeOf({ operation, steps }: OperationRecord, { health }: Service): OperationRecord['outcome'] {
  if (steps.some(({ state }) => state === 'failed')) return 'failed'
  const isStart =
    operation === 'start' ||
    operation === 'restart' ||
    operation === 'unpause' ||
    operation === 'recreate' ||
    operation === 'rebuild'
  return isStart && health.state === 'unhealthy' ? 'failed' : 'done'
}

/** What is known of a service's operation after its state was told anew. */
export function followOperation(before: OperationRecord | null, service: Service, now: number): OperationRecord | null {
  const { operation, progress } = service
  const isOpen = before?.outcome === 'running'
  if (operation === null) {
    if (!before || !isOpen) return before
    return {
      ...before,
      endedAt: now,
      cancellable: false,
      steps: close(before.steps, now),
      outcome: outcomeOf(before, service),
    }
  }
  const same = isOpen && before.operation === operation ? before : null
  return {
    operation,
    startedAt: progress?.startedAt ?? same?.startedAt ?? now,
    endedAt: null,
    outcome: 'running',
    cancellable: progress?.cancellable ?? false,
    steps: mergeSteps(same?.steps ?? [], progress?.steps ?? [], now),
    error: null,
  }
}

const cancelled = new Set(['compose.cancelled', 'service.start-cancelled'])

/** The call that asked for the operation has failed: the record says so, and keeps why. */
export function endOperation(
  before: OperationRecord | null,
  operation: Operation,
  failure: { error: unknown; problem: string | null },
  now: number,
): OperationRecord {
  const known = before?.operation === operation ? before : null
  return {
    operation,
    startedAt: known?.startedAt ?? now,
    endedAt: known?.endedAt ?? now,
    cancellable: false,
    steps: close(known?.steps ?? [], now),
    outcome: failure.problem !== null && cancelled.has(failure.problem) ? 'cancelled' : 'failed',
    error: failure.error,
  }
}
