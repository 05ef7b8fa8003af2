// The vault's public face.
export { openAudit, type Audit } from '../audit/audit'
export { fingerprint } from './fingerprint'
export { createHasher, type Hasher } from '../credentials/hasher'
export { keychainKeeper, keyFileKeeper, passphraseKeeper, type Keychain, type KeyKeeper } from './keepers'
export {
  createGuard,
  createRotationPolicies,
  lendCurrent,
  type RotationPolicies,
  type RotationPoliciesOptions,
} from '../rotation/policy'
export { createLeakScans, type LeakScans } from '../leaks'
export { createRedactor, type Redactor } from './redactor'
export { createRotations, type Rotations } from '../rotation/rotation'
export type { LendSecret, Secret } from './secret'
export { adoptValue, lendPlaces, type LentCredential, type LentPlace } from '../credentials/lend-places'
export { openVault, type Vault } from './vault'
