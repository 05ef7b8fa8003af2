import { homedir } from 'node:os'
import { isMap, isScalar, type Node, type Scalar, type YAMLMap } from 'yaml'
import { flagsOf, holdsArguments, wordsOf, type ArgumentSource, type Flag } from '../files/arguments'
import { meantBy } from '../files/dotenv'
import { splitVariable } from '../files/variable'
import { interpolate, splitOutsideVariables, type Variables } from '../files/interpolation'
import { placeOf } from '../files/disk'
import type { EnvFile, Mount, Project, ServiceView, Variable } from './model'
import { readable, type SourceText } from './text'
import { entriesOf, entryOf, itemsOf, rangeOf, textOf, valueOf, type Entry, type YamlFile } from './yaml'

/** Views of one Compose service over all its files: what rules ask for again and again. */

/** A key in the last file that has it: what overrides, counts. */
export function find(service: ServiceView, ...keys: string[]): { file: YamlFile; node: Node; map: YAMLMap } | null {
  for (const { file, map } of [...service.parts].reverse()) {
    const node = valueOf(file, map, ...keys)
    if (node !== null) return { file, node, map }
  }
  return null
}

/** The entry of a key directly below the service. */
export function findEntry(service: ServiceView, key: string): { file: YamlFile; entry: Entry; map: YAMLMap } | null {
  for (const { file, map } of [...service.parts].reverse()) {
    const entry = entryOf(file, map, key)
    if (entry !== null) return { file, entry, map }
  }
  return null
}

export function environmentOf(service: ServiceView, variables: Variables): Variable[] {
  const found = new Map<string, Variable>()
  for (const { file, map } of service.parts) {
    const node = valueOf(file, map, 'environment')
    for (const { key, keyNode, value } of entriesOf(file, node)) {
      const written = textOf(value)
      found.set(key, {
        file,
        key,
        written,
        value: interpolate(written ?? '', variables),
        node: value ?? keyNode,
        isListItem: false,
      })
    }
    for (const item of itemsOf(file, node)) {
      const [key, written] = splitVariable(textOf(item) ?? '')
      const value = interpolate(written ?? '', variables)
      if (key !== '') found.set(key, { file, key, written, value, node: item, isListItem: true })
    }
  }
  return [...found.values()]
}

/** A Windows drive letter is no part of its own. */
function mountParts(text: string): string[] {
  const parts: string[] = []
  for (const part of splitOutsideVariables(text, ':')) {
    const before = parts.at(-1)
    if (before !== undefined && /^[A-Za-z]$/.test(before) && /^[\\/]/.test(part))
      parts.push(`${parts.pop() ?? ''}:${part}`)
    else parts.push(part)
  }
  return parts
}

function mountOf(file: YamlFile, service: string, node: Node, variables: Variables): Mount | null {
  if (isMap(node)) {
    const text = (...keys: string[]) => textOf(valueOf(file, node, ...keys))
    const source = text('source') ?? text('src') ?? ''
    const target = text('target') ?? text('dst') ?? text('destination') ?? ''
    const create = text('bind', 'create_host_path')
    return {
      ...{ file, service, node, form: 'long', options: [], written: { source, target } },
      type: text('type') ?? 'volume',
      source: interpolate(source, variables),
      target: interpolate(target, variables),
      readOnly: text('read_only') === 'true',
      createHostPath: create === null ? null : create === 'true',
    }
  }
  const text = textOf(node)
  if (text === null) return null
  const [source = '', target, ...modes] = mountParts(text)
  if (target === undefined) return null
  const options = modes
    .join(':')
    .split(',')
    .filter((mode) => mode !== '')
  const at = interpolate(source, variables)
  return {
    ...{ file, service, node, form: 'short', written: { source, target }, createHostPath: null },
    type: /^[./~\\]|^[A-Za-z]:[\\/]/.test(at) ? 'bind' : 'volume',
    source: at,
    target: interpolate(target, variables),
    readOnly: options.includes('ro'),
    options: options.filter((mode) => mode !== 'ro' && mode !== 'rw'),
  }
}

/** Every mount; a later file replaces the mount of a target. */
export function mountsOf(service: ServiceView, variables: Variables): Mount[] {
  const found = new Map<string, Mount>()
  for (const { file, map } of service.parts) {
    for (const item of itemsOf(file, valueOf(file, map, 'volumes'))) {
      const mount = mountOf(file, service.name, item, variables)
      if (mount) found.set(mount.target, mount)
    }
  }
  return [...found.values()]
}

/** The scalars of a command or entry point, one or many. */
const wordNodes = (file: YamlFile, node: Node | null): Scalar[] =>
  isScalar(node) ? [node] : itemsOf(file, node).filter((item) => isScalar(item))

/** Paths inside the container that are run. */
export function scriptsOf(service: ServiceView, variables: Variables): string[] {
  return ['entrypoint', 'command'].flatMap((key) => {
    const found = find(service, key)
    if (!found) return []
    return wordNodes(found.file, found.node).flatMap((word) =>
      interpolate(textOf(word) ?? '', variables)
        .split(/\s+/)
        .filter((part) => part.startsWith('/') && !part.startsWith('/bin/') && !part.startsWith('/usr/bin/')),
    )
  })
}

/** Where an argument is written. */
export interface ArgumentPlace {
  source: SourceText
  offset: number
  /** Null in an `env_file`. */
  yaml: { file: YamlFile; node: Scalar } | null
}

type Sources = ArgumentSource<ArgumentPlace>[]

const sourceAt = (file: YamlFile, node: Scalar, form: 'item' | 'line'): Sources[number] => ({
  place: { source: file.source, offset: rangeOf(node).start, yaml: { file, node } },
  written: textOf(node) ?? '',
  form,
})

/** The environment files of one service, in their order. */
export function envFilesOf(
  service: ServiceView,
  { envFiles, variables }: Pick<Project, 'envFiles' | 'variables'>,
): EnvFile[] {
  return service.parts.flatMap(({ file, map }) => {
    const node = valueOf(file, map, 'env_file')
    const items = textOf(node) === null ? itemsOf(file, node) : node ? [node] : []
    return items.flatMap((item) => {
      const written = textOf(item) ?? textOf(valueOf(file, item, 'path'))
      const place = written === null ? null : placeOf(interpolate(written, variables), file.baseFolder, homedir())
      return envFiles.find(({ source }) => source.path === place) ?? []
    })
  })
}

/** What the Compose files themselves hold of a program's arguments: entry point and command, and each variable. */
export function writtenArguments(service: ServiceView): Sources[] {
  const command = ['entrypoint', 'command'].flatMap((key): Sources => {
    const found = find(service, key)
    if (!found) return []
    const form = isScalar(found.node) ? 'line' : 'item'
    return wordNodes(found.file, found.node).map((node) => sourceAt(found.file, node, form))
  })
  const variables = environmentOf(service, new Map()).flatMap(({ file, key, node, isListItem }): Sources[] => {
    if (!holdsArguments(key) || !isScalar(node)) return []
    const source = sourceAt(file, node, 'line')
    return [[isListItem ? { ...source, written: source.written.slice(key.length + 1) } : source]]
  })
  return [command, ...variables]
}

/** Everywhere that a program's arguments stand, environment files too. */
function argumentSources(service: ServiceView, project: Project): Sources[] {
  const own = environmentOf(service, project.variables)
  // What `environment` says wins over an `env_file`.
  const inFiles = envFilesOf(service, project).flatMap(({ source, entries }) =>
    entries.flatMap((entry): Sources[] => {
      if (!holdsArguments(entry.key) || own.some(({ key }) => key === entry.key)) return []
      const place = { source, offset: entry.keyEnd - entry.key.length, yaml: null }
      return [
        [{ place, written: readable({ text: meantBy(entry), encoding: 'latin1' }), form: 'line', hasVariables: false }],
      ]
    }),
  )
  return [...writtenArguments(service), ...inFiles]
}

/** Every flag that the program of a service is given, wherever it is written. */
export const serviceFlags = (service: ServiceView, project: Project): Flag<ArgumentPlace>[] =>
  argumentSources(service, project).flatMap((sources) => flagsOf(wordsOf(sources, project.variables)))
