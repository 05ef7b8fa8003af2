import type { Health } from '../../shared/contract'
import { isProblemId, reason, type ProblemId, type Reason } from '../../shared/problems'
import type { Services } from '../services'
import type { WorkflowService } from '../workflows/intake'

/** Why a service cannot be asked now; null where it can, with or without a model. */
function awayOf(id: string, { state, problem = '', params = {} }: Health): Reason | null {
  if (state === 'ready' || state === 'authenticated') return null
  return isProblemId(problem) ? reason<ProblemId>(problem, params) : reason('service.away', { id })
}

/** The services that run workflows, in their order. */
export const workflowServices = (services: Services): WorkflowService[] =>
  services.list().flatMap(({ id, health }) => {
    const { nodes } = services.backend(id)
    return nodes ? [{ id, away: awayOf(id, health), nodes }] : []
  })
