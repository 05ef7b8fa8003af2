import type { Generation, HealthCheck } from '../../shared/contract'
import { reason } from '../../shared/problems'
import type { BackendProbe } from '../kinds/backend'
import type { Timed } from './timed'

/** The last generations of a service that ended well and badly, as far as they are kept. */
export interface LastGenerations {
  succeeded: Generation | null
  failed: Generation | null
}

/** Whether the backend has a model to work with, as its own probe told. */
export function judgeModel(id: string, probe: (BackendProbe & Timed) | null): HealthCheck {
  const seen = probe?.evidence.find(({ rung }) => rung === 'ready')
  const unknown = { id: 'model', state: 'unknown', asked: '', answered: '', at: null, tookMs: null } as const
  if (!seen || !probe) return { ...unknown, reason: reason('check.model-unknown', { id }) }
  const check = { id: 'model' as const, asked: seen.asked, at: probe.at, tookMs: seen.tookMs }
  if (probe.model !== null) return { ...check, state: 'ok', answered: probe.model }
  if (seen.reason?.problem === 'backend.no-models')
    return { ...check, state: 'failed', answered: seen.answered, reason: seen.reason }
  // It may well have models that run in a workflow of somebody's own.
  const why = seen.reason?.problem === 'backend.no-known-model' ? seen.reason : reason('check.model-unknown', { id })
  return { ...check, state: 'unknown', answered: seen.answered, reason: why }
}

const endOf = (generation: Generation) => generation.finishedAt ?? generation.createdAt

/** The last picture that was made: the one proof of the whole way. A failure after it is told. */
export function judgeLastGeneration(id: string, { succeeded, failed }: LastGenerations): HealthCheck {
  const last = succeeded && (!failed || endOf(succeeded) >= endOf(failed)) ? succeeded : failed
  const check = { id: 'last-generation' as const, asked: last?.params.prompt.slice(0, 80) ?? '' }
  if (!last)
    return {
      ...check,
      state: 'unknown',
      answered: '',
      at: null,
      tookMs: null,
      reason: reason('check.never-generated', { id }),
    }
  const tookMs = last.startedAt === null ? null : Math.max(0, endOf(last) - last.startedAt)
  const ended = { ...check, at: endOf(last), tookMs }
  if (last.state === 'succeeded') return { ...ended, state: 'ok', answered: 'succeeded' }
  const cause = last.error?.message ?? '–'
  return {
    ...ended,
    state: 'warning',
    answered: last.error?.problem ?? 'failed',
    reason: reason('check.generation-failed', { id, cause }),
  }
}
