import type { GatewayListener, Key, TlsAuthority } from '../../../shared/contract'
import { reason } from '../../../shared/problems'
import { told } from '../items'
import type { Source } from './source'

const dayMs = 24 * 3600_000

const daysUntil = (end: number, now: number) => Math.max(0, Math.floor((end - now) / dayMs))

interface Certified {
  listeners: () => readonly Pick<GatewayListener, 'serviceId' | 'certificate'>[]
  authority: () => Pick<TlsAuthority, 'expiresAt'>
}

/** Certificates of the gateway, and the authority behind them, that end soon and that nobody renews by himself. */
export const certificateSource = ({ listeners, authority }: Certified): Source => ({
  kind: 'certificate-ending',
  find(limitOf, now) {
    const soonMs = limitOf('certificate-ending').begins * dayMs
    const endsSoon = (at: number | null): at is number => at !== null && at - now < soonMs
    const ofServices = listeners().flatMap(({ serviceId: id, certificate }) => {
      const end = certificate?.expiresAt ?? null
      if (!endsSoon(end)) return []
      const why = reason('attention.certificate-ending', { service: id, days: daysUntil(end, now) })
      const leadsTo = { page: 'services', id, tab: 'gateway' } as const
      return [told({ id: `certificate ${id}`, kind: 'certificate-ending', subject: id, reason: why, leadsTo })]
    })
    const end = authority().expiresAt
    if (!endsSoon(end)) return ofServices
    const why = reason('attention.authority-ending', { days: daysUntil(end, now) })
    const own = told({ id: 'authority', kind: 'certificate-ending', reason: why, leadsTo: { page: 'settings' } })
    return [...ofServices, own]
  },
})

type EndingKey = Pick<Key, 'id' | 'userId' | 'name' | 'expiresAt' | 'state'>

interface Keyed {
  /** Null where the accounts cannot be read. */
  keys: () => readonly EndingKey[] | null
  nameOf: (account: string) => string
}

/** Keys that open something and end soon. */
export const keySource = ({ keys, nameOf }: Keyed): Source => ({
  kind: 'key-ending',
  find(limitOf, now) {
    const soonMs = limitOf('key-ending').begins * dayMs
    return (
      keys()?.flatMap(({ id, userId, name, expiresAt, state }) => {
        if (state !== 'live' || expiresAt === null || expiresAt - now >= soonMs) return []
        const why = reason('attention.key-ending', { name, id: nameOf(userId), days: daysUntil(expiresAt, now) })
        const leadsTo = { page: 'people', id: userId } as const
        return [told({ id: `key ${id}`, kind: 'key-ending', subject: userId, reason: why, leadsTo })]
      }) ?? null
    )
  },
})
