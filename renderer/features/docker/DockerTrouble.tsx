import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { api } from '../../api/query'
import { useSteadyEngine } from './useEngine'
import { lazyPart } from '../../ui/parts'

const Unreachable = lazyPart(() => import('./Unreachable'))

/** Why Docker does not answer, where a service needs it; nothing otherwise. */
export function DockerTrouble() {
  const engine = useSteadyEngine().data
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  if (engine?.state !== 'unreachable' || !services.some(({ runtime }) => runtime === 'compose')) return null
  return (
    <Suspense>
      <Unreachable engine={engine} />
    </Suspense>
  )
}
