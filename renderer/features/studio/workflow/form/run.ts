import type { WorkflowDetail } from '../../../../../shared/contract'
import { send } from '../../store'
import { paramsOf, withNewSeeds } from '../model/kept'
import { keptOf, setKept } from '../store'

/** Runs what the form says on a service; a seed that is not locked is drawn, and stands in the form then. */
export function run(detail: WorkflowDetail, serviceId: string): void {
  const kept = withNewSeeds(detail.form, keptOf(detail.id))
  setKept(detail.id, kept)
  void send(serviceId, paramsOf(detail, kept))
}
