import { access, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { parse, parseDocument } from 'yaml'
import * as z from 'zod'
import type { ComposeSpec } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { readEnvValue } from '../../storage/dotenv'
import type { ProjectFiles } from './arguments'

/** In the order in which Compose looks for them. */
const names = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']

/** Never the blocking kind: a file may lie on a share that has fallen asleep. */
const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )

async function firstThere(files: readonly string[]): Promise<string | null> {
  for (const file of files) if (await exists(file)) return file
  return null
}

const twinOf = async (file: string): Promise<string | null> => {
  const { dir, name, ext } = path.parse(file)
  // Only a file that goes by one of the default names has an override file that Compose takes by itself.
  if (!names.includes(path.basename(file))) return null
  const twins = ['.yaml', '.yml'].map((ending) => path.join(dir, `${name}.override${ending}`))
  return firstThere(ext === '.yml' ? twins.reverse() : twins)
}

/** A Compose file, where a folder may have been named. Throws `compose.no-file` or `compose.file-missing`. */
export async function findComposeFile(place: string): Promise<string> {
  const found = await stat(place).catch(() => null)
  if (!found) throw new Problem('compose.file-missing', { file: place })
  if (!found.isDirectory()) return place
  const file = await firstThere(names.map((name) => path.join(place, name)))
  if (file === null) throw new Problem('compose.no-file', { folder: place })
  return file
}

type Files = Pick<ComposeSpec, 'file' | 'overrides' | 'profiles' | 'project' | 'envFile'>

/** All files of a project in their order: those given, else the one with its override twin, if that lies beside. */
export async function filesOf({ file, overrides = [] }: Pick<Files, 'file' | 'overrides'>): Promise<string[]> {
  if (overrides.length > 0) return [file, ...overrides]
  const twin = await twinOf(file)
  return twin === null ? [file] : [file, twin]
}

/** The first file of a project that is not there; `null` when all are. */
export async function missingFile(files: Files): Promise<string | null> {
  for (const file of [...(await filesOf(files)), ...(files.envFile === undefined ? [] : [files.envFile])])
    if (!(await exists(file))) return file
  return null
}

/** How Compose makes a name of a folder's or of anything else's: lower case, without what it does not take. */
export const normalName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^-_a-z0-9]/g, '')
    .replace(/^[_-]+/, '')

export const envFileOf = ({ file, envFile }: Pick<Files, 'file' | 'envFile'>): string =>
  envFile ?? path.join(path.dirname(file), '.env')

const Named = z.object({ name: z.string() })

/** The `name:` at the top of the last file that has one; `null` when none has, or only with a variable in it. */
async function nameInFiles(files: string[]): Promise<string | null> {
  let name: string | null = null
  for (const file of files) {
    try {
      const read = Named.safeParse(parse(await readFile(file, 'utf8'), { logLevel: 'silent' }))
      if (read.success && !read.data.name.includes('$')) name = read.data.name
    } catch {
      // What is wrong with the file is Compose's to say.
    }
  }
  return name
}

async function nameInEnvironment(file: string): Promise<string | null> {
  try {
    return readEnvValue(await readFile(file, 'latin1'), 'COMPOSE_PROJECT_NAME')?.compose2 ?? null
  } catch {
    return null
  }
}

const EnvFiles = z.object({
  services: z.record(
    z.string(),
    z.object({
      env_file: z
        .union([z.string(), z.array(z.union([z.string(), z.object({ path: z.string() })]))])
        .nullish()
        .catch(null),
    }),
  ),
})

/** The `env_file`s that the Compose files name, as far as no variable stands in them. */
export async function envFilesIn(files: Files): Promise<string[]> {
  const folder = path.dirname(path.resolve(files.file))
  const found = await Promise.all(
    (await filesOf(files)).map(async (file) => {
      try {
        const read = EnvFiles.safeParse(parse(await readFile(file, 'utf8'), { logLevel: 'silent' }))
        if (!read.success) return []
        return Object.values(read.data.services).flatMap(({ env_file: named }) =>
          (typeof named === 'string' ? [named] : (named ?? [])).map((entry) =>
            path.resolve(folder, typeof entry === 'string' ? entry : entry.path),
          ),
        )
      } catch {
        return []
      }
    }),
  )
  return found.flat()
}

/** The project's name by Compose's rules: given, in the environment file, in the Compose files, else the folder's. */
export async function projectName(files: Files): Promise<string> {
  if (files.project !== undefined) return files.project
  const named = (await nameInEnvironment(envFileOf(files))) ?? (await nameInFiles(await filesOf(files)))
  return normalName(named ?? path.basename(path.dirname(path.resolve(files.file))))
}

/** Everything that Compose is told of a project. */
export async function projectFiles(files: Files): Promise<ProjectFiles & { project: string }> {
  const missing = await missingFile(files)
  if (missing !== null) throw new Problem('compose.file-missing', { file: missing })
  return {
    files: await filesOf(files),
    profiles: files.profiles ?? [],
    project: await projectName(files),
    envFile: files.envFile ?? null,
  }
}

/** The line of the first fault in a project's YAML; Compose itself may name one that is far from it. */
export async function faultyLine(files: readonly string[]): Promise<{ file: string; line: number } | null> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '')
    const line = parseDocument(text).errors[0]?.linePos?.[0].line
    if (line !== undefined) return { file, line }
  }
  return null
}
