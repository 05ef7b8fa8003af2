import { createPrivateKey, X509Certificate } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { Problem } from '../../shared/problems'
import { fileErrorCode, readIfPresent } from '../storage/files'
import type { ServerCertificate } from './authority'
import type { ServerName } from './names'

/** So large a file holds no certificate, in bytes. */
const largest = 1024 * 1024

/** Where somebody's own certificate lies: PEM, the server's first and then its chain, and its key without a passphrase. */
export interface CertificateFiles {
  cert: string
  key: string
}

async function read(file: string): Promise<Buffer> {
  try {
    const found = await stat(file)
    // A device or a pipe has no size, and may never end.
    if (!found.isFile())
      throw new Problem('tls.file-unreadable', { file, code: found.isDirectory() ? 'EISDIR' : 'EINVAL' })
    if (found.size > largest) throw new Problem('tls.file-unreadable', { file, code: 'E2BIG' })
    const content = await readIfPresent(file)
    if (content !== null) return content
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem('tls.file-unreadable', { file, code: fileErrorCode(error) ?? 'unknown' })
  }
  throw new Problem('tls.file-unreadable', { file, code: 'ENOENT' })
}

/** `DNS:host, IP Address:1.2.3.4`: https://nodejs.org/api/crypto.html#x509subjectaltname */
const namesOf = ({ subjectAltName = '' }: X509Certificate): ServerName[] =>
  subjectAltName.split(', ').flatMap((entry): ServerName[] => {
    const [, kind, value = ''] = /^(DNS|IP Address):(.+)$/.exec(entry) ?? []
    if (kind === undefined) return []
    return [{ type: kind === 'DNS' && isIP(value) === 0 ? 'dns' : 'ip', value: value.toLowerCase() }]
  })

/**
 * Reads a person's own certificate and its key, and checks them against each other and the clock. Throws a Problem that says
 * what is wrong: `tls.file-unreadable`, `tls.not-a-certificate`, `tls.not-a-key`, `tls.key-of-another`, `tls.expired`. No
 * error quotes anything of the key.
 */
export async function readGiven(files: CertificateFiles, now: number = Date.now()): Promise<ServerCertificate> {
  const [cert, key] = await Promise.all([read(files.cert), read(files.key)])
  let x509: X509Certificate
  try {
    x509 = new X509Certificate(cert)
  } catch {
    throw new Problem('tls.not-a-certificate', { file: files.cert })
  }
  let isOfKey: boolean
  try {
    isOfKey = x509.checkPrivateKey(createPrivateKey(key))
  } catch {
    throw new Problem('tls.not-a-key', { file: files.key })
  }
  if (!isOfKey) throw new Problem('tls.key-of-another', { cert: files.cert, key: files.key })
  const expiresAt = Date.parse(x509.validTo)
  if (expiresAt <= now)
    throw new Problem('tls.expired', { file: files.cert, at: new Date(expiresAt).toISOString().slice(0, 10) })
  return { cert: cert.toString('utf8'), key: key.toString('utf8'), names: namesOf(x509), expiresAt }
}
