import type { Generation } from '../../../../shared/contract'

export type PhaseKind = 'wait' | 'load' | 'sample' | 'decode'

export interface Phase {
  kind: PhaseKind
  ms: number
}

/** What became of the time from the order on, in ms. The phases add up to the total. */
export interface Spent {
  phases: Phase[]
  totalMs: number
}

type Timed = Pick<Generation, 'state' | 'timings' | 'progress' | 'createdAt'>

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
  const { timings, createdAt } = generation
  const running = runningPhase(generation)
  const known: Phase[] = [
    { kind: 'wait', ms: timings.queueMs ?? 0 },
    { kind: 'load', ms: timings.loadMs ?? 0 },
    { kind: 'sample', ms: timings.sampleMs ?? 0 },
    { kind: 'decode', ms: timings.decodeMs ?? 0 },
  ]
  const passed = sum(known)
  const rest = running ? Math.max(0, now - createdAt - passed) : 0
  const phases = known.map((phase) => (phase.kind === running ? { ...phase, ms: phase.ms + rest } : phase))
  return { phases: phases.filter(({ ms }) => ms > 0), totalMs: passed + rest }
}

const sum = (phases: readonly Phase[]) => phases.reduce((total, { ms }) => total + ms, 0)

/**
 * The same as it is shown, in tenths of a second that add up too: what rounding takes or gives goes to the phases that
 * are nearest to the next tenth. A phase of none is left out.
 */
export function inTenths({ phases, totalMs }: Spent): { phases: (Phase & { tenths: number })[]; total: number } {
  const total = Math.round(totalMs / 100)
  const cut = phases.map((phase) => ({ ...phase, tenths: Math.floor(phase.ms / 100) }))
  const missing = total - cut.reduce((all, { tenths }) => all + tenths, 0)
  const nearest = cut.toSorted((a, b) => (b.ms % 100) - (a.ms % 100)).slice(0, missing)
  const rounded = cut.map((phase) => (nearest.includes(phase) ? { ...phase, tenths: phase.tenths + 1 } : phase))
  return { phases: rounded.filter(({ tenths }) => tenths > 0), total }
}

/** What sampling still takes at its pace so far, in ms; null while that cannot be told. */
export function samplingLeft(generation: Timed, now: number): number | null {
  const { phase, step, steps } = generation.progress
  if (generation.state !== 'running' || phase !== 'sampling' || !step || steps === null) return null
  const sampled = spentTime(generation, now).phases.find(({ kind }) => kind === 'sample')?.ms ?? 0
  return sampled > 0 ? (sampled / step) * Math.max(0, steps - step) : null
}
