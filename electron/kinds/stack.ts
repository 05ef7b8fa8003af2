import type { SinkInput, StackId } from '../../shared/contract'
import type { StackTorch } from './torch'

/** What Regie knows of one of its ready-made stacks; the files themselves lie in `resources/stacks/<id>`. */
export interface KindStack {
  id: StackId
  /**
   * The program's release, and `-2`, `-3` where only the files around it changed. A change of the files in
   * `resources/stacks/<id>` is a new version; `electron/stacks/earlier.ts` keeps what the former one looked like.
   */
  version: string
  usualPort: number
  /** Key of the `.env` for the port on this machine. */
  portKey: string
  /** What it runs with where there is no GPU. */
  withoutGpu: { key: string; value: string }
  /** Files that it has beside those that every stack has. */
  moreFiles: readonly string[]
  /** Folders beside the files that the container writes to. */
  folders: readonly string[]
  /** Where the secret must stand, below the folder of the stack. */
  sinks: readonly (Omit<SinkInput, 'path'> & { file: string })[]
  models: readonly string[]
  modelsGiB: number
  /** The most of them that one job has in memory, which the memory of the container is to hold. */
  modelsAtOnceGiB: number
  imageGiB: number
  /** Where the program's makers tell what is new: for a person's browser, never asked for by Regie. */
  releaseNotes: string
  torch: StackTorch
  /** Whether the models of a ComfyUI can be mounted beside its own, for reading. */
  sharesModels: boolean
  /** Whether ComfyUI-Manager can be switched on. */
  offersManager: boolean
  /** Nobody develops its program on: it is there for those who have it. */
  isUnmaintained: boolean
}

/** A simulated service of the demo. */
export interface KindDemo {
  id: string
  /** The port that the real program uses is left to it; the demo looks from here on for a free one. */
  fromPort: number
  /** Sinks as a real deployment has them: what the service reads, and what its clients read. */
  sinks: (folder: string) => SinkInput[]
}
