import type {
  WorkflowDetail,
  WorkflowFormat,
  WorkflowNeeds,
  WorkflowNode,
  WorkflowReport,
} from '../../../../shared/contract'
import type { Reason } from '../../../../shared/problems'
import type { Graph } from '../graph'

/** A file that somebody gave, to be read as a workflow. */
export interface WorkflowFile {
  name: string
  bytes: Uint8Array
}

/** An input's value in the graph: a literal, or a link `[node id, output slot]`. */
export type Inputs = Map<string, unknown>

/** An input of a node in the graph. */
export interface Place {
  node: string
  input: string
}

/** A node that runs. Names come from files, so they are keys of maps, never of objects. */
export interface DrawnNode {
  type: string
  /** As the file calls it, else its class. */
  title: string
  inputs: Inputs
  /** What the file calls its inputs, where it does. */
  labels: ReadonlyMap<string, string>
}

export type Skipped = WorkflowReport['skipped'][number]
export type Refused = WorkflowReport['refused'][number]
export type FileNeed = Omit<WorkflowNeeds['rows'][number], 'present'>

/** Where the file itself says that a model can be had, by its name. */
export type ModelHints = ReadonlyMap<string, { url: string | null; folder: string | null }>

/** What a reader of a format makes of a file. */
export interface Drawing {
  /** The nodes that run, by id. */
  nodes: Map<string, DrawnNode>
  /** Every node as the map shows it, what does not run as well. */
  map: WorkflowNode[]
  skipped: Skipped[]
  refused: Refused[]
  notes: string[]
  models: ModelHints
  /** Inputs that are one value in the file, which is given to several. */
  together: Place[][]
  /** Inputs that are set without opening a subgraph, by `node.input`; null where the file does not tell them apart. */
  outer: ReadonlySet<string> | null
  /** Inputs that the file shows in a form of its own, by `node.input`; null where it has none. */
  pinned: string[] | null
  /** Counted in the file. */
  count: { nodes: number; subgraphs: number }
}

/** All that is kept of a workflow: what shows it, what says what it needs, and what runs it. */
export type ConvertedWorkflow = Pick<
  WorkflowDetail,
  'format' | 'nodes' | 'form' | 'pinned' | 'graph' | 'skipped' | 'notes'
> & {
  /** What the server takes. */
  api: Graph
  /** Inputs that are given the value of one of the form, by its id: the file has one value for all of them. */
  together: Record<string, Place[]>
  /** Every model file, and every class that is none of ComfyUI's own, the missing ones first. */
  needs: FileNeed[]
}

/** What came of a file. */
export interface Conversion {
  format: WorkflowFormat
  /** What the file says it is, e.g. `0.4`; null where it does not. */
  formatVersion: string | null
  /** Counted in the file. */
  nodes: number
  subgraphs: number
  skipped: Skipped[]
  /** Why it is refused as a whole; null where it is not, or for single nodes. */
  reason: Reason | null
  refused: Refused[]
  /** Null exactly where there is a `reason`, or a node is refused: nothing is converted in part. */
  workflow: ConvertedWorkflow | null
}
