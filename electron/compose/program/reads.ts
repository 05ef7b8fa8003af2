import path from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { interpolate, type Variables } from '../files/interpolation'
import type { Disk } from '../files/disk'
import { includedIn, variablesIn } from './include'
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
const Service = z.object({ env_file: List, label_file: List, extends: z.unknown().optional() })
const Document = z.object({
  include: z.unknown().optional(),
  services: z.record(z.string(), z.unknown()).nullish().catch(null),
})

/** No project includes and extends more. */
const mostFiles = 128

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
    for (const { files: named, folder: inner, envFiles, isRemote } of includedIn(include, base, variables)) {
      if (isRemote) isComplete = false
      for (const one of envFiles) seen.add(one)
      const inside = await variablesIn(envFiles, variables, disk)
      for (const place of named) more.push({ file: place, base: inner, variables: inside })
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
  const set = Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const variables = await variablesIn([envFile], new Map(set), disk)
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
