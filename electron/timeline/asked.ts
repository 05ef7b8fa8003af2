import type { Operation, TimelineKind } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import type { Redact } from '../logs/cutting'
import { reasonWithoutSecrets } from '../logs/reasons'
import type { Entries } from './entries'
import type { Happening } from './happenings'
import type { Known } from './known'

/** An operation, and who asked for it. */
export interface Asked {
  serviceId: string
  operation: Operation
  name: string
  /** Why, where that is worth telling; without secrets. */
  reason?: Reason
}

/** What Regie did, or left undone, by itself. */
export interface Noted {
  serviceId: string
  kind: TimelineKind
  /** In whose name, as in the contract. */
  name: string
  why: Problem
}

interface AskedOptions {
  known: Known
  entries: Entries
  /** Takes secrets out of why something failed, before that is kept. */
  redact: Redact
}

/** What Regie is asked to do to services. */
export function createAsked({ known, entries, redact }: AskedOptions) {
  return {
    /** Does an operation that somebody asked for; what happens meanwhile is put down to them, and its failure told. */
    async during<T>(asked: Asked, work: () => Promise<T>): Promise<T> {
      const end = known.deeds.begin(asked)
      try {
        return await work()
      } catch (error) {
        const { serviceId, operation, name } = asked
        if (error instanceof Problem && error.id !== 'service.busy' && known.services.has(serviceId)) {
          const at = Date.now()
          const why = reasonWithoutSecrets(error, redact)
          const happening: Happening = { kind: 'failed', otherwise: 'regie', isOwn: true, reason: why }
          entries.enqueue(() => entries.add(serviceId, at, happening, { actor: 'regie', name, operation }))
        }
        throw error
      } finally {
        end()
      }
    },
    /** Tells what Regie did, or left undone, by itself. */
    note({ serviceId, kind, name, why }: Noted): void {
      const happening: Happening = { kind, otherwise: 'regie', isOwn: true, reason: reasonWithoutSecrets(why, redact) }
      const at = Date.now()
      entries.enqueue(() => entries.add(serviceId, at, happening, { actor: 'regie', name, operation: null }))
    },
    /** The same for one operation on several services; failures are each service's own. */
    async duringEach<T>(asked: readonly Asked[], work: () => Promise<T>): Promise<T> {
      const ends = asked.map((one) => known.deeds.begin(one))
      try {
        return await work()
      } finally {
        for (const end of ends) end()
      }
    },
  }
}
