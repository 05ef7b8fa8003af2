import { hrefOf } from '../../../ui/route'

/** Address of the Studio's Workflow mode, with one workflow open. */
const workflowHref = (id?: string): string =>
  `${hrefOf('studio')}?mode=workflow${id === undefined ? '' : `&workflow=${encodeURIComponent(id)}`}`

/** Opens one workflow, or the mode alone. */
export function openWorkflow(id?: string): void {
  location.hash = workflowHref(id)
}
