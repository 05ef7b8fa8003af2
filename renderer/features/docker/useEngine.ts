import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { EngineStatus } from '../../../shared/contract'
import { api } from '../../api/query'

/**
 * Docker's state for a page that explains it. While an engine that did not answer is looked for again, the explanation
 * stays on screen, with whatever is being typed in it.
 */
export function useSteadyEngine() {
  const query = useQuery(api.docker.engine.queryOptions())
  const [settled, setSettled] = useState<EngineStatus>()
  const now = query.data
  if (now && now.state !== 'connecting' && now !== settled) setSettled(now)
  const isTriedAgain = now?.state === 'connecting' && settled?.state === 'unreachable'
  return { ...query, data: isTriedAgain ? { ...settled, nextTryAt: null } : now }
}
