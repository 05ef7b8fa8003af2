import type { Update, UpdateCheck, UpdateStep } from '../../shared/contract'
import type { ProblemParams, Reason } from '../../shared/problems'
import { describeLine, type UpdateLine } from './lines'

export type StepId = UpdateStep['id']
const forward: readonly StepId[] = ['snapshot', 'build', 'start', 'verify', 'switch', 'keep']

/** What goes on is told at most so often, in ms. */
const doingMs = 200
/** So many lines of a failed step's log are kept. */
const keptLines = 60

/** An update as it goes on: the only place that changes it, and each change is told. */
export interface UpdateRecord {
  snapshot(): Update
  begin(step: StepId): void
  end(step: StepId, state: 'done' | 'failed'): void
  line(step: StepId, line: UpdateLine, params?: ProblemParams): void
  /** What goes on at the moment; null when that is over. */
  doing(step: StepId, text: string | null): void
  log(step: StepId, lines: readonly string[]): void
  check(id: UpdateCheck['id'], part: Partial<Omit<UpdateCheck, 'id'>>): void
  /** Names the first failure; later ones do not hide it. */
  failed(step: StepId, reason: Reason): void
  change(part: Partial<Omit<Update, 'id' | 'steps' | 'checks'>>): void
}

const emptyStep = (id: StepId): UpdateStep => ({
  ...{ id, state: 'waiting', startedAt: null, tookMs: null, lines: [], doing: null, log: [] },
})

const checkIds: readonly UpdateCheck['id'][] = [
  'authenticated',
  'cold-start',
  'nodes',
  'picture',
  'step-time',
  'similarity',
  'time',
]

const emptyCheck = (id: UpdateCheck['id']): UpdateCheck => ({
  ...{ id, state: 'waiting', value: null, golden: null, limit: null },
})

export type UpdateStart = Pick<
  Update,
  'id' | 'serviceId' | 'stackId' | 'from' | 'to' | 'startedBy' | 'parts' | 'lastUndo'
>

export const newUpdate = (start: UpdateStart, now: number): Update => ({
  ...start,
  ...{ state: 'running', startedAt: now, finishedAt: null, answering: 'old', besidePort: null },
  steps: forward.map(emptyStep),
  checks: checkIds.map(emptyCheck),
  pictures: { old: null, new: null },
  ...{ sampling: null, withoutAnswerMs: null, keptUntil: null, keptBytes: null },
})

/** `update`: as it was noted last; it goes on from there. */
export function createUpdateRecord(
  update: Update,
  { now, changed }: { now: () => number; changed: (update: Update) => void },
): UpdateRecord {
  const kept = structuredClone(update)
  const began = new Map<StepId, number>()
  const tell = () => changed(structuredClone(kept))
  let told = 0
  const stepOf = (id: StepId): UpdateStep => {
    const found = kept.steps.find((step) => step.id === id)
    if (found) return found
    const added = emptyStep(id)
    kept.steps.push(added)
    return added
  }
  return {
    snapshot: () => structuredClone(kept),
    begin(id) {
      Object.assign(stepOf(id), { state: 'running', startedAt: now(), tookMs: null })
      began.set(id, performance.now())
      tell()
    },
    end(id, state) {
      const since = began.get(id)
      const tookMs = since === undefined ? null : Math.round(performance.now() - since)
      Object.assign(stepOf(id), { state, tookMs, doing: null })
      tell()
    },
    line(id, line, params = {}) {
      stepOf(id).lines.push({ line, params, text: describeLine(line, params) })
      tell()
    },
    doing(id, text) {
      stepOf(id).doing = text
      // A build tells of hundreds of lines a second.
      if (performance.now() - told < doingMs) return
      told = performance.now()
      tell()
    },
    log(id, lines) {
      stepOf(id).log = lines.slice(-keptLines)
      tell()
    },
    check(id, part) {
      const check = kept.checks.find((one) => one.id === id)
      if (check) Object.assign(check, part)
      tell()
    },
    failed(step, reason) {
      kept.failedStep ??= step
      kept.reason ??= reason
      tell()
    },
    change(part) {
      Object.assign(kept, part)
      tell()
    },
  }
}
