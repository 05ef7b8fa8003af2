import type { ProofRow, Rotation, RotationStep } from '../../shared/contract'
import type { ProblemParams, Reason } from '../../shared/problems'
import { describeLine, type RotationLine } from './lines'

export type StepId = RotationStep['id']
const forward: readonly StepId[] = ['prepare', 'write', 'apply', 'prove', 'commit']

/** A rotation as it goes on: the only place that changes it, and each change is told. */
export interface RotationRecord {
  snapshot(): Rotation
  begin(step: StepId): void
  end(step: StepId, state: 'done' | 'failed'): void
  line(step: StepId, line: RotationLine, params?: ProblemParams): void
  rows(rows: ProofRow[]): void
  newFingerprint(fingerprint: string | null): void
  /** Names the first failure; later ones do not hide it. */
  failed(step: StepId, reason: Reason): void
  finish(state: Exclude<Rotation['state'], 'running'>, at: number): void
}

export interface RotationStart {
  id: string
  credentialId: string
  startedBy: string
  oldFingerprint: string | null
}

export function createRotationRecord(
  start: RotationStart,
  { now, changed }: { now: () => number; changed: (rotation: Rotation) => void },
): RotationRecord {
  const rotation: Rotation = {
    ...start,
    state: 'running',
    startedAt: now(),
    finishedAt: null,
    newFingerprint: null,
    steps: forward.map(emptyStep),
    proof: [],
  }
  const began = new Map<StepId, number>()
  const snapshot = () => structuredClone(rotation)
  const tell = () => changed(snapshot())
  const stepOf = (id: StepId) => stepIn(rotation.steps, id)

  return {
    snapshot,
    begin(id) {
      const step = stepOf(id)
      step.state = 'running'
      step.startedAt = now()
      began.set(id, performance.now())
      tell()
    },
    end(id, state) {
      const step = stepOf(id)
      step.state = state
      step.tookMs = Math.round(performance.now() - (began.get(id) ?? performance.now()))
      tell()
    },
    line(id, line, params = {}) {
      const written = line === 'write.sink' || line === 'write.env'
      stepOf(id).lines.push({ line, params, text: describeLine(line, params), written })
      tell()
    },
    rows(rows) {
      rotation.proof = rows
      tell()
    },
    newFingerprint(fingerprint) {
      rotation.newFingerprint = fingerprint
      tell()
    },
    failed(step, reason) {
      rotation.failedStep ??= step
      rotation.reason ??= reason
      tell()
    },
    finish(state, at) {
      rotation.state = state
      rotation.finishedAt = at
      tell()
    },
  }
}

/** The step; a roll-back's is added when it begins. */
function stepIn(steps: RotationStep[], id: StepId): RotationStep {
  const found = steps.find((step) => step.id === id)
  if (found) return found
  const added = emptyStep(id)
  steps.push(added)
  return added
}

const emptyStep = (id: StepId): RotationStep => ({ id, state: 'waiting', startedAt: null, tookMs: null, lines: [] })
