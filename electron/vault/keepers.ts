import { randomBytes, scrypt } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { fileErrorCode, readIfPresent, writeFileAtomic } from '../storage/files'
import { keyBytes, seal, unseal } from './cipher'

const Base64 = z.base64url().max(4096)
const powersOfTwo = Array.from({ length: 7 }, (_, i) => 2 ** (14 + i))

/** The wrapped data key as it stands in the vault file. The limits keep a forged file from eating all memory. */
export const WrappedKeySchema = z.discriminatedUnion('keeper', [
  z.object({
    keeper: z.literal('passphrase'),
    kdf: z.literal('scrypt'),
    N: z.number().refine((n) => powersOfTwo.includes(n), 'not a scrypt cost'),
    r: z.number().int().min(1).max(16),
    p: z.number().int().min(1).max(8),
    salt: Base64,
    sealed: Base64,
  }),
  z.object({ keeper: z.literal('key-file'), sealed: Base64 }),
  z.object({ keeper: z.literal('keychain'), sealed: Base64 }),
])
export type WrappedKey = z.infer<typeof WrappedKeySchema>
export type KeeperKind = WrappedKey['keeper']

/** Keeps the vault's data key for us. */
export interface KeyKeeper {
  readonly kind: KeeperKind
  wrap(dataKey: Buffer): Promise<WrappedKey>
  /** Throws a Problem and changes nothing when it is not the right keeper (`vault.wrong-key`, `vault.key-missing`, …). */
  unwrap(wrapped: WrappedKey): Promise<Buffer>
}

const context = 'data-key'

function unwrapWith(key: Buffer, sealed: string): Buffer {
  try {
    const dataKey = unseal(key, Buffer.from(sealed, 'base64url'), context)
    if (dataKey.length === keyBytes) return dataKey
  } catch (error) {
    if (!(error instanceof Problem) || error.id === 'vault.newer') throw error
  }
  throw new Problem('vault.wrong-key')
}

const otherKeeper = (wrapped: WrappedKey) => new Problem('vault.other-keeper', { keeper: wrapped.keeper })

/** Memory is 128 · N · r bytes: 128 MiB and some 0.4 s at the default, per OWASP's advice for scrypt. */
const defaultCost = 2 ** 17

const derive = (passphrase: string, salt: Buffer, { N, r, p }: { N: number; r: number; p: number }) =>
  new Promise<Buffer>((resolve, reject) => {
    // The same letters can be typed as different code points on different systems.
    scrypt(passphrase.normalize('NFC'), salt, keyBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })

/** A person's passphrase, stretched by scrypt off the main thread. `cost` is scrypt's N, a power of two. */
export function passphraseKeeper(passphrase: string, cost = defaultCost): KeyKeeper {
  return {
    kind: 'passphrase',
    async wrap(dataKey) {
      const parameters = { N: cost, r: 8, p: 1 }
      const salt = randomBytes(16)
      const key = await derive(passphrase, salt, parameters)
      return {
        keeper: 'passphrase',
        kdf: 'scrypt',
        ...parameters,
        salt: salt.toString('base64url'),
        sealed: seal(key, dataKey, context).toString('base64url'),
      }
    },
    async unwrap(wrapped) {
      if (wrapped.keeper !== 'passphrase') throw otherKeeper(wrapped)
      const key = await derive(passphrase, Buffer.from(wrapped.salt, 'base64url'), wrapped)
      return unwrapWith(key, wrapped.sealed)
    },
  }
}

/** A key in a file that only its owner may read: for the demo, where whoever reads the folder reads the vault. */
export function keyFileKeeper(file: string): KeyKeeper {
  const read = async () => {
    const bytes = await readIfPresent(file).catch((error: unknown) => {
      if (fileErrorCode(error)) throw new Problem('vault.key-missing', { path: file })
      throw error
    })
    if (bytes === null) return null
    const key = Buffer.from(bytes.toString('latin1').trim(), 'base64url')
    if (key.length !== keyBytes) throw new Problem('vault.key-missing', { path: file })
    return key
  }
  return {
    kind: 'key-file',
    async wrap(dataKey) {
      // An existing key may still open a vault that was moved aside: it is used, never replaced.
      let key = await read()
      if (key === null) {
        key = randomBytes(keyBytes)
        await writeFileAtomic(file, `${key.toString('base64url')}\n`)
      }
      if (process.platform !== 'win32') await chmod(file, 0o600)
      return { keeper: 'key-file', sealed: seal(key, dataKey, context).toString('base64url') }
    },
    async unwrap(wrapped) {
      if (wrapped.keeper !== 'key-file') throw otherKeeper(wrapped)
      const key = await read()
      if (key === null) throw new Problem('vault.key-missing', { path: file })
      return unwrapWith(key, wrapped.sealed)
    },
  }
}

/** What the desktop shell fills with Electron's `safeStorage`, whose answers come later. */
export interface Keychain {
  encrypt(text: string): Promise<Buffer>
  decrypt(sealed: Buffer): Promise<string>
}

/** The operating system's keychain, tied to the user's account. */
export function keychainKeeper(keychain: Keychain): KeyKeeper {
  return {
    kind: 'keychain',
    async wrap(dataKey) {
      const sealed = await keychain.encrypt(dataKey.toString('base64url'))
      return { keeper: 'keychain', sealed: sealed.toString('base64url') }
    },
    async unwrap(wrapped) {
      if (wrapped.keeper !== 'keychain') throw otherKeeper(wrapped)
      try {
        const dataKey = Buffer.from(await keychain.decrypt(Buffer.from(wrapped.sealed, 'base64url')), 'base64url')
        if (dataKey.length === keyBytes) return dataKey
      } catch {
        // Each system words this differently; another account's keychain is the usual cause.
      }
      throw new Problem('vault.wrong-key')
    },
  }
}
