import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { api } from '../../api/query'
import { useSteadyEngine } from './useEngine'

const Unreachable = lazy(() => import('./Unreachable'))

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
