import { createPrivateKey, createPublicKey, generateKeyPair, X509Certificate, type KeyObject } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'
import type { TlsAuthority } from '../../shared/contract'
import { Problem, reason } from '../../shared/problems'
import { createSerial } from '../async/serial'
import { moveAside, readIfPresent, writeFileAtomic } from '../storage/files'
import { isPermitted, permittedFor, type ServerName } from './names'

const generate = promisify(generateKeyPair)
const dayMs = 24 * 3600_000
/** How long an authority lasts: whoever trusted it has to do so again afterwards. */
const authorityDays = 10 * 365
/** How long a server's certificate lasts: no browser takes one for more than 398 days, and new ones cost nothing. */
const serverDays = 90
/** Clocks of clients may be behind. */
const backdatedMs = dayMs

const Stored = z.object({
  certificate: z.string(),
  /** PKCS #8, PEM. */
  key: z.string(),
  permitted: z.object({ dns: z.array(z.string()), ip: z.array(z.string()) }),
})
type Stored = z.infer<typeof Stored>

interface Opened extends Stored {
  x509: X509Certificate
  privateKey: KeyObject
}

/** What a listener speaks TLS with. */
export interface ServerCertificate {
  /** PEM: the server's own first, then the chain to its authority. */
  cert: string
  /** PEM; for the listener's socket and nowhere else. */
  key: string
  names: ServerName[]
  /** Unix ms. */
  expiresAt: number
}

export type Authority = Awaited<ReturnType<typeof openAuthority>>

export interface AuthorityOptions {
  /** Where it is kept: `authority.json` alone, certificate and key in one piece. */
  folder: string
  /** What this machine is called. */
  machine: string
  auditFirst: (entry: { who: string; action: string; target: string; details: Record<string, string> }) => Promise<void>
  now?: () => number
}

/** Reads what is kept. Throws where it is none. */
function parse(content: Buffer): Opened {
  const stored = Stored.parse(JSON.parse(content.toString('utf8')))
  const x509 = new X509Certificate(stored.certificate)
  const privateKey = createPrivateKey(stored.key)
  if (!x509.checkPrivateKey(privateKey)) throw new Error('the key is not that of the certificate')
  return { ...stored, x509, privateKey }
}

/** `CN=…` as it stands in a certificate that this program made. */
const nameOf = ({ subject }: X509Certificate) => subject.replace(/^CN=/, '')

/** What writes certificates, with its schemas of them: most starts write none. */
const loadCertifying = () => import('./certificate')

/** What is kept, as it was read: nothing, an authority, or something else. */
type Kept = { state: 'none' } | { state: 'ready'; authority: Opened } | { state: 'unreadable' }

async function readKept(file: string): Promise<Kept> {
  const content = await readIfPresent(file)
  if (content === null) return { state: 'none' }
  try {
    return { state: 'ready', authority: parse(content) }
  } catch {
    // What is wrong may quote the key: it is not told.
    return { state: 'unreadable' }
  }
}

function statusOf(kept: Kept, file: string): TlsAuthority {
  const nothing = { name: null, fingerprint: null, expiresAt: null, permitted: null }
  if (kept.state === 'none') return { state: 'none', ...nothing }
  if (kept.state === 'unreadable')
    return { state: 'unreadable', reason: reason('tls.authority-unreadable', { file }), ...nothing }
  const { x509, permitted } = kept.authority
  return {
    ...{ state: 'ready', name: nameOf(x509), fingerprint: x509.fingerprint256 },
    ...{ expiresAt: Date.parse(x509.validTo), permitted: [...permitted.dns, ...permitted.ip] },
  }
}

/** A new authority, and what is to be kept of it. Throws `tls.name`. */
async function madeFor(machine: string, further: readonly string[], now: number) {
  const permitted = permittedFor(machine, further)
  const { publicKey, privateKey } = await generate('ec', { namedCurve: 'P-256' })
  const { certifyAuthority } = await loadCertifying()
  const certificate = certifyAuthority({
    ...{ name: `Regie on ${machine} (${new Date(now).getUTCFullYear()})`, publicKey, privateKey, permitted },
    ...{ from: new Date(now - backdatedMs), until: new Date(now + authorityDays * dayMs) },
  })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const content = Buffer.from(`${JSON.stringify({ certificate, key, permitted })}\n`)
  return { content, authority: parse(content) }
}

/** A server's key and certificate. Throws `tls.name-not-permitted`. */
async function certifiedBy(authority: Opened, names: readonly ServerName[], now: number): Promise<ServerCertificate> {
  const { certificate, permitted, x509, privateKey: signingKey } = authority
  const beyond = names.find((name) => !isPermitted(name, permitted))
  if (beyond) throw new Problem('tls.name-not-permitted', { name: beyond.value })
  const { publicKey, privateKey } = await generate('ec', { namedCurve: 'P-256' })
  const until = Math.min(now + serverDays * dayMs, Date.parse(x509.validTo))
  const { certifyServer } = await loadCertifying()
  const own = certifyServer({
    ...{ names, publicKey, from: new Date(now - backdatedMs), until: new Date(until) },
    authority: { name: nameOf(x509), publicKey: createPublicKey(signingKey), privateKey: signingKey },
  })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { cert: own + certificate, key, names: [...names], expiresAt: until }
}

/**
 * Regie's own authority: it vouches for the listeners of this machine, within names that the internet does not know. Its
 * key stands in a file for the owner alone; no copy of the data folder's files that an update makes takes it along.
 */
export async function openAuthority({ folder, machine, auditFirst, now = Date.now }: AuthorityOptions) {
  const file = path.join(folder, 'authority.json')
  const inTurn = createSerial()
  let kept = await readKept(file)

  /** The one that there is. Throws `tls.authority-unreadable`, `tls.no-authority`. */
  const present = (): Opened => {
    if (kept.state === 'unreadable') throw new Problem('tls.authority-unreadable', { file })
    if (kept.state === 'none') throw new Problem('tls.no-authority')
    return kept.authority
  }

  async function create(further: readonly string[], who: string): Promise<TlsAuthority> {
    const { content, authority } = await madeFor(machine, further, now())
    await auditFirst({
      ...{ who, action: 'tls.authority-made', target: '' },
      details: { fingerprint: authority.x509.fingerprint256, names: further.join(' ') || '(none)' },
    })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if (kept.state === 'unreadable') await moveAside(file, now())
    await writeFileAtomic(file, content)
    kept = { state: 'ready', authority }
    return statusOf(kept, file)
  }

  return {
    status: (): TlsAuthority => statusOf(kept, file),
    /**
     * Makes a new authority in place of the one that there may be; whoever trusts that one has to trust the new one.
     * `further`: names and addresses beside this machine's and the private ones. Throws `tls.name`.
     */
    create: (further: readonly string[], who: string) => inTurn(() => create(further, who)),
    /** The same where there is none at all; one that cannot be read is left to a person. */
    ensure: (further: readonly string[], who: string) =>
      inTurn(async () => {
        if (kept.state === 'none') await create(further, who)
      }),
    /** Its certificate, for those who are to trust it, in PEM. Throws `tls.authority-unreadable`, `tls.no-authority`. */
    certificate: (): string => present().certificate,
    /**
     * A new key and its certificate for a server of these names, for 90 days. Throws `tls.name-not-permitted`, and what
     * `certificate` throws.
     */
    // async: what `present` throws is a rejection, as all the rest is.
    certificateFor: async (names: readonly ServerName[]) => await certifiedBy(present(), names, now()),
  }
}
