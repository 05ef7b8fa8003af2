import type { WorkflowNeeds } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import type { Clock } from '../async/clock'
import type { NodeQuestions } from '../kinds'
import type { NodeClasses } from '../kinds/comfyui/class-inputs'

/** A service that runs workflows. `away`: why it is not asked; null where it can be. */
export interface WorkflowService {
  id: string
  away: Reason | null
  nodes: NodeQuestions
}

/** What a service told of classes of nodes; null where it did not answer, as `reason` says. */
export interface Answer extends Pick<WorkflowNeeds['services'][number], 'id' | 'reason' | 'at'> {
  nodes: NodeQuestions
  classes: NodeClasses | null
}

/** So long the services may take to tell of the classes of one workflow, in ms. */
const askMs = 30_000

/** Asks every service that can be asked, at once, for these classes alone. Answers in their order. */
export function askServices(
  services: readonly WorkflowService[],
  types: Iterable<string>,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
): Promise<Answer[]> {
  const wanted = [...types]
  const within = AbortSignal.any([signal, AbortSignal.timeout(askMs)])
  const ask = async ({ id, away, nodes }: WorkflowService): Promise<Answer> => {
    const at = clock.now()
    if (away) return { id, nodes, classes: null, reason: away, at }
    try {
      return { id, nodes, classes: await nodes.classes(wanted, within), reason: null, at }
    } catch (error) {
      if (signal.aborted) throw error
      const { reason } = within.aborted ? new Problem('service.away', { id }) : asProblem(error)
      return { id, nodes, classes: null, reason, at }
    }
  }
  return Promise.all(services.map(ask))
}

/** Rethrows what is a bug. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  throw error
}
