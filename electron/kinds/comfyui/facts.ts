import type { SystemStats } from './schemas'

/** A model file as the service lists it. */
interface ModelFile {
  name: string
  size?: number | undefined
  modified?: number | undefined
}

/** What a ComfyUI tells of itself beside its drop-downs. */
export interface Facts {
  /** The value of `--preview-method`: `none` is the program's default. null: not known. */
  previewMethod: string | null
  /** Asks for previews in each job, where the service takes that; null leaves it to the service. */
  askForPreviews: string | null
  /** Files by name. Empty where the service does not list them with their sizes. */
  files: ReadonlyMap<string, ModelFile>
}

/** The value of a flag in both spellings, the last one as argparse takes it; null when it is not there. */
function flagOf(argv: readonly string[], name: string): string | null {
  const found = argv.flatMap((word, i) =>
    word === name ? [argv[i + 1] ?? ''] : word.startsWith(`${name}=`) ? [word.slice(name.length + 1)] : [],
  )
  return found.at(-1) ?? null
}

/**
 * The last version known not to read `extra_data.preview_method` (measured), which ignores it. Later ones are asked;
 * whether pictures came is seen then.
 */
const lastWithout = [0, 3, 64]

function isLater(version: string): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10))
  for (const [i, known] of lastWithout.entries()) {
    const part = parts[i] ?? 0
    if (Number.isNaN(part)) return false
    if (part !== known) return part > known
  }
  return false
}

export function factsOf(stats: SystemStats | null, files: readonly ModelFile[]): Facts {
  const argv = stats?.system.argv
  const previewMethod = argv === undefined ? null : (flagOf(argv, '--preview-method') ?? 'none')
  const version = stats?.system.comfyui_version ?? ''
  return {
    previewMethod,
    // A method that the service was started with is somebody's choice, and stays.
    askForPreviews: previewMethod === 'none' && isLater(version) ? 'auto' : null,
    files: new Map(files.map((file) => [file.name, file])),
  }
}

/** The smallest model that a loader can make something of is hundreds of times as big. */
const smallestBytes = 2 ** 20

/**
 * Model files that cannot be loaded: too small for a model (an empty download, an error page, a Git LFS pointer), or
 * failed at loading before. `marks` are those of `markOf`: a file that was replaced is another one.
 */
export function damagedFiles({ files }: Facts, marks: ReadonlySet<string>): ReadonlyMap<string, string> {
  const damaged = new Map<string, string>()
  for (const file of files.values()) {
    if (file.size !== undefined && file.size < smallestBytes) damaged.set(file.name, `${file.size} bytes`)
    else if (marks.has(markOf(file))) damaged.set(file.name, 'it could not be loaded before')
  }
  return damaged
}

/** What tells one state of a file from another. */
export const markOf = ({ name, size, modified }: ModelFile) => JSON.stringify([name, size, modified])
