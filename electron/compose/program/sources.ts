import path from 'node:path'
import type { ComposeSpec } from '../../../shared/contract'
import { utf8Of } from '../files/env-text'
import { readEnvValue, UnterminatedQuote } from '../files/dotenv'
import type { Disk } from '../files/disk'

/** In the order in which Compose 2 looks for them; 1.29 has another, which only matters where several lie there. */
export const composeNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
/** The first of these that lies beside is merged over any of the names above (measured with 1.29.2, 2.26.1, 2.40.3). */
export const overrideNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
]

/** Which Compose files make a project. */
export interface ComposeSources {
  /** Absolute, in the order in which they override. */
  files: string[]
  /** The folder of the first file: the project's. */
  folder: string
  /** Compose comes to these by itself when it runs in the folder, and is left to: it then finds what it finds. */
  isOwn: boolean
}

export type Surrounded = Pick<ComposeSpec, 'file' | 'overrides' | 'envFile'>

const waysOf = (platform: NodeJS.Platform) => (platform === 'win32' ? path.win32 : path.posix)

const isSame = (a: string, b: string, platform: NodeJS.Platform) =>
  platform === 'win32' ? a.toLowerCase() === b.toLowerCase() : a === b

/** The environment file from which Compose itself reads, and fills in its files. */
export const envFileOf = (
  { file, envFile }: Pick<Surrounded, 'file' | 'envFile'>,
  platform = process.platform,
): string => envFile ?? waysOf(platform).join(waysOf(platform).dirname(file), '.env')

/** One of Compose's own settings (`COMPOSE_…`) in an environment file; null where it is not set or cannot be read. */
export async function composeSetting(envFile: string, name: string, disk: Disk): Promise<string | null> {
  const bytes = await disk.read(envFile)
  if (bytes === null) return null
  try {
    const value = readEnvValue(bytes.toString('latin1'), name)?.compose2
    return value === undefined || value === null || value === '' ? null : utf8Of(value)
  } catch (error) {
    // A file that Compose refuses is Compose's to tell of.
    if (error instanceof UnterminatedQuote) return null
    throw error
  }
}

/** The files that `COMPOSE_FILE` names in an environment file, as absolute paths; null where it is not set. */
async function filesNamedIn(
  envFile: string,
  folder: string,
  disk: Disk,
  platform = process.platform,
): Promise<string[] | null> {
  const named = await composeSetting(envFile, 'COMPOSE_FILE', disk)
  if (named === null) return null
  const set = await composeSetting(envFile, 'COMPOSE_PATH_SEPARATOR', disk)
  const ways = waysOf(platform)
  return named
    .split(set ?? ways.delimiter)
    .filter((name) => name !== '')
    .map((name) => ways.resolve(folder, name))
}

const isFile = async (disk: Disk, place: string) => (await disk.look(place)) === 'file'

/** The first of the names that lies in a folder. */
async function firstFileIn(folder: string, names: readonly string[], disk: Disk): Promise<string | null> {
  for (const name of names) {
    const place = path.join(folder, name)
    if (await isFile(disk, place)) return place
  }
  return null
}

/**
 * What Compose comes to in a folder: the first file and, where it lies elsewhere, all that has to be named so that
 * Compose comes to the same again. Null where there is no Compose file.
 */
export async function projectIn(folder: string, of: Omit<Surrounded, 'file'>, disk: Disk): Promise<Surrounded | null> {
  const envFile = of.envFile ?? path.join(folder, '.env')
  const [named, ...others] = (await filesNamedIn(envFile, folder, disk)) ?? []
  if (named !== undefined && path.dirname(named) !== folder)
    return { ...of, envFile, file: named, overrides: of.overrides ?? others }
  const file = named ?? (await firstFileIn(folder, composeNames, disk))
  return file === null ? null : { ...of, file }
}

/**
 * All Compose files of a project, as Compose takes them: those that were named; else, where the one that is known is
 * among those that Compose comes to by itself, all of these (`COMPOSE_FILE` of the environment file, else the first
 * default name with its override file).
 */
export async function sourcesOf(of: Surrounded, disk: Disk, platform = process.platform): Promise<ComposeSources> {
  const ways = waysOf(platform)
  const file = ways.resolve(of.file)
  const folder = ways.dirname(file)
  const overrides = of.overrides ?? []
  if (overrides.length > 0) return { files: [file, ...overrides], folder, isOwn: false }
  const alone: ComposeSources = { files: [file], folder, isOwn: false }
  const named = await filesNamedIn(envFileOf(of, platform), folder, disk, platform)
  if (named !== null) {
    const isAmong = named.some((one) => isSame(one, file, platform))
    return isAmong && isSame(ways.dirname(named[0] ?? ''), folder, platform)
      ? { files: named, folder, isOwn: true }
      : alone
  }
  const found: string[] = []
  for (const name of composeNames) if (await isFile(disk, ways.join(folder, name))) found.push(ways.join(folder, name))
  if (!isSame(found[0] ?? '', file, platform)) return alone
  const override = await firstFileIn(folder, overrideNames, disk)
  return { files: override === null ? [file] : [file, override], folder, isOwn: found.length === 1 }
}
