import { because, reason } from '../../../shared/problems'
import { told } from '../items'
import type { Source } from './source'

/** How the last golden check of a service stands. */
export interface GoldenStanding {
  serviceId: string
  at: number
  /** How much longer it took than usual; null where that is not known. */
  slowerPct: number | null
  failed: Parameters<typeof because>[0] | null
}

const leadsTo = (id: string) => ({ page: 'services', id, tab: 'golden' }) as const

/** The last golden check of a service took longer than those before it. */
export const goldenSlowerSource = (standing: () => readonly GoldenStanding[]): Source => ({
  kind: 'golden-slower',
  find(limitOf) {
    const { begins } = limitOf('golden-slower')
    return standing().flatMap(({ serviceId: id, at, slowerPct }) => {
      if (slowerPct === null || slowerPct <= begins) return []
      const why = reason('attention.golden-slower', { service: id, percent: Math.round(slowerPct) })
      const about = { subject: id, reason: why, since: at, leadsTo: leadsTo(id) }
      return [told({ id: `golden slower ${id}`, kind: 'golden-slower', ...about })]
    })
  },
})

/** The last golden check of a service failed. */
export const goldenFailedSource = (standing: () => readonly GoldenStanding[]): Source => ({
  kind: 'golden-failed',
  find: () =>
    standing().flatMap(({ serviceId: id, at, failed }) => {
      if (failed === null) return []
      const why = reason('attention.golden-failed', { ...because(failed), service: id })
      const about = { subject: id, reason: why, since: at, leadsTo: leadsTo(id) }
      return [told({ id: `golden failed ${id}`, kind: 'golden-failed', ...about })]
    }),
})
