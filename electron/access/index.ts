export { createAccess, type Access } from './access'
export { createOwner, type Owner } from './owner'
export { createPublicAddresses, type PublicAddressBook } from './public-addresses'
export { createPresence, type Presence, type ProofKind } from './presence'
