// The vault's public face.
export { openAudit, type Audit } from './audit'
export { fingerprint } from './fingerprint'
export { createHasher } from './hasher'
export { keychainKeeper, keyFileKeeper, passphraseKeeper, type Keychain, type KeyKeeper } from './keepers'
export { createRedactor, type Redactor } from './redactor'
export { createRotations, type Rotations } from './rotation'
export type { LendSecret, Secret } from './secret'
export { openVault, type Vault } from './vault'
