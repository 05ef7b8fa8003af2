import { reason, type Reason } from '../../shared/problems'
import { systemClock, type Clock } from '../async/clock'
import { createSerial } from '../async/serial'
import type { Audit } from '../audit/audit'
import { createChanges, type WorkflowChanger, type WorkflowChanges } from './changes'
import { createWorkflowFiles } from './files'
import { createPurge } from './purge'
import { createReading, type WorkflowReading } from './reading'
import { newestOf, type KeptWorkflow } from './record'
import { Shelf } from './shelf'

export type { WorkflowImport } from './changes'
export type { ReadWorkflow } from './record'

/** Imported workflows, kept as files. Calls throw a Problem on expected failures, `workflow.not-found` among them. */
export interface WorkflowLibrary extends WorkflowReading, WorkflowChanges {
  /** What could not be read at the start. */
  notices(): Reason[]
  close(): Promise<void>
}

interface LibraryParts {
  /** Where the files lie; made when it is needed. */
  folder: string
  audit: Pick<Audit, 'append'>
  clock?: Clock
  /** Told of each change. */
  changed: () => void
  reportBug: (error: unknown) => void
}

/** Opens the library, and deletes for good what was removed 30 days ago, now and from then on. */
export async function openWorkflows(parts: LibraryParts): Promise<WorkflowLibrary> {
  const { folder, audit, clock = systemClock, changed, reportBug } = parts
  const files = createWorkflowFiles(folder)
  const inTurn = createSerial()
  const shelf = new Shelf()
  const damaged: Reason[] = []
  for (const found of await files.open()) {
    if ('kept' in found) shelf.all.set(found.id, found.kept)
    else damaged.push(reason('workflow.index-unreadable', { file: found.damaged }))
  }

  const reading = createReading(shelf, files)
  /** On disk first; what is remembered, told and written down follows. */
  const put = async (id: string, kept: KeptWorkflow, { who }: WorkflowChanger, action: string) => {
    await files.write(id, kept)
    shelf.all.set(id, kept)
    changed()
    await audit.append({ who, action, target: id, details: { version: newestOf(kept).version } })
  }

  const changes = createChanges({ shelf, files, clock, get: (id) => reading.get(id), put })
  const purge = createPurge({ shelf, clock, reportBug, inTurn, erase: (id) => files.erase(id) })
  await purge.look()

  return {
    ...reading,
    import: (given, by) => inTurn(() => changes.import(given, by)),
    change: (id, change, by) => inTurn(() => changes.change(id, change, by)),
    restore: (id, version, by) => inTurn(() => changes.restore(id, version, by)),
    remove: (id, by) =>
      inTurn(async () => {
        await changes.remove(id, by)
        purge.sleep()
      }),
    undoRemove: (id, by) => inTurn(() => changes.undoRemove(id, by)),
    notices: () => [...damaged],
    close: () => purge.close(),
  }
}
