import type { Workflow, WorkflowDetail } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import { systemClock, type Clock } from '../async/clock'
import { createSerial } from '../async/serial'
import type { Audit } from '../audit/audit'
import type { ImportedWorkflow } from '../kinds'
import { createChanges, isHeld, type WorkflowChanger, type WorkflowChanges } from './changes'
import { createWorkflowFiles } from './files'
import { createPurge } from './purge'
import { newestOf, told, type KeptWorkflow, type ReadWorkflow } from './record'
import { Shelf } from './shelf'

export type { WorkflowImport } from './changes'
export type { ReadWorkflow } from './record'

/** Imported workflows, kept as files. Calls throw a Problem on expected failures, `workflow.not-found` among them. */
export interface WorkflowLibrary extends WorkflowChanges {
  /** By name. */
  list(): Workflow[]
  get(id: string, version?: number): Promise<WorkflowDetail>
  /** What is needed to run a version; left out: the newest. */
  toRun(id: string, version?: number): Promise<ImportedWorkflow>
  /** What was read of a version; left out: the newest. */
  read(id: string, version?: number): Promise<ReadWorkflow>
  /** The newest version as a file: the imported one, byte for byte, or what the server takes. */
  export(id: string, as: 'file' | 'api'): Promise<{ fileName: string; bytes: Buffer }>
  /** The workflow of a name, and its newest version; null where the name is free. */
  named(name: string): { id: string; version: number } | null
  /** Whether its newest version is this file, as well read as by that service. */
  holds(id: string, file: { bytes: Uint8Array; readBy: string | null }): Promise<boolean>
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

/** By name. */
const listOf = (shelf: Shelf): Workflow[] =>
  shelf
    .living()
    .map(([id, kept]) => told(id, kept))
    .sort((a, b) => a.name.localeCompare(b.name))

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

  const get = async (id: string, version?: number): Promise<WorkflowDetail> => {
    const kept = shelf.find(id)
    const one = shelf.version(id, version)
    const { form, graph, skipped, notes } = await files.read(id, one.read)
    return { ...told(id, kept), version: one.version, form, pinned: one.pinned, graph, skipped, notes }
  }
  /** On disk first; what is remembered, told and written down follows. */
  const put = async (id: string, kept: KeptWorkflow, { who }: WorkflowChanger, action: string) => {
    await files.write(id, kept)
    shelf.all.set(id, kept)
    changed()
    await audit.append({ who, action, target: id, details: { version: newestOf(kept).version } })
  }

  const changes = createChanges({ shelf, files, clock, get, put })
  const purge = createPurge({ shelf, clock, reportBug, inTurn, erase: (id) => files.erase(id) })
  await purge.look()

  return {
    list: () => listOf(shelf),
    get,
    async toRun(id, version) {
      const one = shelf.version(id, version)
      const { name } = shelf.find(id)
      const { api, form, together } = await files.read(id, one.read)
      return { name, version: one.version, graph: api, form, together }
    },
    read: (id, version) => files.read(id, shelf.version(id, version).read),
    async export(id, as) {
      const { original, originalName, read } = shelf.version(id)
      if (as === 'file') return { fileName: originalName, bytes: await files.original(id, original) }
      const { api } = await files.read(id, read)
      const fileName = `${shelf.find(id).name.replaceAll(/[\\/:*?"<>|]/g, '_')}.api.json`
      return { fileName, bytes: Buffer.from(`${JSON.stringify(api, null, 2)}\n`) }
    },
    named(name) {
      const found = shelf.named(name)
      return found && { id: found[0], version: newestOf(found[1]).version }
    },
    holds: (id, file) => isHeld(files, id, shelf.find(id), file),
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
