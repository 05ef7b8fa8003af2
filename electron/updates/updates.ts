import type { Update, UpdateOffer, UpdateOrder } from '../../shared/contract'
import { Problem, type ProblemId } from '../../shared/problems'
import { openUpdateJournal } from './journal'
import { offerUpdate, type Former } from './offer'
import type { UpdateParts } from './parts'

/** Updates of the stacks that services live in, each with its way back. */
export interface Updates {
  /** What an update of a service would do now; changes and fetches nothing. */
  offer(serviceId: string): Promise<UpdateOffer>
  /** Begins one, and answers it as it begins. Throws a Problem, and changes nothing, where something is in the way. */
  begin(serviceId: string, order: UpdateOrder, who: string): Promise<Update>
  /** The newest first. */
  list(): Update[]
  get(id: string): Update
}

/** Opens the journal of updates. */
export async function openUpdates(parts: UpdateParts): Promise<Updates> {
  const journal = await openUpdateJournal(parts.journalFile)
  const known = new Map(journal.entries().map(({ update }) => [update.id, update]))
  const former = (): Former => ({ running: null, undecided: null, expectedMs: null, lastUndo: null })
  return {
    async offer(serviceId) {
      return (await offerUpdate(parts, parts.services.config(serviceId), former())).offer
    },
    async begin(serviceId) {
      const { reasons } = await offerUpdate(parts, parts.services.config(serviceId), former())
      const [first] = reasons
      throw first ? new Problem<ProblemId>(first.problem, first.params) : new Problem('updates.unexpected')
    },
    list: () => [...known.values()].sort((a, b) => b.startedAt - a.startedAt),
    get(id) {
      const update = known.get(id)
      if (!update) throw new Problem('updates.not-found', { id })
      return update
    },
  }
}
