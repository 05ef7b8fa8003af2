import { Problem } from '../../shared/problems'
import type { ServerCertificate } from './authority'

/** A certificate that ends sooner than this is made anew, in ms. */
const renewedBeforeMs = 30 * 24 * 3600_000
/** How often it is looked whether another one is to be used, in ms. */
const everyMs = 60_000

export interface CertificateSource {
  /** The one to use now. Throws a Problem where there is none. */
  make: () => Promise<ServerCertificate>
  /** Stands for what it was made of: another text, and it is made anew. */
  madeOf: () => string
  /** Whether it must be made to be compared: somebody may have put another one in its place. */
  isReadEachTime: boolean
}

export interface KeptCertificate {
  current(): ServerCertificate
  /** Looks from now on whether another one is to be used, until `close`. */
  begin(): void
  close(): void
}

export interface KeepingOptions {
  source: CertificateSource
  /** Another certificate is to be used from now on. */
  changed: (certificate: ServerCertificate) => void
  /** It could not be made anew, or can again (null); the last one goes on being used. */
  failed: (problem: Problem | null) => void
  reportBug: (error: unknown) => void
  now?: () => number
  intervalMs?: number
}

/** Makes a certificate, and keeps it fresh from `begin` on. Throws what `source.make` throws. */
export async function keepCertificate(options: KeepingOptions): Promise<KeptCertificate> {
  const { source, changed, failed, reportBug, now = Date.now, intervalMs = everyMs } = options
  let madeOf = source.madeOf()
  let current = await source.make()
  let isClosed = false

  const look = async () => {
    const from = source.madeOf()
    const isStale = from !== madeOf || current.expiresAt - now() < renewedBeforeMs
    if (!isStale && !source.isReadEachTime) return
    try {
      const next = await source.make()
      failed(null)
      madeOf = from
      if (isClosed || next.cert === current.cert) return
      current = next
      changed(next)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      failed(error)
    }
  }
  let timer: NodeJS.Timeout | undefined
  return {
    current: () => current,
    begin() {
      timer = setInterval(() => void look().catch(reportBug), intervalMs).unref()
    },
    close() {
      isClosed = true
      clearInterval(timer)
    },
  }
}
