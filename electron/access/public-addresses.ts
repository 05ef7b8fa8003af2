import { Problem } from '../../shared/problems'
import { readPublicOrigin } from '../../shared/public-origin'
import { createAddressBook, type AddressBook, type AddressBookOptions } from './address-book'
import { proxiesOf, readProxy } from './client-address'

type Options = Pick<AddressBookOptions, 'fixed' | 'store' | 'auditFirst'>

/** The origins under which others reach the panel through a reverse proxy or a tunnel, for the door's guard. */
export const createPublicAddresses = (options: Options): AddressBook =>
  createAddressBook({
    ...options,
    readAddress: readPublicOrigin,
    refusal: (address) => new Problem('http.public-address', { address }),
    action: 'access.addresses-changed',
  })

export type TrustedProxies = ReturnType<typeof createTrustedProxies>

/** The reverse proxies whose word counts of who a request is from, at the panel and at the gateway. */
export function createTrustedProxies(options: Options) {
  const book = createAddressBook({
    ...options,
    readAddress: readProxy,
    refusal: (address) => new Problem('http.proxy-address', { address }),
    action: 'access.proxies-changed',
  })
  let isOne = proxiesOf(book.all())
  return {
    status: book.status,
    isOne: (address: string): boolean => isOne(address),
    /** Replaces those that were added. Throws `http.proxy-address` for what is none; then all stay as they were. */
    async set(addresses: readonly string[], who: string): ReturnType<AddressBook['set']> {
      const changed = await book.set(addresses, who)
      isOne = proxiesOf(book.all())
      return changed
    },
  }
}
