import { Problem, type Reason } from '../../shared/problems'
import type { BackendProbe, ProbeEvidence } from './backend'
import { failureOf } from './client'

/** What one rung's probe found; `value` is for the rungs above. */
interface Found<T> {
  outcome: ProbeEvidence['outcome']
  answered: string
  reason?: Reason
  settling?: boolean
  version?: string
  value: T
}

const refusals: ReadonlySet<string> = new Set(['backend.refused', 'backend.credential-needed'])

/** Collects the evidence of a climb. */
export function createClimb() {
  const evidence: ProbeEvidence[] = []
  return {
    /** Runs one rung's probe and notes its evidence; a Problem is a failed rung. Returns null unless it was proven. */
    async rung<T>(
      rung: ProbeEvidence['rung'],
      asked: string,
      ask: () => Promise<Found<T>>,
    ): Promise<{ value: T } | null> {
      const startedAt = performance.now()
      const tookMs = () => performance.now() - startedAt
      try {
        const { value, ...found } = await ask()
        evidence.push({ rung, asked, tookMs: tookMs(), ...found })
        return found.outcome === 'proven' ? { value } : null
      } catch (error) {
        const refused = error instanceof Problem && refusals.has(error.id)
        evidence.push({ rung, asked, tookMs: tookMs(), outcome: refused ? 'refused' : 'failed', ...failureOf(error) })
        return null
      }
    },
    result: (rest: Omit<BackendProbe, 'evidence'> = { model: null, queue: null }): BackendProbe => ({
      evidence,
      ...rest,
    }),
  }
}
