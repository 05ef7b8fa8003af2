import type { Identity, Recipient } from 'age-encryption'
import { randomBytes, scrypt } from 'node:crypto'
import { Problem } from '../../shared/problems'

const label = 'age-encryption.org/v1/scrypt'
const saltBytes = 16
const keyBytes = 32
/** age seals one file key with each key that scrypt gives, so the nonce is always the same. */
const nonce = () => new Uint8Array(12)

/** Memory is 1 KiB · 2^logN: 128 MiB, as for the vault. */
const usualLogN = 17
/** What a file may ask for, of whomever it is: 256 MiB, which is what the program `age` itself asks for. */
const mostLogN = 18

/** Loaded with the library of age, at their first use. */
const loadParts = async () => {
  const [{ Stanza }, { chacha20poly1305 }] = await Promise.all([
    import('age-encryption'),
    import('@noble/ciphers/chacha.js'),
  ])
  return { Stanza, chacha20poly1305 }
}

const deriveKey = (passphrase: string, salt: Uint8Array, logN: number) =>
  new Promise<Buffer>((resolve, reject) => {
    const N = 2 ** logN
    const salted = Buffer.concat([Buffer.from(label), salt])
    scrypt(passphrase.normalize('NFC'), salted, keyBytes, { N, r: 8, p: 1, maxmem: 256 * N * 8 }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '')

/**
 * age's own recipient of a passphrase (https://age-encryption.org/v1, "The scrypt recipient type"), stretched on node's
 * threads: the library's holds the event loop for seconds.
 */
export const passphraseRecipient = (passphrase: string, logN = usualLogN): Recipient => ({
  async wrapFileKey(fileKey) {
    const salt = randomBytes(saltBytes)
    const key = await deriveKey(passphrase, salt, logN)
    const { Stanza, chacha20poly1305 } = await loadParts()
    return [new Stanza(['scrypt', base64(salt), String(logN)], chacha20poly1305(key, nonce()).encrypt(fileKey))]
  },
})

/** The other way. Throws `backup.key-cost` for a file that asks for more than is borne. */
export const passphraseIdentity = (passphrase: string): Identity => ({
  async unwrapFileKey(stanzas) {
    const [stanza, ...others] = stanzas
    const [type, salt = '', cost = ''] = stanza?.args ?? []
    if (!stanza || type !== 'scrypt' || others.length > 0 || !/^[1-9]\d?$/.test(cost)) return null
    const logN = Number(cost)
    if (logN > mostLogN) throw new Problem('backup.key-cost', { cost: logN })
    const key = await deriveKey(passphrase, Buffer.from(salt, 'base64'), logN)
    const { chacha20poly1305 } = await loadParts()
    try {
      return chacha20poly1305(key, nonce()).decrypt(stanza.body)
    } catch {
      return null // another passphrase
    }
  },
})
