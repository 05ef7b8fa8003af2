import { skipToken, useQuery, type QueryClient } from '@tanstack/react-query'
import type { HealthState, Operation, PanelEvent, Service } from '../../../shared/contract'
import { endOperation, followOperation, type OperationRecord } from './operation'
import { isUnseen } from '../../../shared/service-state'
import { isProblem } from '../../api/problem'
import { api } from '../../api/query'

/** What this page saw of a service and no procedure tells: it stands in the cache beside the answers. */
const operationKey = (id: string) => ['seen', 'operation', id] as const
const lastKnownKey = (id: string) => ['seen', 'health', id] as const

/** The state of a service when it could be seen last, and when that was. */
export interface LastKnown {
  state: HealthState
  at: number
}

/** Follows a service's operation and its last known state; to be told of each event before the cache takes it in. */
export function recordEvent(cache: QueryClient, event: PanelEvent): void {
  if (event.type !== 'service') return
  const { service } = event
  const listed = cache.getQueryData(api.services.list.queryKey())?.find(({ id }) => id === service.id)
  const before = listed ?? cache.getQueryData(api.services.get.queryKey({ input: { id: service.id } }))
  const now = Date.now()
  const key = operationKey(service.id)
  const known = cache.getQueryData<OperationRecord | null>(key) ?? null
  const followed = known ?? (before ? followOperation(null, before, now) : null)
  cache.setQueryData(key, followOperation(followed, service, now))
  if (before && !isUnseen(before) && isUnseen(service)) {
    const last: LastKnown = { state: before.health.state, at: now }
    cache.setQueryData(lastKnownKey(service.id), last)
  }
}

/** The call for an operation has failed. */
export function recordFailure(cache: QueryClient, id: string, operation: Operation, error: unknown): void {
  const problem = isProblem(error) ? error.data.problem : null
  cache.setQueryData(operationKey(id), (before: OperationRecord | null | undefined) =>
    endOperation(before ?? null, operation, { error, problem }, Date.now()),
  )
}

/** Forgets what was done last: the reader has seen it. */
export const forgetOperation = (cache: QueryClient, id: string): void => {
  cache.setQueryData(operationKey(id), null)
}

/** What is being done to a service, or was done last while this page was open. */
export function useOperationRecord(service: Service): OperationRecord | null {
  const { data } = useQuery<OperationRecord | null>({ queryKey: operationKey(service.id), queryFn: skipToken })
  return data ?? followOperation(null, service, service.progress?.startedAt ?? service.health.since)
}

/** How a service stood before Docker fell silent; null when this page did not see it. */
export const useLastKnown = (id: string): LastKnown | null =>
  useQuery<LastKnown>({ queryKey: lastKnownKey(id), queryFn: skipToken }).data ?? null
