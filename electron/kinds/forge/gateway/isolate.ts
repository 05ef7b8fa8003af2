import { Problem } from '../../../../shared/problems'
import type { GatewayQuestion, GatewayWorld, Handling, Isolation, OwnAnswer, Visitor } from '../../gateway'
import { createFiles } from './files'
import { createPages } from './pages'
import { options, pendingTasks, progress, stop, taskProgress } from './progress'
import { findForgeRoute, type ForgeAct } from './routes'
import { createTasks, detect, makePicture, otherWork, type Tasks } from './tasks'

/** What an administrator's questions need all the same: what he starts is his. */
const alsoForAdmins: ReadonlySet<ForgeAct> = new Set(['picture', 'other-work', 'detect', 'join'])

/** The task in what a page sends when it starts one: the first value of its function. */
const startedTask = /"(task\([^"\\]{1,100}\))"/

/** `queue/join` and `run/…` of an administrator: whose task a page starts is noted as it passes. */
const join = (visitor: Visitor, tasks: Tasks): Handling => ({
  watch() {
    let head = ''
    let isRead = false
    const read = (chunk: Buffer) => {
      if (isRead) return
      head += chunk.toString('latin1', 0, 4_096)
      const id = startedTask.exec(head)?.[1]
      isRead = id !== undefined || head.length > 4_096
      if (id === undefined) return
      if (!tasks.note(id, visitor)) throw new Problem('gateway.job-id-taken')
      tasks.follow(id, visitor)
    }
    return {
      next(chunk) {
        read(chunk)
        return chunk
      },
      end: () => Buffer.alloc(0),
    }
  },
})

/** Keeps people apart on one Forge. */
export function isolateForge(world: GatewayWorld): Isolation {
  const tasks = createTasks(world)
  const files = createFiles(world.owners)
  const pages = createPages(world, tasks, files)

  function handle(question: GatewayQuestion, visitor: Visitor): Handling | OwnAnswer | Promise<Handling | OwnAnswer> {
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
        return visitor.role === 'admin' ? join(visitor, tasks) : pages.call(question, visitor)
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
