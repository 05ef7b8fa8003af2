import { randomBytes, scrypt } from 'node:crypto'
import { chmod, rm } from 'node:fs/promises'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { fileErrorCode, readIfPresent, writeFileAtomic } from '../storage/files'
import { keyBytes, seal, unseal } from './cipher'

const Base64 = z.base64url().max(4096)
const Whole = z.number().int().positive()

/** The wrapped data key as it stands in the vault file. What a file asks of scrypt is held against limits in `unwrap`. */
export const WrappedKeySchema = z.discriminatedUnion('keeper', [
  z.object({
    keeper: z.literal('passphrase'),
    kdf: z.literal('scrypt'),
    N: Whole,
    r: Whole,
    p: Whole,
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
  /** `anew`: with nothing that has opened a vault before. */
  wrap(dataKey: Buffer, how?: 'anew'): Promise<WrappedKey>
  /** Throws a Problem and changes nothing when it is not the right keeper (`vault.wrong-key`, `vault.key-missing`, …). */
  unwrap(wrapped: WrappedKey): Promise<Buffer>
  /** Whether what was unwrapped last is kept by a key that its keeper has replaced, and should be wrapped anew. */
  isOutdated?(): boolean
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

type ScryptCost = Pick<Extract<WrappedKey, { keeper: 'passphrase' }>, 'N' | 'r' | 'p' | 'salt'>

/**
 * What a file may ask of scrypt: whoever wrote it is a stranger until it opens. Above, it would take the machine's memory
 * or time; below, its passphrase could be guessed from the file.
 */
function checkCost({ N, r, p, salt }: ScryptCost): void {
  const isSound = Number.isInteger(Math.log2(N)) && N >= 2 ** 14 && r >= 8 && salt.length >= 22
  const isBearable = 128 * N * r <= 256 * 1024 ** 2 && N * r * p <= 2 ** 22 && salt.length <= 86
  if (!isSound || !isBearable) throw new Problem('vault.key-cost', { cost: N, block: r, parallel: p })
}

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
      checkCost(wrapped)
      const key = await derive(passphrase, Buffer.from(wrapped.salt, 'base64url'), wrapped)
      return unwrapWith(key, wrapped.sealed)
    },
  }
}

const opens = (key: Buffer, sealed: string): boolean => {
  try {
    return unwrapWith(key, sealed).length > 0
  } catch (error) {
    if (error instanceof Problem && error.id === 'vault.wrong-key') return false
    throw error
  }
}

/** The keys in a key file: one, or two while it changes. Throws `vault.key-missing` where there is something else. */
async function readKeys(file: string): Promise<Buffer[]> {
  const bytes = await readIfPresent(file).catch((error: unknown) => {
    if (fileErrorCode(error)) throw new Problem('vault.key-missing', { path: file })
    throw error
  })
  if (bytes === null) return []
  const keys = bytes.toString('latin1').trim().split(/\s+/)
  return keys.map((text) => {
    const key = Buffer.from(text, 'base64url')
    if (key.length !== keyBytes) throw new Problem('vault.key-missing', { path: file })
    return key
  })
}

const writeKeys = (file: string, keys: readonly Buffer[]) =>
  writeFileAtomic(file, keys.map((key) => `${key.toString('base64url')}\n`).join(''))

/** A key in a file that only its owner may read: for the demo, where whoever reads the folder reads the vault. */
export function keyFileKeeper(file: string): KeyKeeper {
  return {
    kind: 'key-file',
    async wrap(dataKey, how) {
      const keys = await readKeys(file)
      // An existing key may still open a vault that was moved aside: it is used, never replaced.
      let key = how === 'anew' ? undefined : keys[0]
      if (key === undefined) {
        key = randomBytes(keyBytes)
        // The former key stays until the vault file is written: a crash in between must leave both ways in.
        await writeKeys(file, [...keys, key])
      }
      if (process.platform !== 'win32') await chmod(file, 0o600)
      return { keeper: 'key-file', sealed: seal(key, dataKey, context).toString('base64url') }
    },
    async unwrap(wrapped) {
      if (wrapped.keeper !== 'key-file') throw otherKeeper(wrapped)
      const keys = await readKeys(file)
      if (keys.length === 0) throw new Problem('vault.key-missing', { path: file })
      const key = keys.find((one) => opens(one, wrapped.sealed))
      if (!key) throw new Problem('vault.wrong-key')
      return unwrapWith(key, wrapped.sealed)
    },
  }
}

/**
 * A key that is given as text, as a key file holds it, and written nowhere by this: whoever has it in memory carries it
 * on, as a backup does inside its own seal. Throws `vault.key-missing` for what is no key.
 */
export function carriedKeeper(text: string): KeyKeeper {
  const key = Buffer.from(text, 'base64url')
  if (key.length !== keyBytes) throw new Problem('vault.key-missing', { path: '' })
  return {
    kind: 'key-file',
    wrap: (dataKey) =>
      Promise.resolve({ keeper: 'key-file', sealed: seal(key, dataKey, context).toString('base64url') }),
    unwrap: (wrapped) =>
      Promise.resolve().then(() => {
        if (wrapped.keeper !== 'key-file') throw otherKeeper(wrapped)
        return unwrapWith(key, wrapped.sealed)
      }),
  }
}

/** A new key for it. */
export const newCarriedKey = (): string => randomBytes(keyBytes).toString('base64url')

/** Takes out of a key file what does not open this vault: where somebody else keeps its key, that is the whole file. */
export async function keepOnlyKeyOf(file: string, wrapped: WrappedKey): Promise<void> {
  if (wrapped.keeper !== 'key-file') {
    await rm(file, { force: true })
    return
  }
  const keys = await readKeys(file)
  const needed = keys.filter((key) => opens(key, wrapped.sealed))
  if (needed.length > 0 && needed.length < keys.length) await writeKeys(file, needed)
}

/** A key that the operating system keeps for this user: what the desktop shell fills with Electron's `safeStorage`. */
export interface Keychain {
  encrypt(text: string): Promise<Buffer>
  /** `outdated`: sealed with a key that the system has replaced since. Rejects for what this user did not seal here. */
  decrypt(sealed: Buffer): Promise<{ text: string; outdated: boolean }>
}

/** The operating system's keychain, tied to the user's account. */
export function keychainKeeper(keychain: Keychain): KeyKeeper {
  let outdated = false
  return {
    kind: 'keychain',
    isOutdated: () => outdated,
    async wrap(dataKey) {
      outdated = false
      const sealed = await keychain.encrypt(dataKey.toString('base64url'))
      return { keeper: 'keychain', sealed: sealed.toString('base64url') }
    },
    async unwrap(wrapped) {
      if (wrapped.keeper !== 'keychain') throw otherKeeper(wrapped)
      try {
        const opened = await keychain.decrypt(Buffer.from(wrapped.sealed, 'base64url'))
        const dataKey = Buffer.from(opened.text, 'base64url')
        ;({ outdated } = opened)
        if (dataKey.length === keyBytes) return dataKey
      } catch {
        // Each system words this differently; another account's keychain is the usual cause.
      }
      throw new Problem('vault.wrong-key')
    },
  }
}
