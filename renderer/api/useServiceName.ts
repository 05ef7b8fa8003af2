import { useQuery } from '@tanstack/react-query'
import type { Service } from '../../shared/contract'
import { serviceName } from '../../shared/service-name'
import { api } from './query'

const namesOf = (services: readonly Pick<Service, 'id' | 'name'>[]): Record<string, string> =>
  Object.fromEntries(services.map((service) => [service.id, serviceName(service)]))

/** What services are called, by their ids; an id that no service has stays. */
export function useServiceName(): (id: string) => string {
  const names = useQuery({ ...api.services.list.queryOptions(), select: namesOf }).data ?? {}
  return (id) => names[id] ?? id
}
