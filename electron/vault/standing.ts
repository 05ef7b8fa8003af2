import type { PanelEvent, VaultStatus } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { newestAside } from './former'
import type { Book } from './book'
import type { KeeperKind } from './keepers'
import type { State } from './entering'
import type { Sealed } from './vault-file'

interface StandingOptions {
  /** The vault file. */
  file: string
  /** Why the last backup could not be made. */
  failure: () => Reason | null
  publish: (event: PanelEvent) => void
}

/** How a vault stands now: its book or what keeps it closed, who keeps its key, and what is to be told of it. */
export function createStanding<R extends Sealed>({ file, failure, publish }: StandingOptions) {
  let state: State<R> = { name: 'locked', problem: new Problem('vault.locked') }
  let kind: KeeperKind = 'passphrase'
  let aside: Reason | null = null
  const listeners: (() => void)[] = []

  const recordsChanged = () => {
    for (const listener of listeners) listener()
  }
  const status = (): VaultStatus => {
    const closed = state.name === 'open' || state.problem.id === 'vault.locked' ? null : state.problem.reason
    const told = closed ?? failure() ?? aside
    return { state: state.name, keeper: kind, ...(told ? { reason: told } : {}) }
  }
  /** The open book; throws whatever keeps it closed. */
  const book = (): Book<R> => {
    if (state.name === 'open') return state.book
    throw state.problem
  }
  const enter = async (next: State<R>, keeper = kind) => {
    state = next
    kind = next.name === 'open' ? next.book.key().keeper : keeper
    // An earlier vault that was moved aside stays a standing notice as long as its file lies there.
    const kept = await newestAside(file)
    aside = kept === null ? null : reason('vault.kept-aside', { kept })
    recordsChanged()
  }
  /** Tells everybody. */
  const changed = () => {
    if (state.name === 'open') kind = state.book.key().keeper
    publish({ type: 'vault', vault: status() })
    return status()
  }
  return {
    state: () => state,
    isOpen: () => state.name === 'open',
    book,
    status,
    enter,
    changed,
    recordsChanged,
    onChange: (listener: () => void) => void listeners.push(listener),
  }
}
