import type { GatewayWorld, Handling, Isolation, OwnAnswer, Visitor, WholeQuestion } from '../../gateway'
import { createFiles } from './files'
import { createPages } from './pages'
import { options, pendingTasks, progress, stop, taskProgress } from './progress'
import { findForgeRoute, type ForgeAct } from './routes'
import { createTasks, detect, makePicture, otherWork } from './tasks'

/** What an administrator's questions need all the same: what he starts is his. */
const alsoForAdmins: ReadonlySet<ForgeAct> = new Set(['picture', 'other-work', 'detect', 'join', 'stream'])

/** Keeps people apart on one Forge. */
export function isolateForge(world: GatewayWorld): Isolation {
  const tasks = createTasks(world)
  const files = createFiles(world.owners)
  const pages = createPages(world, tasks, files)

  function handle(question: WholeQuestion, visitor: Visitor): Handling | OwnAnswer | Promise<Handling | OwnAnswer> {
    const { does, path } = findForgeRoute(question)
    if (does === null || path === null || (visitor.role === 'admin' && !alsoForAdmins.has(does))) return {}
    switch (does) {
      case 'picture':
        return makePicture(question, visitor, { world, tasks })
      case 'other-work':
        return otherWork(visitor, tasks)
      case 'detect':
        return detect(question, visitor, tasks)
      case 'progress':
        return progress(visitor, tasks)
      case 'task-progress':
        return taskProgress(question, visitor, tasks)
      case 'pending-tasks':
        return pendingTasks(visitor, tasks)
      case 'interrupt':
        return stop({}, visitor, tasks)
      case 'skip':
        return stop(null, visitor, tasks)
      case 'options':
        return options()
      case 'join':
        return pages.call(question, visitor)
      case 'stream':
        return pages.stream(question, visitor)
      case 'cancel':
        return pages.cancel(question, visitor)
      case 'file':
        return files.file(path, visitor)
      case 'upload':
        return files.upload(visitor)
    }
  }
  return { handle }
}
