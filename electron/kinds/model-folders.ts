import type { ModelRole } from '../../shared/contract'

/** Where a kind of service looks for files of models. */
export interface KindModels {
  /** Folders below its folder of models, in small letters, and what lies in them. */
  folders: Readonly<Record<string, ModelRole>>
  /** Where its folder of models lies below the folder of the program. */
  below: string
  /** Arguments whose value is the folder of the program's data, below which its models lie. */
  homes: readonly string[]
  /** Arguments whose value is the folder of models itself. */
  roots: readonly string[]
  /** Arguments whose values are further folders of one kind of file. */
  further: Readonly<Record<string, ModelRole>>
  /** The file that names further folders, and the argument that names another such file; null where there is none. */
  paths: { file: string; argument: string } | null
  /** What it loads from a folder beside what the folder is for. */
  takes: Readonly<Partial<Record<ModelRole, readonly ModelRole[]>>>
  /** Families that it cannot load, wherever their files lie. */
  lacks: ReadonlySet<string>
}
