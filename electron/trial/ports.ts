import type { GpuReport } from '../../shared/contract'
import type { Cards } from '../cards'
import type { FamilyParams, ImageBackend } from '../kinds/backend'
import type { OpenTrials } from './open'

/** What is needed of the world to let a service make images that nobody has asked for. */
export interface TrialPorts {
  /** Throws a Problem where there is no such service. */
  backendOf: (serviceId: string) => ImageBackend
  cards: Pick<Cards, 'turn'>
  gpus: (signal: AbortSignal) => AsyncGenerator<GpuReport, void, undefined>
  /** The card on which the service loads its models, by its uuid; null where that is not known. */
  cardOf: (serviceId: string) => string | null
  trials: OpenTrials
  reportBug: (error: unknown) => void
}

/** What a service makes them with, by name: measures of one model say nothing of another. Null where it is not told. */
export const modelOf = ({ checkpoint, workflow }: FamilyParams): string | null => checkpoint ?? workflow ?? null
