import { because, reason } from '../../../shared/problems'
import { told } from '../items'
import type { Source } from './source'

/** A way of being told that takes nothing. */
export interface Undelivered {
  id: string
  name: string
  tries: number
  since: number
  why: Parameters<typeof because>[0]
}

/** Channels of the alerts, and the heartbeat address, that do not take what is sent. */
export const undeliveredSource = (failing: () => readonly Undelivered[]): Source => ({
  kind: 'alerts-undelivered',
  find: () =>
    failing().map(({ id, name, tries, since, why }) =>
      told({
        ...{ id: `channel ${id}`, kind: 'alerts-undelivered', since, leadsTo: { page: 'settings', id: 'alerts' } },
        reason: reason('alerts.undelivered', { ...because(why), name, tries }),
      }),
    ),
})
