import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse, parseDocument } from 'yaml'
import * as z from 'zod'
import type { ComposeSpec } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { interpolate } from '../files/interpolation'
import { realDisk } from '../files/disk'
import type { ProjectFiles } from './arguments'
import { composeSetting, envFileOf, projectIn, sourcesOf } from './sources'

/** What tells of a project which files make it. */
export type Files = Pick<ComposeSpec, 'file' | 'overrides' | 'profiles' | 'project' | 'envFile'>

/** Never the blocking kind: a file may lie on a share that has fallen asleep. */
const exists = async (place: string): Promise<boolean> => (await realDisk.look(place)) !== 'missing'

/**
 * A project where a file or a folder was named. In a folder it is what Compose comes to there. Throws
 * `compose.no-file` or `compose.file-missing`.
 */
export async function findProject(wanted: Files): Promise<Files> {
  const place = path.resolve(wanted.file)
  const kind = await realDisk.look(place)
  if (kind === 'missing') throw new Problem('compose.file-missing', { file: wanted.file })
  if (kind !== 'folder') return { ...wanted, file: place }
  const found = await projectIn(place, wanted, realDisk)
  if (!found) throw new Problem('compose.no-file', { folder: place })
  return { ...wanted, ...found }
}

/** All files of a project in their order. */
export const filesOf = async (files: Pick<Files, 'file' | 'overrides' | 'envFile'>): Promise<string[]> =>
  (await sourcesOf(files, realDisk)).files

/** The first file of a project that is not there, its environment file among them where one is named. */
async function missingOf(composeFiles: readonly string[], { envFile }: Files): Promise<string | null> {
  for (const file of [...composeFiles, ...(envFile === undefined ? [] : [envFile])])
    if (!(await exists(file))) return file
  return null
}

/** The first file of a project that is not there; `null` when all are. */
export const missingFile = async (files: Files): Promise<string | null> => missingOf(await filesOf(files), files)

/** How Compose makes a name of a folder's or of anything else's: lower case, without what it does not take. */
export const normalName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^-_a-z0-9]/g, '')
    .replace(/^[_-]+/, '')

const Named = z.object({ name: z.string() })

/** The `name:` at the top of the last file that has one; `null` when none has. */
async function nameInFiles(files: string[]): Promise<string | null> {
  let name: string | null = null
  const variables = new Map(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  )
  for (const file of files) {
    try {
      const read = Named.safeParse(parse(await readFile(file, 'utf8'), { logLevel: 'silent' }))
      if (read.success) name = interpolate(read.data.name, variables)
    } catch {
      // What is wrong with the file is Compose's to say.
    }
  }
  return name
}

/**
 * The project's name as far as it can be told without Compose 2, which tells it itself: given, in the environment file,
 * in the Compose files, else the folder's.
 */
export async function guessProjectName(files: Files): Promise<string> {
  if (files.project !== undefined) return files.project
  const set = await composeSetting(envFileOf(files), 'COMPOSE_PROJECT_NAME', realDisk)
  const sources = await sourcesOf(files, realDisk)
  return normalName(set ?? (await nameInFiles(sources.files)) ?? path.basename(sources.folder))
}

/** The profiles that are on: those given, else those of the environment file, as Compose takes them. */
export async function activeProfiles(files: Files): Promise<string[]> {
  if (files.profiles !== undefined && files.profiles.length > 0) return files.profiles
  const set = await composeSetting(envFileOf(files), 'COMPOSE_PROFILES', realDisk)
  return (set ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
}

/** Everything that Compose is told of a project. Throws `compose.file-missing`. */
export async function projectFiles(files: Files): Promise<ProjectFiles> {
  const sources = await sourcesOf(files, realDisk)
  const missing = await missingOf(sources.files, files)
  if (missing !== null) throw new Problem('compose.file-missing', { file: missing })
  return {
    ...sources,
    profiles: files.profiles ?? [],
    project: files.project ?? null,
    envFile: files.envFile ?? null,
  }
}

/** The line of the first fault in a project's YAML; Compose itself may name one that is far from it. */
export async function faultyLine(files: readonly string[]): Promise<{ file: string; line: number } | null> {
  for (const file of files) {
    // A file that cannot be read has no line to be told; Compose says what is wrong with it.
    const text = await readFile(file, 'utf8').catch(() => '')
    const line = parseDocument(text).errors[0]?.linePos?.[0].line
    if (line !== undefined) return { file, line }
  }
  return null
}
