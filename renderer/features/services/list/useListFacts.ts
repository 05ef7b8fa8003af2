import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Generation, Service } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { useSeesAll } from '../../../api/useSession'
import { useRecentGenerations } from '../../gallery/useRecentGenerations'
import { servicesOf, type ListFacts } from './view'

/** What a list of services shows beside them. */
export interface RowFacts extends ListFacts {
  /** The last image of each service. */
  shots: ReadonlyMap<string, Generation>
  /** Credentials of which a file differs from the vault. */
  drifted: ReadonlySet<string>
}

/** What is known beside the services themselves, each part anew only when it changes. */
export function useListFacts(services: readonly Service[]): RowFacts {
  const seesAll = useSeesAll()
  const items = useQuery({ ...api.attention.read.queryOptions(), enabled: seesAll }).data?.items
  const latest = useQuery(api.generations.latest.queryOptions()).data
  const credentials = useQuery({ ...api.credentials.list.queryOptions(), enabled: seesAll }).data
  const generations = useRecentGenerations()
  const attention = useMemo(
    () => new Set((items ?? []).flatMap((item) => servicesOf(item, services))),
    [items, services],
  )
  const shots = useMemo(() => new Map((latest ?? []).map((one) => [one.serviceId, one])), [latest])
  const times = useMemo(() => new Map((latest ?? []).map((one) => [one.serviceId, one.createdAt])), [latest])
  const drifted = useMemo(
    () => new Set((credentials ?? []).flatMap(({ id, drifted: files }) => (files > 0 ? [id] : []))),
    [credentials],
  )
  return useMemo(
    () => ({ attention, generations, latest: times, shots, drifted }),
    [attention, generations, times, shots, drifted],
  )
}
