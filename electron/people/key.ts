import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Begins every key, so that people and scanners of leaks recognise one. */
const prefix = 'rk_'
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 62^30 are 178 bits: nobody guesses one. */
const randomLength = 30
const checkLength = 6
const pattern = new RegExp(`^${prefix}[0-9A-Za-z]{${randomLength + checkLength}}$`)

/** A number in base62, in six digits: CRC32 needs no more. */
function inBase62(value: number): string {
  let rest = value
  let text = ''
  for (let at = 0; at < checkLength; at += 1) {
    text = (digits[rest % digits.length] ?? '') + text
    rest = Math.floor(rest / digits.length)
  }
  return text
}

const withChecksum = (random: string) => `${prefix}${random}${inBase62(crc32(random))}`

/** A new key: `rk_`, 30 random digits of base62, and 6 that are their CRC32. */
export const newKey = (): string =>
  withChecksum(Array.from({ length: randomLength }, () => digits[randomInt(digits.length)]).join(''))

/** Whether a text may be a key; of most that are none this tells it, and costs little. */
export const isKeyShaped = (text: string): boolean => pattern.test(text)

/** Whether a text is shaped as a key is, its checksum included; of one that was mistyped nothing more is looked at. */
export const isKey = (text: string): boolean =>
  isKeyShaped(text) && withChecksum(text.slice(prefix.length, -checkLength)) === text

/** What is kept of a key, or of the token of an invitation: SHA-256 in hex. What is random needs no slow hash. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** How a key is shown, as every secret is: the first 12 hex digits of its hash. */
export const fingerprintOf = (hash: string): string => hash.slice(0, 12)
