// A self-signed certificate, made afresh for each run: HTTP/2 wants TLS, and the page wants a secure context.
import { createHash, generateKeyPairSync, sign } from 'node:crypto'

const der = (tag, ...parts) => {
  const body = Buffer.concat(parts)
  const size = body.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const sequence = (...parts) => der(0x30, ...parts)
const objectId = (hex) => der(0x06, Buffer.from(hex, 'hex'))
const utcTime = (date) => der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`))

/** Returns the key, the certificate (PEM), and the pin by which Chromium is told to trust just this key. */
export function makeCertificate() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keyInfo = publicKey.export({ type: 'spki', format: 'der' })
  const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'))
  const name = sequence(der(0x31, sequence(objectId('550403'), der(0x0c, Buffer.from('Regie stand-in host')))))
  const day = 24 * 3600_000
  const validity = sequence(utcTime(new Date(Date.now() - day)), utcTime(new Date(Date.now() + 30 * day)))
  const serial = der(0x02, Buffer.from([1]))
  const content = sequence(serial, ecdsaWithSha256, name, validity, name, keyInfo)
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, privateKey))
  const certificate = sequence(content, ecdsaWithSha256, signature)
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
    pin: createHash('sha256').update(keyInfo).digest('base64'),
  }
}
