import type { GatewayGuest } from '../../shared/contract'
import type { Guest } from './stages'

/** A request or a socket that somebody has open. */
export interface Opened {
  serviceId: string
  guest: Guest
  from: string
  client: string
  kind: 'request' | 'socket'
  /** Unix ms. */
  since: number
  /** An answer that goes on until somebody ends it, such as Server-Sent Events. */
  isEndless: boolean
  /** Ends it now, in both directions. `isGoing`: because the gateway goes away, not because of who it is. */
  cut: (isGoing: boolean) => void
}

/** Everything that is open at the gateway now. */
export interface Inside {
  /** Notes it; the function that is returned forgets it. */
  enter(opened: Opened): () => void
  /** Cuts what somebody no longer may have open; answers how many. */
  cut(which: (opened: Opened) => boolean, isGoing?: boolean): number
  count(serviceId: string, kind: Opened['kind']): number
  /** Who is at a service, by person, key and address, the newest first. */
  guests(serviceId: string): GatewayGuest[]
}

export function createInside(): Inside {
  const all = new Set<Opened>()

  function guests(serviceId: string): GatewayGuest[] {
    const found = new Map<string, GatewayGuest>()
    for (const opened of all) {
      if (opened.serviceId !== serviceId) continue
      const { guest, from, client, since, kind } = opened
      const key = JSON.stringify([guest.account, guest.keyId, from, client])
      const known = found.get(key)
      const { account, name, keyId } = guest
      const row = known ?? { account, name, keyId, from, client, since, requests: 0, sockets: 0 }
      row.since = Math.min(row.since, since)
      row[kind === 'socket' ? 'sockets' : 'requests'] += 1
      found.set(key, row)
    }
    return [...found.values()].toSorted((a, b) => b.since - a.since)
  }

  return {
    enter(opened) {
      all.add(opened)
      return () => void all.delete(opened)
    },
    cut(which, isGoing = false) {
      const ended = [...all].filter(which)
      for (const opened of ended) opened.cut(isGoing)
      return ended.length
    },
    count: (serviceId, kind) =>
      [...all].reduce((sum, opened) => sum + (opened.serviceId === serviceId && opened.kind === kind ? 1 : 0), 0),
    guests,
  }
}
