import { useQuery } from '@tanstack/react-query'
import type { Service, TimelineEntry } from '../../../shared/contract'
import { api } from '../../api/query'
import { useSeesAll } from '../../api/useSession'
import { isAsleep, mayHaveSlept, sleptBy } from './state'

/** How a service sleeps, as far as its timeline can be read: `why` is of Regie's own sleeping. Null: it does not. */
export function useSleep(service: Service): { why: NonNullable<TimelineEntry['reason']> | null } | null {
  const isSought = useSeesAll() && mayHaveSlept(service)
  const read = api.timeline.list.queryOptions({ input: { id: service.id, limit: 50 } })
  const entries = useQuery({ ...read, enabled: isSought }).data?.items
  const why = isSought && entries ? sleptBy(entries) : null
  return why || isAsleep(service) ? { why: why ?? null } : null
}
