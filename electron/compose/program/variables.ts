import { escapeRegExp } from '../../../shared/regexp'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import type { ComposeSpec } from '../../../shared/contract'
import { splitVariable } from '../files/variable'
import { dollarsOf, variablesOf } from '../files/interpolation'
import { placeKey } from '../../docker/mounts'
import { filesOf } from './files'
import { envFileOf } from './sources'

const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const Entry = z.union([z.string(), z.object({ path: z.string() }).transform((file) => file.path)])
const Service = z.object({
  environment: z.union([z.record(z.string(), Scalar.nullable()), z.array(z.string())]).nullish(),
  env_file: z.union([z.string().transform((file) => [file]), z.array(Entry)]).nullish(),
})
const Document = z.object({ services: z.record(z.string(), z.unknown()) })

/** A variable of a container that gets its value from one key of an environment file. */
export interface FedVariable {
  name: string
  /** Takes the key's value out of the variable's; null when it stands in another text than the files ask for. */
  extract: (value: string) => string | null
}

const whole = (value: string) => value
/** How a text with `${key}` in it is taken apart again; null when the key does not stand in it. */
export function extractorOf(template: string, key: string): FedVariable['extract'] | null {
  const dollars = dollarsOf(template)
  if (!variablesOf(template).some(({ name }) => name === key)) return null
  let pattern = ''
  let at = 0
  let isCaught = false
  for (const { start, end, kind, name } of dollars) {
    pattern += escapeRegExp(template.slice(at, start))
    if (kind === 'escape') pattern += '\\$'
    else if (name === key && !isCaught) {
      pattern += '([\\s\\S]*)'
      isCaught = true
    } else pattern += '[\\s\\S]*?'
    at = end
  }
  if (!isCaught) return null
  const shape = new RegExp(`^${pattern}${escapeRegExp(template.slice(at))}$`)
  return (value) => shape.exec(value)?.[1] ?? null
}

function environmentOf(service: z.infer<typeof Service>): [string, string | null][] {
  const { environment } = service
  if (!environment) return []
  if (!Array.isArray(environment)) return Object.entries(environment)
  return environment.map(splitVariable)
}

/**
 * The variables of a service's container that get their value from a key of this environment file, as the Compose files
 * say: `env_file` gives every key under its own name, the project's `.env` those that `environment` asks for.
 * `keys` are the file's spellings (`keysOf`). Files that cannot be read are Compose's to tell of.
 */
export async function variablesFedBy(spec: ComposeSpec, keys: readonly string[], key: string): Promise<FedVariable[]> {
  const folder = path.dirname(path.resolve(spec.file))
  const isProjectFile = keys.includes(placeKey(path.resolve(folder, envFileOf(spec))))
  const fed = new Map<string, FedVariable>()
  for (const file of await filesOf(spec)) {
    const service = await readService(file, spec.service)
    const own = (service?.env_file ?? []).some((named) => keys.includes(placeKey(path.resolve(folder, named))))
    if (own) fed.set(key, { name: key, extract: whole })
    for (const [name, template] of service ? environmentOf(service) : []) {
      const extract = template === null ? (name === key ? whole : null) : extractorOf(template, key)
      // What `environment` says wins over an `env_file`.
      if (extract && isProjectFile) fed.set(name, { name, extract })
      else fed.delete(name)
    }
  }
  return [...fed.values()]
}

async function readService(file: string, name: string) {
  try {
    const document = Document.parse(parse(await readFile(file, 'utf8'), { merge: true, logLevel: 'silent' }))
    return Service.parse(document.services[name])
  } catch {
    return null // what is wrong with the file is Compose's to say
  }
}
