import { createWaking, type Waking } from '../gateway/waking'
import type { Draining } from '../gateway/waking/draining'
import type { Sleeping } from '../sleeping'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'

export interface WakingParts {
  timeline: WatchedMachine['timeline']
  sleeping: Sleeping
  draining: Draining
}

/** Waking of services, and holding of what is asked of them while they are away. */
export function buildWaking(
  { listen, reportBug, closing }: Base,
  { credentials }: Secrets,
  { services }: Pick<BuiltServices, 'services'>,
  { timeline, sleeping, draining }: WakingParts,
): Waking {
  return closing.keep(
    createWaking({
      ...{ services, timeline, listen, reportBug },
      look: (id) => services.control().refresh(id),
      fit: (id) => services.fit(id),
      rotating: (id) => draining.of(id),
      isOpen: () => credentials.isOpen(),
      work: sleeping.work,
      reading: sleeping.reading,
      isUsed: sleeping.isUsed,
    }),
  )
}
