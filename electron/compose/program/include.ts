import path from 'node:path'
import * as z from 'zod'
import type { Disk } from '../files/disk'
import { meantBy, readEnvFile } from '../files/dotenv'
import { interpolate, type Variables } from '../files/interpolation'

/** One entry of `include:`: a project of its own within another. */
export interface Included {
  /** Absolute, the overriding ones last; without those that are not on this machine's disk. */
  files: string[]
  /** What its relative paths are meant from. */
  folder: string
  /** Absolute; some may not be there. */
  envFiles: string[]
  /** Whether some of it comes from elsewhere. */
  isRemote: boolean
}

const Texts = z
  .union([z.string().transform((one) => [one]), z.array(z.unknown())])
  .nullish()
  .catch(null)
  .transform((list) => (list ?? []).filter((one) => typeof one === 'string'))
const Entry = z.union([
  z.string().transform((named) => ({ path: [named], env_file: [], project_directory: undefined })),
  z.object({ path: Texts, env_file: Texts, project_directory: z.string().optional().catch(undefined) }),
])

const isRemotePath = (named: string) => /^(?:https?|git|ssh|oci|docker-image):|^git@|\.git(?:#|$)/i.test(named)

/**
 * What a Compose file includes, by its `include:` as YAML has it, the folder of the project that includes, and its
 * variables: paths are meant from that folder, the first file of an entry is the one whose folder counts
 * (compose-spec/compose-go `loader/include.go`). What cannot be understood is Compose's to tell of.
 */
export function includedIn(include: unknown, base: string, variables: Variables): Included[] {
  const list = Array.isArray(include) ? (include as unknown[]) : []
  return list.flatMap((item): Included[] => {
    const entry = Entry.safeParse(item).data
    if (!entry) return []
    const at = (named: string) => path.resolve(base, interpolate(named, variables))
    const isElsewhere = (named: string) => isRemotePath(interpolate(named, variables))
    const files = entry.path.filter((named) => !isElsewhere(named)).map(at)
    const folder = entry.project_directory === undefined ? path.dirname(files[0] ?? base) : at(entry.project_directory)
    const envFiles = entry.env_file.length > 0 ? entry.env_file.map(at) : [path.join(folder, '.env')]
    return [{ files, folder, envFiles, isRemote: entry.path.some(isElsewhere) }]
  })
}

/** The variables of environment files, as Compose 2 reads them; those of `outer` win. */
export async function variablesIn(envFiles: readonly string[], outer: Variables, disk: Disk): Promise<Variables> {
  const variables = new Map<string, string>()
  for (const file of envFiles) {
    const text = (await disk.read(file))?.toString('latin1') ?? ''
    for (const entry of readEnvFile(text).entries) if (entry.read !== null) variables.set(entry.key, meantBy(entry))
  }
  return new Map([...variables, ...outer])
}
