import path from 'node:path'
import type { Workflow, WorkflowDetail } from '../../shared/contract'
import { safeFileName } from '../../shared/file-names'
import type { ImportedWorkflow } from '../kinds'
import { isHeld } from './changes'
import type { WorkflowFiles } from './files'
import { newestOf, told, type ReadWorkflow } from './record'
import type { Shelf } from './shelf'

/** What is told of workflows. Calls throw a Problem on expected failures, `workflow.not-found` among them. */
export interface WorkflowReading {
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
}

/** What an imported file was called, as every system takes it. */
function safeName(given: string): string {
  const { name, ext } = path.parse(given)
  return /^\.[a-z0-9]{1,10}$/i.test(ext) ? safeFileName(name, ext) : safeFileName(given, '')
}

export function createReading(shelf: Shelf, files: WorkflowFiles): WorkflowReading {
  return {
    list: () =>
      shelf
        .living()
        .map(([id, kept]) => told(id, kept))
        .sort((a, b) => a.name.localeCompare(b.name)),
    async get(id, version) {
      const kept = shelf.find(id)
      const one = shelf.version(id, version)
      const { form, graph, skipped, notes } = await files.read(id, one.read)
      return { ...told(id, kept), version: one.version, form, pinned: one.pinned, graph, skipped, notes }
    },
    async toRun(id, version) {
      const one = shelf.version(id, version)
      const { name } = shelf.find(id)
      const { api, form, together } = await files.read(id, one.read)
      return { name, version: one.version, graph: api, form, together }
    },
    read: (id, version) => files.read(id, shelf.version(id, version).read),
    async export(id, as) {
      const { original, originalName, read } = shelf.version(id)
      if (as === 'file') return { fileName: safeName(originalName), bytes: await files.original(id, original) }
      const { api } = await files.read(id, read)
      const fileName = safeFileName(shelf.find(id).name, '.api.json')
      return { fileName, bytes: Buffer.from(`${JSON.stringify(api, null, 2)}\n`) }
    },
    named(name) {
      const found = shelf.named(name)
      return found && { id: found[0], version: newestOf(found[1]).version }
    },
    holds: (id, file) => isHeld(files, id, shelf.find(id), file),
  }
}
