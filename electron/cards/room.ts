/** A service on a card, as it stands now. Memory is in MiB. */
export interface Tenant {
  id: string
  /** What it takes with its models loaded: as was seen last, or set by hand; null: unknown, which counts as the whole card. */
  needMiB: number | null
  /** What it holds now; null where that cannot be seen. */
  heldMiB: number | null
  /** Whether anything runs or waits on it, whoever asked for it. */
  work: 'none' | 'some' | 'unknown'
  isUp: 'up' | 'down' | 'unknown'
  /** Its models were unloaded, and nothing was done on it since. */
  isEmpty: boolean
  /** It may be stopped where unloading was not enough: whoever keeps it has said so, and what asks for it starts it. */
  mayStop: boolean
  /** It is being unloaded or stopped right now. */
  isLeaving: boolean
  /** Since when it has had the card, in this turn (Unix ms); null: it has not. */
  turnSince: number | null
  /** When its last job ended (Unix ms). */
  lastEndAt: number | null
}

/** What there is on a card, in MiB; null: not known. */
export interface Memory {
  totalMiB: number | null
  freeMiB: number | null
  /** What programs hold that are no service of ours; null where that is not told, which counts as nothing. */
  othersMiB: number | null
}

/** Whether it has work, or may have. */
export const isWorking = ({ work, isUp }: Tenant): boolean => isUp !== 'down' && (work !== 'none' || isUp === 'unknown')

/** How much of the card a tenant is to be left, in MiB: what it may come to need while it works, else what it holds. */
function claimOf(tenant: Tenant): number {
  const { needMiB, heldMiB, isUp, isEmpty, isLeaving } = tenant
  // What one that is being unloaded gives back is not there before that was seen.
  if (isWorking(tenant) || isLeaving) return Math.max(needMiB ?? Infinity, heldMiB ?? 0)
  if (isUp === 'down') return 0
  if (heldMiB !== null) return heldMiB
  return isEmpty ? 0 : (needMiB ?? Infinity)
}

/** How much a tenant lacks beside the others, in MiB; 0 or less: it fits. What is not known counts as the whole card. */
export function shortFor(own: Tenant, others: readonly Tenant[], { totalMiB, freeMiB, othersMiB }: Memory): number {
  // What is left of one whose models are unloaded is not known to be too much.
  if (own.needMiB === null || totalMiB === null)
    return others.every((other) => claimOf(other) === 0 || (other.isEmpty && !other.isLeaving && !isWorking(other)))
      ? 0
      : Infinity
  const claims = others.reduce((sum, other) => sum + claimOf(other), 0)
  const byClaims = own.needMiB - (totalMiB - (othersMiB ?? 0) - claims)
  // Where nobody can see who holds what, the card itself may still tell that something was not given back.
  const isSilent = others.some(({ heldMiB, isUp }) => heldMiB === null && isUp !== 'down')
  const holdsNothing = own.isUp === 'down' || own.isEmpty || own.heldMiB === 0
  const isTold = isSilent && holdsNothing && freeMiB !== null && !others.some(isWorking)
  return isTold ? Math.max(byClaims, own.needMiB - freeMiB) : byClaims
}

/** A tenant as it is while it works. */
export const atWork = (tenant: Tenant): Tenant => ({ ...tenant, isUp: 'up', work: 'some' })

/** Whether two can work at the same time. */
export const fitTogether = (one: Tenant, other: Tenant, memory: Memory): boolean =>
  shortFor(one, [atWork(other)], memory) <= 0

/**
 * Whether there is something to be had of an idle tenant. One that somebody waits for is not stopped: he would find it gone
 * when his turn comes.
 */
export function hasMore(tenant: Tenant, { hasWaiting }: { hasWaiting: boolean }): boolean {
  if (tenant.isUp === 'down') return false
  if (!tenant.isEmpty) return claimOf(tenant) > 0
  return tenant.mayStop && !hasWaiting && tenant.heldMiB !== 0
}
