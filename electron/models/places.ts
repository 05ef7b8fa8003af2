import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import type { ModelRole } from '../../shared/contract'
import type { KindModels } from '../kinds/model-folders'
import type { Layout, SeenFolder } from './layout'

/** A folder in which a service looks for files of one kind. */
export interface SoughtFolder extends SeenFolder {
  /** As the program calls it, e.g. `checkpoints`. */
  folder: string
  role: ModelRole
}

/** So much of a file with further folders is read. */
const longestPaths = 64 * 1024
const mostFolders = 200

/** Whether a text names a whole path, as this machine or a container writes one. */
export const isWhole = (text: string) => text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text)

/** Joins as the program would: in a container by slashes, on this machine by its own. */
const paths = (layout: Layout) => (layout.mounts === null ? path : path.posix)
const joining =
  (layout: Layout) =>
  (...parts: string[]) =>
    paths(layout).join(...parts)

/** Where a folder that the program names lies on this machine. */
export function seen(layout: Layout, inside: string): SeenFolder {
  const { mounts } = layout
  if (mounts === null) return { inside, place: inside, writable: true }
  // What climbs out of a mount is another place of the container, and none of this machine.
  const whole = path.posix.normalize(inside)
  const plain = whole.length > 1 ? whole.replace(/\/+$/, '') : whole
  const [nearest] = mounts
    .filter(({ inside: target }) => plain === target || plain.startsWith(target === '/' ? '/' : `${target}/`))
    .sort((a, b) => b.inside.length - a.inside.length)
  if (!nearest) return { inside: plain, place: null, writable: false }
  const below = plain.slice(nearest.inside.length).split('/').filter(Boolean)
  const place = nearest.place === null ? null : path.join(nearest.place, ...below)
  return { inside: plain, place, writable: nearest.writable }
}

const listed = (folder: string | null) =>
  folder === null ? Promise.resolve(null) : readdir(folder, { withFileTypes: true }).catch(() => null)

const isFolder = async (place: string | null) =>
  place !== null &&
  (await stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  ))

/** Values of arguments by these names: `--name value`, `--name=value`, and several behind one name. */
export function valuesOf(args: readonly string[], names: readonly string[]): { name: string; value: string }[] {
  return args.flatMap((word, at) => {
    const [name = '', ...rest] = word.split('=')
    if (!names.includes(name)) return []
    if (rest.length > 0) return [{ name, value: rest.join('=') }]
    const values: string[] = []
    for (const next of args.slice(at + 1)) {
      if (next.startsWith('-')) break
      values.push(next)
      // Only names in the plural take more than one.
      if (!name.endsWith('s')) break
    }
    return values.map((value) => ({ name, value }))
  })
}

/** Folders below a folder of models, as far as the kind knows them. */
async function below(layout: Layout, root: string, { folders }: KindModels): Promise<SoughtFolder[]> {
  const at = seen(layout, root)
  const entries = await listed(at.place)
  if (entries === null) return []
  const mounted = (layout.mounts ?? []).filter(({ inside }) => path.posix.dirname(inside) === root)
  const names = new Set([
    ...entries.map(({ name }) => name),
    ...mounted.map(({ inside }) => path.posix.basename(inside)),
  ])
  return [...names].flatMap((name) => {
    const role = folders[name.toLowerCase()]
    return role === undefined ? [] : [{ ...seen(layout, joining(layout)(root, name)), folder: name, role }]
  })
}

/** How many of a folder's folders a kind knows. */
async function knownIn(place: string | null, { folders }: KindModels): Promise<number> {
  const entries = (await listed(place)) ?? []
  return entries.filter((one) => !one.isFile() && folders[one.name.toLowerCase()] !== undefined).length
}

/** Folders of models among what a container mounts: by their names, or by what is in them. */
async function rootsAmong(layout: Layout, models: KindModels): Promise<{ roots: string[]; single: SoughtFolder[] }> {
  const roots: string[] = []
  const single: SoughtFolder[] = []
  for (const mount of layout.mounts ?? []) {
    const name = path.posix.basename(mount.inside)
    const role = models.folders[name.toLowerCase()]
    const parent = path.posix.basename(path.posix.dirname(mount.inside)).toLowerCase()
    if (role !== undefined && parent === models.below) single.push({ ...mount, folder: name, role })
    else if (name.toLowerCase() === models.below) roots.push(mount.inside)
    else if (await isFolder(mount.place && path.join(mount.place, models.below)))
      roots.push(path.posix.join(mount.inside, models.below))
    // Two of its folders side by side are no chance.
    else if ((await knownIn(mount.place, models)) >= 2) roots.push(mount.inside)
  }
  return { roots, single }
}

/** Folders that hold the program's data: what arguments name, where it was started, and where its script lies. */
function homesOf({ args, workdir, mounts }: Layout, { homes }: KindModels): string[] {
  const script = mounts === null ? args.find((word) => /\.(?:py|sh|bat|cmd)$/i.test(word)) : undefined
  const at = script === undefined ? null : path.dirname(path.resolve(workdir ?? '.', script))
  const given = valuesOf(args, homes).map(({ value }) => value)
  return [...given, ...(workdir === null ? [] : [workdir]), ...(at !== null && workdir !== at ? [at] : [])]
}

/** What a file with further folders says: https://github.com/comfyanonymous/ComfyUI/blob/master/extra_model_paths.yaml.example */
export function readPaths(text: string, from: string, join: (...parts: string[]) => string): [string, string][] {
  let parsed: unknown
  try {
    parsed = parse(text, { maxAliasCount: 10 })
  } catch {
    return []
  }
  if (typeof parsed !== 'object' || parsed === null) return []
  return Object.values(parsed)
    .flatMap((section: unknown): [string, string][] => {
      if (typeof section !== 'object' || section === null) return []
      const entries: [string, unknown][] = Object.entries(section)
      const base = entries.find(([key]) => key === 'base_path')?.[1]
      const root = typeof base === 'string' ? (isWhole(base) ? base : join(from, base)) : from
      return entries.flatMap(([key, value]): [string, string][] => {
        if (key === 'base_path' || typeof value !== 'string') return []
        const lines = value.split('\n').map((line) => line.trim())
        return lines.filter(Boolean).map((line) => [key, isWhole(line) ? line : join(root, line)])
      })
    })
    .slice(0, mostFolders)
}

async function fromPaths(layout: Layout, homes: readonly string[], models: KindModels): Promise<SoughtFolder[]> {
  if (models.paths === null) return []
  const join = joining(layout)
  const { file, argument } = models.paths
  const files = [
    ...homes.map((home) => join(home, file)),
    ...valuesOf(layout.args, [argument]).map(({ value }) =>
      isWhole(value) ? value : join(layout.workdir ?? '', value),
    ),
    ...(layout.mounts ?? []).map(({ inside }) => inside).filter((inside) => inside.endsWith(`/${file}`)),
  ]
  const found: SoughtFolder[] = []
  for (const one of new Set(files)) {
    const { place } = seen(layout, one)
    const size = place === null ? null : await stat(place).catch(() => null)
    if (place === null || !size?.isFile() || size.size > longestPaths) continue
    const text = await readFile(place, 'utf8').catch(() => '')
    for (const [folder, at] of readPaths(text, paths(layout).dirname(one), join)) {
      const role = models.folders[folder.toLowerCase()]
      if (role !== undefined) found.push({ ...seen(layout, at), folder, role })
    }
  }
  return found
}

/** Every folder in which a service looks for models, the first of a place counts. */
export async function placesOf(layout: Layout, models: KindModels): Promise<SoughtFolder[]> {
  const join = joining(layout)
  const homes = homesOf(layout, models)
  const whole = (value: string) => (isWhole(value) ? value : join(layout.workdir ?? '', value))
  const among = await rootsAmong(layout, models)
  const roots = [
    ...homes.map((home) => join(home, models.below)),
    ...valuesOf(layout.args, models.roots).map(({ value }) => whole(value)),
    ...among.roots,
  ]
  const lists = await Promise.all([...new Set(roots)].map((root) => below(layout, root, models)))
  const beside = await Promise.all(homes.map((home) => below(layout, home, only(models, 'embeddings'))))
  const further = valuesOf(layout.args, Object.keys(models.further)).map(({ name, value }) => ({
    ...{ ...seen(layout, whole(value)), folder: path.posix.basename(value.replaceAll('\\', '/')) },
    role: models.further[name] ?? ('other' as const),
  }))
  const hidden = among.roots.flatMap((root) => {
    const at = seen(layout, root)
    return at.place === null ? [{ ...at, folder: models.below, role: 'other' as const }] : []
  })
  const all = [
    ...among.single,
    ...lists.flat(),
    ...beside.flat(),
    ...further,
    ...hidden,
    ...(await fromPaths(layout, homes, models)),
  ]
  const known = new Map<string, SoughtFolder>()
  for (const one of all) if (!known.has(one.inside)) known.set(one.inside, one)
  return [...known.values()].slice(0, mostFolders)
}

/** A kind that knows one of its folders alone: for what lies beside its models, not below them. */
const only = (models: KindModels, name: string): KindModels => {
  const role = models.folders[name]
  return { ...models, folders: role === undefined ? {} : { [name]: role } }
}
