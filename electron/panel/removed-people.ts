import type { PanelEvent } from '../../shared/contract'
import type { Listen } from '../async/listeners'
import type { Ledger } from '../ledger'

/**
 * What becomes of what the ledger keeps of a person who is removed: their prompts, tasks and files are nobody's from then
 * on, which administrators alone see; the list of their last jobs goes. What they used stays counted under their id, which
 * nobody else gets, and so do the pictures of the Studio. A job of theirs that was still under way writes under that id
 * what it makes later: the next start makes that nobody's too.
 */
export function forgetRemovedPeople(
  ledger: Pick<Ledger, 'owners' | 'pastJobs'>,
  removed: ReadonlySet<string>,
  listen: Listen<[PanelEvent]>,
): void {
  const forget = (account: string) => {
    ledger.owners.forgetAccount(account)
    ledger.pastJobs.forgetAccount(account)
  }
  for (const account of removed) forget(account)
  listen((event) => {
    if (event.type === 'user-removed') forget(event.id)
  })
}
