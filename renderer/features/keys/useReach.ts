import { useQuery } from '@tanstack/react-query'
import type { Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { urlOf } from './addresses'

/** A service and where people and programs reach it; null where its gateway does not listen. */
export interface Reach {
  service: Service
  url: string | null
}

/** What the gateway does now. It is asked again every few seconds while it is on screen. */
export const useGateway = () => useQuery({ ...api.gateway.read.queryOptions(), refetchInterval: 5000, staleTime: 4000 })

/** The services that a key opens (null: all), with their addresses. */
export function useReach(services: readonly string[] | null): Reach[] {
  const all = useQuery(api.services.list.queryOptions()).data ?? []
  const listeners = useGateway().data?.listeners ?? []
  return all
    .filter(({ id }) => services === null || services.includes(id))
    .map((service): Reach => ({ service, url: urlOf(listeners.find(({ serviceId }) => serviceId === service.id)) }))
}
