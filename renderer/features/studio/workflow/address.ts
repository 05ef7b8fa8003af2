import { workflowHref } from '../../../ui/route'

/** Opens one workflow, or the mode alone. */
export function openWorkflow(id?: string): void {
  location.hash = workflowHref(id)
}
