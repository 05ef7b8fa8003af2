import { useQueryClient } from '@tanstack/react-query'
import type { WorkflowDetail } from '../../../../shared/contract'
import { api } from '../../../api/query'

/** Puts what a change of a workflow was answered with on screen; what follows from it is asked again. */
export function useTakeIn() {
  const cache = useQueryClient()
  return (detail: WorkflowDetail) => {
    const { id } = detail
    cache.setQueryData(api.workflows.get.queryKey({ input: { id } }), detail)
    void cache.invalidateQueries({ queryKey: api.workflows.list.key() })
    void cache.invalidateQueries({ queryKey: api.workflows.needs.key({ input: { id } }) })
  }
}
