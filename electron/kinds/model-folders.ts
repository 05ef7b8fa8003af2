import type { ModelRole } from '../../shared/contract'

/** An argument whose value is a folder of one kind of file. */
export interface FolderArgument {
  name: string
  /** The folder that is looked into without it is then looked into no longer. */
  replaces: boolean
  /** It may be given several times; of another one the last counts. */
  repeats: boolean
}

/** How a program is told to look into one more folder: by a file that names its own kinds of folders, or by arguments. */
export type FolderAdding =
  | { by: 'file'; names: Readonly<Partial<Record<ModelRole, string>>> }
  | { by: 'arguments'; of: Readonly<Partial<Record<ModelRole, FolderArgument>>> }

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
  adds: FolderAdding
  /** What it loads from a folder beside what the folder is for. */
  takes: Readonly<Partial<Record<ModelRole, readonly ModelRole[]>>>
  /** Families that it cannot load, wherever their files lie. */
  lacks: ReadonlySet<string>
}
