import { reason } from '../../../shared/problems'
import { told } from '../items'
import type { Source } from './source'

/** A job that waits for a service, since when. */
export interface WaitingJob {
  serviceId: string
  since: number
}

const minuteMs = 60_000

/** The services for which a job has waited longer than the limit; over when none waits as long as the limit's end. */
export function queueSource(waiting: () => readonly WaitingJob[]): Source {
  const stuck = new Set<string>()
  return {
    kind: 'queue-stuck',
    find(limitOf, now) {
      const { begins, ends } = limitOf('queue-stuck')
      const oldest = new Map<string, number>()
      for (const { serviceId, since } of waiting())
        oldest.set(serviceId, Math.min(since, oldest.get(serviceId) ?? Infinity))
      for (const id of [...stuck]) if (!oldest.has(id)) stuck.delete(id)
      return [...oldest].flatMap(([id, since]) => {
        const minutes = (now - since) / minuteMs
        if (minutes < (stuck.has(id) ? ends : begins)) {
          stuck.delete(id)
          return []
        }
        stuck.add(id)
        const why = reason('attention.queue-stuck', { service: id, minutes: Math.floor(minutes) })
        const leadsTo = { page: 'services', id } as const
        return [told({ id: `queue ${id}`, kind: 'queue-stuck', subject: id, reason: why, since, leadsTo })]
      })
    },
  }
}
