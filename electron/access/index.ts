export { createAccess, type Access } from './access'
export type { Login } from './attempts'
export { createOwner, type Owner } from './owner'
export { createPresence, proofLastsMs, type Presence, type ProofKind } from './presence'
