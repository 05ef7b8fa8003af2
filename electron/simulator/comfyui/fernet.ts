import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Fernet (github.com/fernet/spec): what aiohttp_session's encrypted cookies hold. The key is 32 bytes in base64url. */
export function sealFernet(key: string, text: string): string {
  const bytes = Buffer.from(key, 'base64url')
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-cbc', bytes.subarray(16), iv)
  const head = Buffer.alloc(9)
  head[0] = 0x80
  head.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000)), 1)
  const signed = Buffer.concat([head, iv, cipher.update(text, 'utf8'), cipher.final()])
  const mac = createHmac('sha256', bytes.subarray(0, 16)).update(signed).digest()
  return Buffer.concat([signed, mac]).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

/** The text of a token, or null when it was not sealed with this key. Tokens do not expire. */
export function openFernet(key: string, token: string): string | null {
  const bytes = Buffer.from(key, 'base64url')
  const sealed = Buffer.from(token, 'base64url')
  if (sealed.length < 73 || sealed[0] !== 0x80) return null
  const signed = sealed.subarray(0, -32)
  const mac = createHmac('sha256', bytes.subarray(0, 16)).update(signed).digest()
  if (!timingSafeEqual(mac, sealed.subarray(-32))) return null
  const decipher = createDecipheriv('aes-128-cbc', bytes.subarray(16), signed.subarray(9, 25))
  return Buffer.concat([decipher.update(signed.subarray(25)), decipher.final()]).toString('utf8')
}
