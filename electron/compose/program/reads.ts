import path from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { meantBy, readEnvFile } from '../files/dotenv'
import { interpolate, type Variables } from '../files/interpolation'
import type { Disk } from '../files/disk'
import { composeNames, envFileOf, overrideNames, sourcesOf, type Surrounded } from './sources'

/** Every file from which Compose reads a project. */
export interface ReadFiles {
  /** Absolute; some may not be there, and would count if they came. */
  files: string[]
  /** False where some are not of this machine's disk: a remote `include`. */
  isComplete: boolean
}

const List = z
  .union([z.string().transform((one) => [one]), z.array(z.unknown())])
  .nullish()
  .catch(null)
const Text = z.string()
const Named = z.object({ path: z.string() }).transform(({ path: named }) => named)
const Extends = z.object({ file: z.string() }).transform(({ file }) => file)
const Include = z.union([
  z.string().transform((named) => ({ path: [named] as unknown[], env_file: null, project_directory: undefined })),
  z.object({ path: List, env_file: List, project_directory: z.string().optional().catch(undefined) }),
])
const Service = z.object({ env_file: List, label_file: List, extends: z.unknown().optional() })
const Document = z.object({
  include: z.array(z.unknown()).nullish().catch(null),
  services: z.record(z.string(), z.unknown()).nullish().catch(null),
})

/** No project includes and extends more. */
const mostFiles = 128
const isRemote = (named: string) => /^(?:https?|git|ssh|oci|docker-image):|^git@|\.git(?:#|$)/i.test(named)

async function variablesIn(envFiles: readonly string[], own: NodeJS.ProcessEnv, disk: Disk): Promise<Variables> {
  const variables = new Map<string, string>()
  for (const file of envFiles) {
    const text = (await disk.read(file))?.toString('latin1') ?? ''
    for (const entry of readEnvFile(text).entries) if (entry.read !== null) variables.set(entry.key, meantBy(entry))
  }
  for (const [name, value] of Object.entries(own)) if (value !== undefined) variables.set(name, value)
  return variables
}

/**
 * The files that Compose reads for a project, as far as they can be told without it: the Compose files with what they
 * include and extend, environment and label files, and the names that would count if they came. A file that names none
 * that can be understood is Compose's to tell of.
 */
export async function filesReadFor(of: Surrounded, disk: Disk, own: NodeJS.ProcessEnv): Promise<ReadFiles> {
  const { files, folder } = await sourcesOf(of, disk)
  const envFile = envFileOf(of)
  const seen = new Set([...files, envFile])
  if ((of.overrides ?? []).length === 0)
    for (const name of [...composeNames, ...overrideNames]) seen.add(path.join(folder, name))
  let isComplete = true

  const follow = async (file: string, base: string, variables: Variables): Promise<void> => {
    const document = Document.safeParse(await parsed(file, disk))
    if (!document.success) return
    const { include, services } = document.data
    /** Some are meant from the project's folder and some from the file's: both are watched. */
    const places = (entry: unknown): string[] => {
      const named = Text.or(Named).safeParse(entry).data
      if (named === undefined) return []
      const text = interpolate(named, variables)
      return [...new Set([path.resolve(base, text), path.resolve(path.dirname(file), text)])]
    }
    const more: { file: string; base: string; variables: Variables }[] = []
    for (const each of Object.values(services ?? {})) {
      const service = Service.safeParse(each).data
      for (const entry of [...(service?.env_file ?? []), ...(service?.label_file ?? [])])
        for (const place of places(entry)) seen.add(place)
      const extended = Extends.safeParse(service?.extends).data
      for (const place of extended === undefined ? [] : places(extended)) more.push({ file: place, base, variables })
    }
    for (const entry of include ?? []) {
      const included = Include.safeParse(entry).data
      for (const named of included?.path ?? []) {
        if (typeof named === 'string' && isRemote(interpolate(named, variables))) isComplete = false
        for (const place of places(named)) {
          const elsewhere = included?.project_directory
          const inner =
            elsewhere === undefined ? path.dirname(place) : path.resolve(base, interpolate(elsewhere, variables))
          const given = (included?.env_file ?? []).flatMap(places)
          const envFiles = given.length > 0 ? given : [path.join(inner, '.env')]
          for (const one of envFiles) seen.add(one)
          const inside = new Map([...(await variablesIn(envFiles, {}, disk)), ...variables])
          more.push({ file: place, base: inner, variables: inside })
        }
      }
    }
    for (const next of more) {
      if (seen.has(next.file)) continue
      if (seen.size >= mostFiles) isComplete = false
      else {
        seen.add(next.file)
        await follow(next.file, next.base, next.variables)
      }
    }
  }
  const variables = await variablesIn([envFile], own, disk)
  for (const file of files) await follow(file, folder, variables)
  return { files: [...seen], isComplete }
}

async function parsed(file: string, disk: Disk): Promise<unknown> {
  const bytes = await disk.read(file)
  if (bytes === null) return null
  try {
    return parse(bytes.toString('utf8'), { merge: true, logLevel: 'silent' }) as unknown
  } catch {
    // What is wrong with the file is Compose's to say.
    return null
  }
}
