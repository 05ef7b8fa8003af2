import type { GatewayQuestion, GatewayWorld, Handling, Isolation, OwnAnswer, Visitor } from '../../gateway'
import { createBelongings } from './belongings'
import { cancelJob, cancelJobs, changeQueue, interrupt } from './cancel'
import { narrowEntry, narrowFileNames, narrowHistory, narrowJob, narrowJobs, narrowQueue, narrowStats } from './lists'
import { findComfyRoute, type ComfyAct } from './routes'
import { openSocket } from './socket'
import { submit } from './submit'
import { upload } from './upload'
import { view } from './view'

/** What an administrator's questions need all the same: what he starts is his, and his client id is apart too. */
const alsoForAdmins: ReadonlySet<ComfyAct> = new Set(['socket', 'submit', 'upload'])

/** Keeps people apart on one ComfyUI. */
export function isolateComfyui(world: GatewayWorld): Isolation {
  const belongings = createBelongings(world.owners)
  const inside = { world, belongings }

  function handle(question: GatewayQuestion, visitor: Visitor): Handling | OwnAnswer {
    const { does, path } = findComfyRoute(question)
    if (does === null || path === null || (visitor.role === 'admin' && !alsoForAdmins.has(does))) return {}
    const [, second = ''] = path.segments
    switch (does) {
      case 'socket':
        return openSocket(question, visitor, inside)
      case 'submit':
        return submit(question, visitor, inside)
      case 'upload':
        return upload(question, visitor, inside)
      case 'queue':
        return narrowQueue(visitor, belongings)
      case 'change-queue':
        return changeQueue(question, visitor, world.serviceId, belongings)
      case 'history':
        return narrowHistory(question, visitor, belongings)
      case 'history-entry':
        return narrowEntry(second, visitor, belongings)
      case 'jobs':
        return narrowJobs(question, { visitor, ...inside })
      case 'job':
        return narrowJob(second, visitor, belongings)
      case 'cancel-job':
        return cancelJob(second, visitor, belongings)
      case 'cancel-jobs':
        return cancelJobs(question, visitor, belongings)
      case 'interrupt':
        return interrupt(question, visitor, inside)
      case 'view':
        return view(question, visitor, belongings)
      case 'file-names':
        return narrowFileNames(path.segments[2] ?? '', visitor, belongings)
      case 'stats':
        return narrowStats(visitor)
    }
  }
  return { handle }
}
