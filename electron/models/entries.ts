import { createHash } from 'node:crypto'
import type { LibraryFile, ModelRole } from '../../shared/contract'
import type { ModelUse } from '../generation'
import { kindOf } from '../kinds'
import type { CollectedFolder, FolderUse } from './collect'
import { familyOf } from './families'
import { removedEnd, runsCode } from './formats'
import type { KnownFile } from './memory'
import type { FoundFile } from './scan'

/** A file, once for all its names, with every folder that it was found in. */
export interface Entry {
  file: FoundFile
  paths: string[]
  seenIn: { folder: CollectedFolder; name: string }[]
  known: KnownFile
}

/** An id that stays as long as the place does. */
export const idOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 24)

const unknown: KnownFile = { header: null, sha256: null }

/** What lies in folders, each place on a disk once. */
export function entriesOf(folders: readonly CollectedFolder[], known: ReadonlyMap<string, KnownFile>): Entry[] {
  const entries = new Map<string, Entry>()
  for (const folder of folders) {
    for (const file of folder.files) {
      const entry = entries.get(file.inode)
      const seen = { folder, name: file.name }
      if (!entry) {
        const its = known.get(file.path) ?? unknown
        entries.set(file.inode, { file, paths: [file.path], seenIn: [seen], known: { ...its } })
        continue
      }
      entry.seenIn.push(seen)
      if (!entry.paths.includes(file.path)) entry.paths.push(file.path)
      entry.known.sha256 ??= known.get(file.path)?.sha256 ?? null
    }
  }
  return [...entries.values()]
}

/** A name as records and services may write it: without its end, its folders by slashes, `[hash]` taken away. */
const plain = (name: string): string =>
  name
    .replace(/ \[[0-9a-f]{6,64}\]$/i, '')
    .replaceAll('\\', '/')
    .replace(/\.(?:safetensors|sft|gguf|ckpt|pth?|bin|pkl)$/i, '')
    .toLowerCase()

const base = (name: string) => name.split('/').at(-1) ?? name

/** By what names are compared that different programs have written: its own name alone. */
export const ownNameKey = (name: string): string => base(plain(name))

/** When each service was last asked for a file of a name. */
export function indexUse(uses: readonly ModelUse[]): (serviceId: string, name: string) => number | null {
  const known = new Map<string, number>()
  for (const { serviceId, name, at } of uses) {
    const key = `${serviceId}\0${ownNameKey(name)}`
    known.set(key, Math.max(at, known.get(key) ?? 0))
  }
  // By its own name alone: of two of one name in different folders, both count as used, which loses neither.
  return (serviceId, name) => known.get(`${serviceId}\0${ownNameKey(name)}`) ?? null
}

/** Kinds of files that records of generations name. */
const recorded: ReadonlySet<ModelRole> = new Set(['checkpoint', 'diffusion-model', 'lora'])

function loadsFor(
  { kind }: FolderUse,
  roles: ReadonlySet<ModelRole>,
  file: { role: ModelRole; family: string | null; header: LibraryFile['header'] },
): LibraryFile['services'][number]['loads'] {
  const { takes, lacks } = kindOf(kind).models
  const fits = [...roles].some((role) => role === file.role || takes[role]?.includes(file.role))
  if (!fits) return 'wrong-folder'
  if (file.family !== null && lacks.has(file.family)) return 'other-family'
  return file.header === 'refused' ? 'unknown' : 'yes'
}

/** The services that look into a folder of this file, and whether they can load it. */
function servicesOf(entry: Entry, file: Parameters<typeof loadsFor>[2]): LibraryFile['services'] {
  const roles = new Map<string, { use: FolderUse; roles: Set<ModelRole> }>()
  for (const { folder } of entry.seenIn) {
    for (const use of folder.uses) {
      const one = roles.get(use.serviceId) ?? { use, roles: new Set() }
      one.roles.add(use.role)
      roles.set(use.serviceId, one)
    }
  }
  return [...roles].map(([id, { use, roles: looked }]) => ({ id, loads: loadsFor(use, looked, file) }))
}

/** A file as it is shown. `copiesOf`: how many files have the same content. */
export function describe(
  entry: Entry,
  lastUse: ReturnType<typeof indexUse>,
  copiesOf: (sha256: string | null) => number,
): LibraryFile {
  const { file, seenIn, known } = entry
  const [first] = seenIn
  const { folder = '', role: folderRole = 'other' as const } = first?.folder ?? {}
  const name = first?.name ?? file.name
  const removed = name.endsWith(removedEnd)
  const role = known.header?.role ?? folderRole
  const family = familyOf(known.header?.family ?? null, name, role)
  const header = known.header?.header ?? 'waiting'
  const uses = seenIn.flatMap((seen) => seen.folder.uses.flatMap((use) => lastUse(use.serviceId, seen.name) ?? []))
  const usedAt = uses.length === 0 ? null : Math.max(...uses)
  return {
    ...{ id: idOf(file.path), name, path: file.path, folder, role, family, header, removed },
    ...{ bytes: file.bytes, modifiedAt: Math.round(file.modifiedAt), runsCode: runsCode(name), sha256: known.sha256 },
    services: removed ? [] : servicesOf(entry, { role, family, header }),
    use: usedAt !== null ? 'used' : recorded.has(role) ? 'no-record' : 'unknown',
    usedAt,
    copies: removed ? 0 : copiesOf(known.sha256),
    ...{ names: file.names, paths: [...entry.paths] },
  }
}
