import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse, stringify } from 'yaml'
import { ModelRole, type ServiceConfig, type SharedFolders } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import { placeKey } from '../docker/mounts'
import { kindOf } from '../kinds'
import type { FolderArgument } from '../kinds/model-folders'
import type { CollectedFolder } from './collect'
import type { Entry } from './entries'
import { removedEnd } from './formats'
import type { Layout } from './layout'
import { isWhole, seen, valuesOf } from './places'
import type { FoundFile } from './scan'

/** A service that is to look into folders of another one. */
export interface Reader {
  config: Pick<ServiceConfig, 'id' | 'kind' | 'compose'>
  layout: Layout
  /** The id of its container; null where it has none. */
  container: string | null
}

/** A folder that is to be shared, with what lies in it. */
export interface FolderToShare {
  path: string
  /** As its own service calls it. */
  folder: string
  roles: readonly ModelRole[]
  /** How many of the files in the reader's own folders of the same kind are not in it under the same name. */
  missing: number
  /** One of those folders, which would be looked into no longer where an argument takes its place. */
  own: string | null
}

/** A folder under the path that the program gets, and the name or argument by which it is told of it. */
interface Told {
  by: string
  inside: string
}

/** What Compose would take for a variable. */
const forCompose = (text: string) => text.replaceAll('$', '$$$$')
/** As PyYAML reads it, too: by the older rules, and no long path folded over lines. */
const yaml = (value: unknown) => stringify(value, { lineWidth: 0, version: '1.1' })
/** Programs cut variables into words in their own ways: what none of them touches. */
const isPlain = (text: string) => /^[\w@%+=:,./-]+$/.test(text)

/** Of these PyYAML reads some as line ends, and some not at all. */
const unwritable = /[\p{Cc}\u2028\u2029\uFEFF]/u

const mountsAt = '/shared-models'

/** Where a container sees a folder of this machine; null where it does not. */
function insideOf(layout: Layout, place: string): string | null {
  if (layout.mounts === null) return place
  const key = placeKey(place)
  const found = layout.mounts.flatMap(({ inside, place: at }) => {
    const mount = at === null ? null : placeKey(at)
    if (mount === null || (key !== mount && !key.startsWith(mount === '/' ? '/' : `${mount}/`))) return []
    const depth = key === mount ? 0 : key.slice(mount === '/' ? 1 : mount.length + 1).split('/').length
    const rest = depth === 0 ? [] : place.split(/[\\/]/).filter(Boolean).slice(-depth)
    const whole = path.posix.join(inside, ...rest)
    // Another mount may lie over it.
    const back = seen(layout, whole).place
    return back !== null && placeKey(back) === key ? [whole] : []
  })
  return found.sort((a, b) => a.length - b.length)[0] ?? null
}

/** How a service of a kind is told of files of a role; null: not at all. */
function wayOf({ kind }: Reader['config'], role: ModelRole, folder: string): string | FolderArgument | null {
  const { adds, takes, folders } = kindOf(kind).models
  const ways: Readonly<Partial<Record<ModelRole, string | FolderArgument>>> = adds.by === 'file' ? adds.names : adds.of
  const by = ways[role] === undefined ? ModelRole.options.find((one) => takes[one]?.includes(role)) : role
  const own = by && ways[by]
  if (own !== undefined) return own
  // Kinds of files that Regie does not tell apart: by the name that both services have for them.
  const same = folder.toLowerCase()
  return adds.by === 'file' && role === 'other' && folders[same] === 'other' ? same : null
}

/** The mounts that a container needs for folders that it does not see, and where it will see them. */
class NeededMounts {
  readonly #needed = new Map<string, string>()
  readonly #taken: Set<string>

  constructor(layout: Layout) {
    this.#taken = new Set((layout.mounts ?? []).map(({ inside }) => inside))
  }

  /** Where a folder of this machine will be seen. */
  add(place: string): string {
    const known = this.#needed.get(place)
    if (known !== undefined) return known
    const name =
      place
        .split(/[\\/]/)
        .findLast(Boolean)
        ?.replaceAll(/[^\w.-]+/g, '-') ?? 'models'
    let target = `${mountsAt}/${name}`
    for (let next = 2; this.#taken.has(target); next += 1) target = `${mountsAt}/${name}-${next}`
    this.addAt(place, target)
    return target
  }

  addAt(place: string, target: string): void {
    this.#taken.add(target)
    this.#needed.set(place, target)
  }

  /** For a Compose file, or one that is laid over it. */
  lines(service: string): string | null {
    if (this.#needed.size === 0) return null
    const volumes = [...this.#needed].map(([source, target]) => ({
      ...{ type: 'bind', source: forCompose(source), target: forCompose(target), read_only: true },
    }))
    return yaml({ services: { [service]: { volumes } } })
  }
}

/** A folder that is not told of as it is; `words`: what would do it, once the reason is seen to. */
interface Left {
  path: string
  reason: Reason
  words: readonly string[] | null
}

/** Why an argument cannot name a folder; null where it can. */
function hindrance(
  { name, replaces, repeats }: FolderArgument,
  { layout }: Reader,
  told: readonly Told[],
  { own, missing }: FolderToShare,
): Reason | null {
  const other = repeats
    ? undefined
    : (valuesOf(layout.args, [name])[0]?.value ?? told.find(({ by }) => by === name)?.inside)
  if (other !== undefined) return reason('library.one-folder', { argument: name, folder: other })
  if (!replaces || own === null || missing === 0) return null
  return reason('library.replaces', { argument: name, folder: own, count: missing })
}

/** Chooses what can be told, and says of the rest why not. */
function choose(reader: Reader, wanted: readonly FolderToShare[], place: (folder: string) => string) {
  const told: Told[] = []
  const left: Left[] = []
  for (const one of wanted) {
    const { path: at } = one
    if (unwritable.test(at)) {
      left.push({ path: at, reason: reason('library.control-character'), words: null })
      continue
    }
    const ways = one.roles.map((role) => wayOf(reader.config, role, one.folder))
    if (ways.every((way) => way === null))
      left.push({ path: at, reason: reason('library.no-way', { id: reader.config.id }), words: null })
    // Files of two roles may be one list for the other program.
    for (const way of new Set(ways)) {
      if (way === null) continue
      const by = typeof way === 'string' ? way : way.name
      const why = typeof way === 'string' ? null : hindrance(way, reader, told, one)
      if (why === null) told.push({ by, inside: place(at) })
      else left.push({ path: at, reason: why, words: why.problem === 'library.replaces' ? [by, place(at)] : null })
    }
  }
  return { told, left }
}

/** The folder of the program itself, as it sees it. */
function homeOf({ args, workdir, mounts }: Layout): string | null {
  const script = args.find((word) => /(?:^|[\\/])main\.py$/.test(word))
  const paths = workdir !== null && /^[A-Za-z]:/.test(workdir) ? path.win32 : mounts === null ? path : path.posix
  if (script === undefined) return workdir
  if (isWhole(script)) return paths.dirname(script)
  return workdir === null ? null : paths.join(workdir, paths.dirname(script))
}

/** A name that no section of the file has, for of two of one name Python reads the last alone. */
async function sectionIn(file: string | null, id: string): Promise<string> {
  const text = file === null ? '' : await readFile(file, 'utf8').catch(() => '')
  let known: unknown = null
  try {
    known = parse(text, { maxAliasCount: 10 })
  } catch {
    // What is no YAML has no sections either; ComfyUI tells its owner.
  }
  const names = new Set(typeof known === 'object' && known !== null ? Object.keys(known) : [])
  let name = `models_of_${id}`
  for (let next = 2; names.has(name); next += 1) name = `models_of_${id}_${next}`
  return name
}

async function asFile(reader: Reader, told: readonly Told[], from: string, mounts: NeededMounts, file: string) {
  const home = homeOf(reader.layout)
  const paths =
    home !== null && /^[A-Za-z]:/.test(home) ? path.win32 : reader.layout.mounts === null ? path : path.posix
  const inside = home === null ? null : paths.join(home, file)
  const place = inside === null ? null : seen(reader.layout, inside).place
  // A file beside the Compose file, in the place where the program looks for it.
  if (inside !== null && place === null && told.length > 0) mounts.addAt(`./${file}`, inside)
  const folders = new Map<string, string[]>()
  for (const { by, inside: at } of told) folders.set(by, [...(folders.get(by) ?? []), at])
  const section = Object.fromEntries([...folders].map(([name, all]) => [name, all.join('\n')]))
  const lines = told.length === 0 ? '' : yaml({ [await sectionIn(place, from)]: section })
  return { form: 'file' as const, at: place ?? inside, lines }
}

/** Where arguments are added, and how they are written there. */
function argumentsOf({ config, layout }: Reader) {
  if (layout.mounts === null)
    return { form: 'arguments', at: null, write: (words: readonly string[]) => words.join('\n') } as const
  const at = variableOf(config, layout)
  if (at !== null) return { form: 'variable', at, write: (words: readonly string[]) => words.join(' ') } as const
  const write = (words: readonly string[]) => (words.length === 0 ? '' : yaml(words.map(forCompose)))
  return { form: 'command', at: null, write } as const
}

/** The variable from which the container's program gets its arguments, if one is there that it is known to read. */
function variableOf({ kind }: Reader['config'], { variables }: Layout): string | null {
  const known = [...kindOf(kind).recognition.argumentVariables, 'CLI_ARGS']
  return known.find((name) => variables.includes(name)) ?? null
}

const inspectCommand = (container: string) =>
  `docker inspect -f "{{range .Mounts}}{{.Source}}  {{.Destination}}{{println}}{{end}}" ${container.slice(0, 12)}`

/** What tells a service of folders of another one. `from`: whose they are; the folder that matters most first. */
export async function sharedFolders(
  reader: Reader,
  wanted: readonly FolderToShare[],
  from: string,
): Promise<SharedFolders> {
  const { config, layout, container } = reader
  const { adds, paths } = kindOf(config.kind).models
  const mounts = new NeededMounts(layout)
  const { write, ...where } = argumentsOf(reader)
  const mustBePlain = adds.by === 'arguments' && where.form === 'variable'
  const place = (folder: string) => {
    const inside = insideOf(layout, folder)
    return inside === null || (mustBePlain && !isPlain(inside)) ? mounts.add(folder) : inside
  }
  const { told, left } = choose(reader, wanted, place)
  const added =
    adds.by === 'file' && paths !== null
      ? await asFile(reader, told, from, mounts, paths.file)
      : { ...where, lines: write(told.flatMap(({ by, inside }) => [by, inside])) }
  return {
    ...{ serviceId: config.id, ...added },
    left: left.map(({ path: at, reason: why, words }) => ({ path: at, reason: why, line: words && write(words) })),
    mounts: mounts.lines(config.compose?.service ?? config.id),
    inspect: container === null ? null : inspectCommand(container),
  }
}

/** Folders that the services of one file have and another service does not look into, that of the file first. */
export function foldersToShare(
  all: readonly CollectedFolder[],
  { first, role, owners, readerId }: { first: string; role: ModelRole; owners: readonly string[]; readerId: string },
  missingIn: (own: readonly CollectedFolder[], shared: CollectedFolder) => number,
): FolderToShare[] {
  const isSeen = (folder: CollectedFolder) => folder.uses.some(({ serviceId }) => serviceId === readerId)
  const bytesOf = ({ files }: CollectedFolder) => files.reduce((sum, { bytes }) => sum + bytes, 0)
  return all
    .filter(
      (one) => one.state === 'read' && one.uses.some(({ serviceId }) => owners.includes(serviceId)) && !isSeen(one),
    )
    .filter((one) => one.path === first || one.files.length > 0)
    .sort((a, b) => Number(b.path === first) - Number(a.path === first) || bytesOf(b) - bytesOf(a))
    .map((folder) => {
      const roles = [...new Set(folder.path === first ? [role, folder.role] : [folder.role])]
      const own = all.filter(
        (one) => isSeen(one) && one.uses.some((use) => use.serviceId === readerId && roles.includes(use.role)),
      )
      return {
        ...{ path: folder.path, folder: folder.folder, roles, missing: missingIn(own, folder) },
        own: own[0]?.path ?? null,
      }
    })
}

/** How many files of some folders are not in another one by the same name and with the same content. */
export const missingIn =
  (entries: readonly Entry[]) =>
  (own: readonly CollectedFolder[], shared: CollectedFolder): number => {
    const hashes = new Map(entries.map(({ file, known }) => [file.inode, known.sha256]))
    const keyOf = ({ name, inode }: FoundFile) => `${name}\0${hashes.get(inode) ?? inode}`
    const there = new Set(shared.files.map(keyOf))
    const all = own.flatMap(({ files }) => files).filter(({ name }) => !name.endsWith(removedEnd))
    return all.filter((file) => !there.has(keyOf(file))).length
  }
