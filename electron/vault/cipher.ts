import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Problem } from '../../shared/problems'

/** Length of every key, in bytes. */
export const keyBytes = 32

// A sealed value is: magic (3 bytes), format version (1), IV (12), authentication tag (16), ciphertext.
const magic = Buffer.from('RGV')
const formatVersion = 1
const ivBytes = 12
const tagBytes = 16
const headerBytes = magic.length + 1

/**
 * Encrypts with AES-256-GCM under a fresh 96-bit IV. `context` (a record's id and version) is authenticated but not
 * stored: the value opens only where it belongs.
 */
export function seal(key: Buffer, plain: string | Buffer, context: string): Buffer {
  const header = Buffer.concat([magic, Buffer.of(formatVersion)])
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.concat([header, Buffer.from(context)]))
  const sealed = Buffer.concat([
    typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain),
    cipher.final(),
  ])
  return Buffer.concat([header, iv, cipher.getAuthTag(), sealed])
}

/**
 * Decrypts what `seal` made. Throws a Problem: `vault.truncated`, `vault.newer` for a later format, or
 * `vault.tampered` when a byte, the context or the key differs (GCM cannot tell which).
 */
export function unseal(key: Buffer, sealed: Buffer, context: string): Buffer {
  if (sealed.length < headerBytes + ivBytes + tagBytes) throw new Problem('vault.truncated')
  if (!sealed.subarray(0, magic.length).equals(magic)) throw new Problem('vault.tampered')
  const version = sealed.readUInt8(magic.length)
  if (version > formatVersion) throw new Problem('vault.newer', { version })
  const header = sealed.subarray(0, headerBytes)
  const iv = sealed.subarray(headerBytes, headerBytes + ivBytes)
  const tag = sealed.subarray(headerBytes + ivBytes, headerBytes + ivBytes + tagBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.concat([header, Buffer.from(context)]))
  decipher.setAuthTag(tag)
  const plain = decipher.update(sealed.subarray(headerBytes + ivBytes + tagBytes))
  try {
    return Buffer.concat([plain, decipher.final()])
  } catch {
    // Node's own message says nothing more than this, and the plain bytes must not be looked at.
    throw new Problem('vault.tampered')
  }
}
