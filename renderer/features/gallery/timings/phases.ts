import type { Generation } from '../../../../shared/contract'

export type PhaseKind = 'wait' | 'load' | 'sample' | 'decode'

export interface Phase {
  kind: PhaseKind
  ms: number
}

/** What became of the time: its phases, and all of it from the start on the service. Times in ms. */
export interface Spent {
  phases: Phase[]
  totalMs: number
}

/** What would be written as 0.0 s is left out. */
const shownFromMs = 50

type Timed = Pick<Generation, 'state' | 'timings' | 'progress' | 'createdAt' | 'startedAt'>

/** The phase that the clock runs for now, or null once it has stopped. */
function runningPhase({ state, progress }: Timed): PhaseKind | null {
  if (state === 'queued') return 'wait'
  if (state !== 'running') return null
  switch (progress.phase) {
    case 'queued':
    case 'loading':
      return 'load'
    case 'sampling':
      return 'sample'
    case 'decoding':
    case 'saving':
    case 'done':
      return 'decode'
  }
}

/**
 * Where the time went until `now` (Unix ms). The panel knows a phase when it has ended; what has passed since then
 * belongs to the phase that runs.
 */
export function spentTime(generation: Timed, now: number): Spent {
  const { timings, createdAt, startedAt } = generation
  const running = runningPhase(generation)
  const known: Phase[] = [
    { kind: 'wait', ms: timings.queueMs ?? 0 },
    { kind: 'load', ms: timings.loadMs ?? 0 },
    { kind: 'sample', ms: timings.sampleMs ?? 0 },
    { kind: 'decode', ms: timings.decodeMs ?? 0 },
  ]
  const passed = known.reduce((sum, { ms }) => sum + ms, 0)
  const rest = running ? Math.max(0, now - createdAt - passed) : 0
  const phases = known.map((phase) => (phase.kind === running ? { ...phase, ms: phase.ms + rest } : phase))
  const totalMs =
    timings.totalMs ?? (startedAt === null ? 0 : running ? Math.max(0, now - startedAt) : afterWait(known))
  return { phases: phases.filter(({ ms }) => ms >= shownFromMs), totalMs }
}

const afterWait = (phases: Phase[]) => phases.reduce((sum, { kind, ms }) => (kind === 'wait' ? sum : sum + ms), 0)

/** What sampling still takes at its pace so far, in ms; null while that cannot be told. */
export function samplingLeft(generation: Timed, now: number): number | null {
  const { phase, step, steps } = generation.progress
  if (generation.state !== 'running' || phase !== 'sampling' || !step || steps === null) return null
  const sampled = spentTime(generation, now).phases.find(({ kind }) => kind === 'sample')?.ms ?? 0
  return sampled > 0 ? (sampled / step) * Math.max(0, steps - step) : null
}
