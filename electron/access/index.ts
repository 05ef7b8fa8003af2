export { createAccess, type Access } from './access'
export { createOwner, type Owner } from './owner'
export { createPresence, type Presence, type ProofKind } from './presence'
