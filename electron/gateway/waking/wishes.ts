/** A page asks again every two seconds; a browser may let one in the background wait for longer. In ms. */
const keptMs = 15_000

interface Wish {
  seenAt: number
  /** Requests of the same person that are held. */
  held: number
}

/** Who waits for which service, by person, in the order in which they came. */
export function createWishes(now: () => number = () => performance.now()) {
  const wishes = new Map<string, Map<string, Wish>>()
  const of = (serviceId: string): Map<string, Wish> => {
    const own = wishes.get(serviceId) ?? new Map<string, Wish>()
    for (const [account, { seenAt, held }] of own) if (held === 0 && now() - seenAt > keptMs) own.delete(account)
    if (own.size > 0) wishes.set(serviceId, own)
    else wishes.delete(serviceId)
    return own
  }
  const note = (serviceId: string, account: string): Wish => {
    const own = of(serviceId)
    const wish = own.get(account) ?? { seenAt: 0, held: 0 }
    wish.seenAt = now()
    wishes.set(serviceId, own.set(account, wish))
    return wish
  }

  return {
    /** A person's page waits for a service. */
    note: (serviceId: string, account: string): void => void note(serviceId, account),
    /** A request of a person's is held; returns what ends that. */
    hold(serviceId: string, account: string): () => void {
      const wish = note(serviceId, account)
      wish.held += 1
      return () => {
        wish.held -= 1
        if (wish.held === 0) of(serviceId).delete(account)
      }
    },
    /** A person's page no longer waits; what is held for the same person still does. */
    cancel(serviceId: string, account: string): void {
      const own = of(serviceId)
      if (own.get(account)?.held === 0) own.delete(account)
    },
    isWanted: (serviceId: string): boolean => of(serviceId).size > 0,
    /** Which in line a person is, where others wait too, and how many requests of those before are held. */
    placeOf(serviceId: string, account: string): { place: number; ahead: number } | null {
      const all = [...of(serviceId)]
      const at = all.findIndex(([one]) => one === account)
      if (at < 0 || all.length < 2) return null
      return { place: at + 1, ahead: all.slice(0, at).reduce((sum, [, { held }]) => sum + held, 0) }
    },
    /** It is there: nobody waits for it by a page any more. */
    arrived(serviceId: string): void {
      for (const [account, { held }] of of(serviceId)) if (held === 0) of(serviceId).delete(account)
    },
  }
}

export type Wishes = ReturnType<typeof createWishes>
