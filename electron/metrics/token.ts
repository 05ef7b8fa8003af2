import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import type { MetricsToken } from '../../shared/contract'
import { Timestamp } from '../../shared/contract'

const prefix = 'regie_metrics_'

/** Whether a Bearer token is shaped as one for the metrics alone, right or wrong: it opens nothing else. */
export const isMetricsTokenShaped = (text: string): boolean => text.startsWith(prefix)

/** What is kept of it: 256 bits of chance need no slow hash. */
const Kept = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/), madeAt: Timestamp })

const hashOf = (token: string) => createHash('sha256').update(token).digest()

interface MetricsTokenOptions {
  store: { read(): unknown; write(kept: z.infer<typeof Kept> | null): void }
  /** Throws where it cannot be noted; nothing is changed then. */
  auditFirst: (entry: { who: string; action: string; target: string }) => Promise<void>
  now?: () => number
}

export interface MetricsTokens {
  read(): MetricsToken
  /** Makes one in place of the one there may be. Returns it; it cannot be shown again. */
  make(who: string): Promise<{ token: string } & MetricsToken>
  end(who: string): Promise<MetricsToken>
  opens(token: string): boolean
}

/** The token with which a monitor reads the metrics, and nothing else. */
export function createMetricsTokens({ store, auditFirst, now = Date.now }: MetricsTokenOptions): MetricsTokens {
  let usedAt: number | null = null
  const kept = () => Kept.safeParse(store.read()).data ?? null
  const read = (): MetricsToken => ({ madeAt: kept()?.madeAt ?? null, usedAt })
  return {
    read,
    async make(who) {
      await auditFirst({ who, action: 'metrics.token-made', target: '' })
      const token = prefix + randomBytes(32).toString('base64url')
      store.write({ hash: hashOf(token).toString('hex'), madeAt: now() })
      usedAt = null
      return { token, ...read() }
    },
    async end(who) {
      if (kept() === null) return read()
      await auditFirst({ who, action: 'metrics.token-ended', target: '' })
      store.write(null)
      usedAt = null
      return read()
    },
    opens(token) {
      const known = kept()
      if (known === null || !isMetricsTokenShaped(token)) return false
      const isIt = timingSafeEqual(Buffer.from(known.hash, 'hex'), hashOf(token))
      if (isIt) usedAt = now()
      return isIt
    },
  }
}
