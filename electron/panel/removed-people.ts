import type { PanelEvent } from '../../shared/contract'
import type { Listen } from '../async/listeners'
import type { Ledger } from '../ledger'

/**
 * What becomes of what the ledger keeps of a person who is removed: their prompts, tasks and files are nobody's from then
 * on, which administrators alone see; the list of their last jobs goes. What they used stays counted under their id, which
 * nobody else gets, and so do the pictures of the Studio.
 */
export function forgetRemovedPeople(ledger: Pick<Ledger, 'owners' | 'pastJobs'>, listen: Listen<[PanelEvent]>): void {
  listen((event) => {
    if (event.type !== 'user-removed') return
    ledger.owners.forgetAccount(event.id)
    ledger.pastJobs.forgetAccount(event.id)
  })
}
