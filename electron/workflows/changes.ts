import { randomUUID } from 'node:crypto'
import type { AccountId, WorkflowDetail } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Clock } from '../async/clock'
import type { WorkflowFiles } from './files'
import { newestOf, type KeptVersion, type KeptWorkflow, type ReadWorkflow } from './record'
import type { Shelf } from './shelf'

/** Who changes something: the account, and how the audit log names it. */
export interface WorkflowChanger {
  account: AccountId
  who: string
}

/** A file that was read, to be kept. */
export interface WorkflowImport {
  name: string
  file: { name: string; bytes: Uint8Array }
  read: ReadWorkflow
  /** The workflow that it becomes a new version of; its name stays. */
  replaces?: string | undefined
}

/** What is done to workflows, one after the other. Calls throw a Problem on expected failures. */
export interface WorkflowChanges {
  /** Throws `workflow.name-taken`, and `workflow.already-there` for what the newest version holds already. */
  import(given: WorkflowImport, by: WorkflowChanger): Promise<WorkflowDetail>
  change(id: string, change: { name?: string; pinned?: string[] }, by: WorkflowChanger): Promise<WorkflowDetail>
  /** Makes an earlier version the newest, as a new one. */
  restore(id: string, version: number, by: WorkflowChanger): Promise<WorkflowDetail>
  /** It is kept for 30 days. */
  remove(id: string, by: WorkflowChanger): Promise<void>
  undoRemove(id: string, by: WorkflowChanger): Promise<WorkflowDetail>
}

interface ChangeParts {
  shelf: Shelf
  files: WorkflowFiles
  clock: Clock
  get: (id: string) => Promise<WorkflowDetail>
  /** Keeps it, tells of it and writes it down. */
  put: (id: string, kept: KeptWorkflow, by: WorkflowChanger, action: string) => Promise<void>
}

/** What makes a new version out of one that is there. */
const successor = (
  { versions }: KeptWorkflow,
  from: KeptVersion,
  made: Pick<KeptVersion, 'at' | 'by' | 'change'> & Partial<Pick<KeptVersion, 'pinned'>>,
): KeptVersion => ({ ...from, ...made, fileName: null, version: (versions.at(-1)?.version ?? 0) + 1 })

/** Throws `workflow.input-unknown` unless the form has each of them. Each stands once. */
function checkedPins(pinned: readonly string[], { form }: ReadWorkflow): string[] {
  const unknown = pinned.find((id) => !form.some((input) => input.id === id))
  if (unknown !== undefined) throw new Problem('workflow.input-unknown', { input: unknown })
  return [...new Set(pinned)]
}

/**
 * Whether the newest version of a workflow is this file. What was read without a service is read better by one: it is not
 * the same then.
 */
export async function isHeld(
  files: WorkflowFiles,
  id: string,
  kept: KeptWorkflow,
  { bytes, readBy }: { bytes: Uint8Array; readBy: string | null },
): Promise<boolean> {
  const newest = newestOf(kept)
  if (!(await files.holds(id, newest, bytes))) return false
  return readBy === null || (await files.read(id, newest.read)).readBy !== null
}

/** Imports, as a new workflow or as a new version. */
function createImport({ shelf, files, clock, get, put }: ChangeParts): WorkflowChanges['import'] {
  /** Writes the content, then the index that names it. */
  const keep = async (
    { id, before, given, pinned }: { id: string; before: KeptWorkflow | null; given: WorkflowImport; pinned: string[] },
    by: WorkflowChanger,
  ) => {
    const hashes = await files.keep(id, given.file.bytes, given.read)
    const version: KeptVersion = {
      ...hashes,
      version: (before?.versions.at(-1)?.version ?? 0) + 1,
      at: clock.now(),
      by: by.account,
      change: 'imported',
      fileName: given.file.name,
      originalName: given.file.name,
      nodes: given.read.nodes,
      inputs: given.read.form.length,
      pinned,
      format: given.read.format,
    }
    const kept = { name: before?.name ?? given.name, versions: [...(before?.versions ?? []), version], removedAt: null }
    await put(id, kept, by, 'workflow.imported')
  }
  return async ({ name, file, read, replaces }: WorkflowImport, by: WorkflowChanger) => {
    const before = replaces === undefined ? null : shelf.find(replaces)
    if (!before) shelf.refuseTaken(name, null)
    const id = replaces ?? randomUUID()
    const pinned = checkedPins(read.pinned, read)
    if (before && (await isHeld(files, id, before, { bytes: file.bytes, readBy: read.readBy })))
      throw new Problem('workflow.already-there', { name: before.name, version: newestOf(before).version })
    try {
      await keep({ id, before, given: { name, file, read }, pinned }, by)
    } catch (error) {
      // A full disk is not made fuller. What cannot be deleted now is at the next start.
      await files.tidy(id).catch(() => undefined)
      throw error
    }
    return get(id)
  }
}

/** Not in turn by themselves: whoever calls sees to it. */
export function createChanges(parts: ChangeParts): WorkflowChanges {
  const { shelf, files, clock, get, put } = parts
  return {
    import: createImport(parts),
    async change(id, { name, pinned }, by) {
      const kept = shelf.find(id)
      const newest = newestOf(kept)
      const pins = pinned && checkedPins(pinned, await files.read(id, newest.read))
      if (name !== undefined) shelf.refuseTaken(name, id)
      const repins = pins !== undefined && JSON.stringify(pins) !== JSON.stringify(newest.pinned)
      const made = { at: clock.now(), by: by.account, change: 'pins' as const, pinned: pins ?? [] }
      const renames = name !== undefined && name !== kept.name
      const versions = repins ? [...kept.versions, successor(kept, newest, made)] : kept.versions
      if (renames || repins)
        await put(
          id,
          { ...kept, name: name ?? kept.name, versions },
          by,
          renames ? 'workflow.renamed' : 'workflow.pinned',
        )
      return get(id)
    },
    async restore(id, version, by) {
      const kept = shelf.find(id)
      const made = { at: clock.now(), by: by.account, change: 'restored' as const }
      const from = shelf.version(id, version)
      // One that is damaged does not become the newest.
      await files.read(id, from.read)
      const versions = [...kept.versions, successor(kept, from, made)]
      await put(id, { ...kept, versions }, by, 'workflow.restored')
      return get(id)
    },
    remove: (id, by) => put(id, { ...shelf.find(id), removedAt: clock.now() }, by, 'workflow.removed'),
    async undoRemove(id, by) {
      const kept = shelf.find(id, { removed: true })
      shelf.refuseTaken(kept.name, id)
      await put(id, { ...kept, removedAt: null }, by, 'workflow.removal-undone')
      return get(id)
    },
  }
}
