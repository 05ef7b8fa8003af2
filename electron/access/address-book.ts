import * as z from 'zod'
import type { AddressBook as Addresses } from '../../shared/contract'
import type { Problem } from '../../shared/problems'

export interface AddressBookOptions {
  /** Those of the command line. */
  fixed: readonly string[]
  store: { read(): unknown; write(addresses: readonly string[]): void }
  /** An address as it is kept; null for what is none. */
  readAddress: (text: string) => string | null
  /** Why what is none is refused. */
  refusal: (address: string) => Problem
  /** By which a change stands in the audit log. */
  action: string
  /** Writes down what is about to be done; throws where that cannot be written, and then it is not done. */
  auditFirst: (entry: { who: string; action: string; target: string; details: Record<string, string> }) => Promise<void>
}

export type AddressBook = ReturnType<typeof createAddressBook>

/** Addresses of one purpose, those of the command line and those that were added in Regie: they count at once. */
export function createAddressBook({ fixed, store, readAddress, refusal, action, auditFirst }: AddressBookOptions) {
  // A file that a person has edited: what is no address is left out, and the rest counts.
  const stored = z.array(z.unknown()).catch([]).parse(store.read())
  let added = stored.flatMap((each) => (typeof each === 'string' ? (readAddress(each) ?? []) : []))
  const status = (): Addresses => ({ fixed: [...fixed], added: [...added] })
  return {
    status,
    all: (): readonly string[] => [...fixed, ...added],
    /** Replaces those that were added. Throws the refusal for what is none; then all stay as they were. */
    async set(addresses: readonly string[], who: string): Promise<Addresses> {
      const next = addresses.map((address) => {
        const read = readAddress(address)
        if (read === null) throw refusal(address.slice(0, 200))
        return read
      })
      const unique = [...new Set(next)].filter((address) => !fixed.includes(address))
      if (unique.join(' ') !== added.join(' ')) {
        await auditFirst({ who, action, target: '', details: { addresses: unique.join(' ') || '(none)' } })
        store.write(unique)
        added = unique
      }
      return status()
    },
  }
}
