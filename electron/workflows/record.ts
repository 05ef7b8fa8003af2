import * as z from 'zod'
import { Slug, Timestamp, Workflow, WorkflowDetail, WorkflowName, WorkflowNeeds } from '../../shared/contract'
import { Graph } from '../kinds/comfyui/graph'

/** What was read of a file: all that is needed to show a workflow, to say what it needs, and to run it. */
export const ReadWorkflow = WorkflowDetail.pick({
  ...{ format: true, nodes: true, form: true, pinned: true, graph: true, skipped: true, notes: true },
}).extend({
  /** What the server takes. */
  api: Graph,
  /** Inputs that take the value of one of the form, by its id. */
  together: z.record(z.string(), z.array(z.object({ node: z.string(), input: z.string() }))).default({}),
  needs: z.array(WorkflowNeeds.shape.rows.element.omit({ present: true })),
  /** The service whose classes it was read by; null where none could be asked. */
  readBy: Slug.nullable().default(null),
})
export type ReadWorkflow = z.infer<typeof ReadWorkflow>

/** SHA-256 in hex: the name of a file, and how its damage shows. */
const Hash = z.string().regex(/^[0-9a-f]{64}$/)

const KeptVersion = Workflow.shape.versions.element.extend({
  inputs: z.number().int(),
  pinned: WorkflowDetail.shape.pinned,
  format: Workflow.shape.format,
  /** What the imported file was called; of versions that were not imported, that of the one they came from. */
  originalName: z.string(),
  /** The imported file, and what was read of it. Versions share them. */
  original: Hash,
  read: Hash,
})
export type KeptVersion = z.infer<typeof KeptVersion>

/** The small file beside the others that says what they are. */
export const KeptWorkflow = z.object({
  name: WorkflowName,
  /** Oldest first. */
  versions: z.array(KeptVersion).min(1),
  removedAt: Timestamp.nullable(),
})
export type KeptWorkflow = z.infer<typeof KeptWorkflow>

/** A name as it is compared: capitals and compatible forms tell no two apart. */
export const nameKey = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

/** The newest version. */
export function newestOf({ versions }: KeptWorkflow): KeptVersion {
  const newest = versions.at(-1)
  if (!newest) throw new Error('a workflow without versions') // the schema keeps none
  return newest
}

/** A workflow as lists show it. */
export function told(id: string, kept: KeptWorkflow): Workflow {
  const { nodes, inputs, format } = newestOf(kept)
  const versions = kept.versions.map(({ version, at, by, change, fileName, nodes: count }) => ({
    ...{ version, at, by, change, fileName },
    nodes: count,
  }))
  return { id, name: kept.name, format, versions: versions.reverse(), nodes, inputs }
}
