import type { Family, Task } from '../../../../shared/contract'
import type { FamilyParams } from '../../backend'
import type { Graph } from '../graph'

/** What a file is to a family. `lora` is one that belongs to the family itself, e.g. Lightning. */
export type Slot = 'checkpoint' | 'model' | 'textEncoder' | 'vae' | 'lora'

/** A file as the service names it, and the class of nodes that lists it. */
export interface FoundFile {
  name: string
  loader: string
}

/** What is known of a file that a loader lists; no size where the service tells none. */
export interface FileFacts {
  name: string
  bytes: number | null
}

/** A file that a family needs. */
export interface Part {
  slot: Slot
  /** Names under which it was published, the usual one first. Folders before it do not matter, all else does. */
  names: readonly string[]
  /** Takes other names too. Only of checkpoints, which have any. */
  matches?: (file: FileFacts) => boolean
}

/** All that a graph is built from. */
export interface FamilyJob {
  task: Task
  params: FamilyParams
  files: Readonly<Partial<Record<Slot, FoundFile>>>
  /** The source, and for `edit` what else it refers to, as `LoadImage` of the service names them. */
  images: readonly string[]
  /** White may change; as `LoadImage` of the service names it. Only of `inpaint`. */
  mask: string | null
}

/** A family of models that Regie knows how to run in ComfyUI. */
export interface ComfyFamily extends Pick<Family, 'id' | 'title' | 'tasks' | 'mostImages' | 'sizes' | 'sizeMultiple'> {
  parts: readonly Part[]
  defaults: Family['defaults'] & { negativePrompt: string }
  takesNegativePrompt: boolean
  /** All files together, in MiB, the usual ones. */
  filesMiB: number
  /**
   * The promised id under which earlier versions of Regie ran its models, where that was another: requests and records
   * that have it stay valid.
   */
  formerId?: string
  /** The graph of a job in API format. Every file of `parts` is there, and as many pictures as the task wants. */
  build: (job: FamilyJob) => Graph
}
