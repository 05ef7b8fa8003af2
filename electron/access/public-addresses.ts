import * as z from 'zod'
import type { PublicAddresses } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { readPublicOrigin } from '../../shared/public-origin'

export interface PublicAddressesOptions {
  /** Those of the command line. */
  fixed: readonly string[]
  store: { read(): unknown; write(addresses: readonly string[]): void }
  /** Writes down what is about to be done; throws where that cannot be written, and then it is not done. */
  auditFirst: (entry: { who: string; action: string; target: string; details: Record<string, string> }) => Promise<void>
}

export type PublicAddressBook = ReturnType<typeof createPublicAddresses>

/** The origins under which others reach the panel through a reverse proxy or a tunnel: they count at once. */
export function createPublicAddresses({ fixed, store, auditFirst }: PublicAddressesOptions) {
  // A file that a person has edited: what is no address is left out, and the rest counts.
  const stored = z.array(z.unknown()).catch([]).parse(store.read())
  let added = stored.flatMap((each) => (typeof each === 'string' ? (readPublicOrigin(each) ?? []) : []))
  const status = (): PublicAddresses => ({ fixed: [...fixed], added: [...added] })
  return {
    status,
    /** All of them, for the door's guard. */
    all: (): readonly string[] => [...fixed, ...added],
    /** Replaces those that were added. Throws `http.public-address` for what is none; then all stay as they were. */
    async set(addresses: readonly string[], who: string): Promise<PublicAddresses> {
      const next = addresses.map((address) => {
        const origin = readPublicOrigin(address)
        if (origin === null) throw new Problem('http.public-address', { address: address.slice(0, 200) })
        return origin
      })
      const unique = [...new Set(next)].filter((origin) => !fixed.includes(origin))
      if (unique.join(' ') !== added.join(' ')) {
        await auditFirst({
          ...{ who, action: 'access.addresses-changed', target: '' },
          details: { addresses: unique.join(' ') || '(none)' },
        })
        store.write(unique)
        added = unique
      }
      return status()
    },
  }
}
