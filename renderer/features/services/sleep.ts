import { useQueries, useQuery } from '@tanstack/react-query'
import type { Gateway, Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { waitsOf, type Waits } from './waits'

/** How often the gateway is asked, in ms: often while something waits. What holds and for how long no event tells. */
const slowMs = 5000
const quickMs = 1000

function askedEvery(gateway: Gateway | undefined): number | false {
  const open = (gateway?.listeners ?? []).filter(({ state }) => state !== 'off')
  if (open.length === 0) return false
  return open.some(({ held, waking }) => held > 0 || waking !== null) ? quickMs : slowMs
}

const none: readonly Service[] = []

/** Tells of each service how it sleeps and what waits for it. */
export function useWaits(): (service: Service) => Waits {
  const services = useQuery(api.services.list.queryOptions()).data ?? none
  const gateway = useQuery({
    ...api.gateway.read.queryOptions(),
    refetchInterval: ({ state }) => askedEvery(state.data),
  })
  const cards = services.flatMap(({ gpu }) => gpu?.uuid ?? [])
  // A card of one service has no line.
  const shared = [...new Set(cards.filter((uuid, at) => cards.indexOf(uuid) !== at))]
  const turns = useQueries({ queries: shared.map((uuid) => api.gpus.turns.queryOptions({ input: { uuid } })) })
  const waiting = turns.flatMap(({ data }) => data?.waiting ?? [])
  return (service) => waitsOf(service, gateway.data, waiting)
}
