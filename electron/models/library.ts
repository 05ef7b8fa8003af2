import { statfs } from 'node:fs/promises'
import type {
  LibraryFile,
  LibraryFolder,
  LibraryOverview,
  LibraryPage,
  ModelRole,
  SharedFolders,
} from '../../shared/contract'
import type { ServiceConfig } from '../../shared/contract'
import { coalesce } from '../async/coalesce'
import { createThrottle, type Throttle } from '../async/throttle'
import type { ModelUse } from '../generation'
import { collect, type Collected, type CollectedFolder } from './collect'
import { describe, entriesOf, idOf, indexUse, type Entry } from './entries'
import { ModelHashingRun } from './hashing'
import { removedEnd } from './formats'
import type { LayoutNeeds } from './layout'
import { missingOf, type WantedModel } from './missing'
import { familiesOf, isUnused, pageOf, sumOf, type ListQuery } from './list'
import type { ModelMemory } from './memory'
import { foldersToShare, missingIn, sharedFolders } from './shared-folders'
import type { ModelThread } from './thread'

export interface LibraryOptions {
  services: () => readonly ServiceConfig[]
  layout: LayoutNeeds
  /** When generations named which file last. */
  modelUse: () => readonly ModelUse[]
  /** What names files of models, wherever these are. */
  wanted: () => Promise<WantedModel[]>
  memory: ModelMemory
  thread: ModelThread
  /** Told, not too often, that what is shown has changed. */
  changed: () => void
  reportBug: (error: unknown) => void
  now?: () => number
  /** How fast files are hashed at most. */
  hashBytesPerS?: number
}

/** So many headers are asked of the thread at once. */
const headersAtOnce = 64
/** A look that is older is repeated when somebody asks. */
const staleMs = 5 * 60_000
const tellEveryMs = 1000

const none: Collected = { folders: [], layouts: new Map(), unknown: [], cut: false }

/** All files of models that services look for, where they lie, and what is known of them. */
export class ModelLibrary {
  readonly hashing: ModelHashingRun
  readonly #options: LibraryOptions
  readonly #now: () => number
  readonly #closing = new AbortController()
  readonly #telling: Throttle<null>
  #collected = none
  #entries: Entry[] = []
  #described: LibraryFile[] | null = null
  #lastUse = indexUse([])
  #wanted: WantedModel[] = []
  #at: number | null = null
  #scanning = false
  #heading: Promise<void> = Promise.resolve()
  readonly #scan = coalesce(() => this.#scanOnce())

  constructor(options: LibraryOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#telling = createThrottle<null>(tellEveryMs, () => options.changed())
    const { thread, memory, reportBug, hashBytesPerS: bytesPerS } = options
    this.hashing = new ModelHashingRun({
      ...{ thread, memory, reportBug },
      files: () => this.files(),
      changed: () => this.#changed(),
      hashed: (path, sha256) => this.#hashed(path, sha256),
      ...(bytesPerS !== undefined && { bytesPerS }),
    })
  }

  /** Every file, once for all its names. */
  files(): readonly LibraryFile[] {
    if (this.#described) return this.#described
    const same = new Map<string, number>()
    for (const { known, seenIn } of this.#entries)
      if (known.sha256 !== null && !isAside(seenIn)) same.set(known.sha256, (same.get(known.sha256) ?? 0) + 1)
    const copiesOf = (sha256: string | null) => (sha256 === null ? 0 : Math.max(0, (same.get(sha256) ?? 1) - 1))
    return (this.#described = this.#entries.map((entry) => describe(entry, this.#lastUse, copiesOf)))
  }

  /** A file as it lies on the disk, for those that change something. */
  entry(id: string): Entry | null {
    return this.#entries.find(({ file }) => idOf(file.path) === id) ?? null
  }

  folders(): readonly CollectedFolder[] {
    return this.#collected.folders
  }

  /** Folders, families and figures; begins a look where the last one is old. */
  async overview(): Promise<LibraryOverview> {
    this.#freshen()
    return this.#overview()
  }

  page(query: ListQuery): LibraryPage {
    this.#freshen()
    return pageOf(this.files(), query, this.#now())
  }

  /** For each of these services, what tells it of the folders in which a file's own services look for such files. */
  async sharedFolders(file: LibraryFile, readerIds: readonly string[]): Promise<SharedFolders[]> {
    const { services, layout: needs } = this.#options
    const { folders, layouts } = this.#collected
    const first = this.entry(file.id)?.seenIn[0]?.folder.path
    const owners = file.services.map(({ id }) => id)
    const [from] = owners
    const offers = services().flatMap((config) => {
      const layout = layouts.get(config.id)
      if (!layout || first === undefined || from === undefined || !readerIds.includes(config.id)) return []
      const about = { first, role: file.role, owners, readerId: config.id }
      const wanted = foldersToShare(folders, about, missingIn(this.#entries))
      return [sharedFolders({ config, layout, container: needs.containerOf(config.id) }, wanted, from)]
    })
    return Promise.all(offers)
  }

  /** Looks at all folders now. */
  async scan(): Promise<LibraryOverview> {
    await this.#scan()
    return this.#overview()
  }

  /** Looks at all folders soon; nobody waits for it. */
  lookSoon(): void {
    this.#scan().catch(this.#failed)
  }

  /** Resolves when the headers of the last look are read. */
  settled(): Promise<void> {
    return this.#heading
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#telling.drop()
    await this.hashing.close()
    await this.#options.thread.close()
    await this.#heading
    this.#options.memory.close()
  }

  #changed(): void {
    this.#telling.push(null)
  }

  #touched(): void {
    this.#described = null
    this.#changed()
  }

  #hashed(path: string, sha256: string): void {
    const entry = this.#entries.find(({ file }) => file.path === path)
    if (entry) entry.known.sha256 = sha256
    this.#touched()
  }

  #failed = (error: unknown): void => {
    if (!this.#closing.signal.aborted) this.#options.reportBug(error)
  }

  async #scanOnce(): Promise<void> {
    const { services, layout, memory, modelUse, wanted } = this.#options
    this.#scanning = true
    this.#changed()
    try {
      this.#collected = await collect(services(), layout, this.#closing.signal)
      const { folders } = this.#collected
      const known = memory.see(
        folders.flatMap(({ files }) => files),
        this.#now(),
      )
      this.#entries = entriesOf(folders, known)
      this.#lastUse = indexUse(modelUse())
      this.#wanted = await wanted()
      this.#at = this.#now()
      this.#touched()
    } finally {
      this.#scanning = false
      this.#changed()
    }
    this.#heading = this.#readHeaders().catch(this.#failed)
    void this.#heading.then(() => {
      if (!this.#closing.signal.aborted) this.hashing.goOn()
    })
  }

  /** Reads what is not known yet; the list is there meanwhile. */
  async #readHeaders(): Promise<void> {
    const { thread, memory } = this.#options
    const { signal } = this.#closing
    const unread = this.#entries.filter(({ known }) => known.header === null)
    for (let from = 0; from < unread.length; from += headersAtOnce) {
      signal.throwIfAborted()
      const some = unread.slice(from, from + headersAtOnce)
      const paths = some.map(({ file }) => file.path)
      const read = await thread.headers(paths, signal)
      const found = some.map((entry, index) => {
        entry.known.header = read[index] ?? { header: 'refused', role: null, family: null }
        return { path: entry.file.path, stamp: entry.file.stamp, header: entry.known.header }
      })
      memory.keepHeaders(found)
      this.#touched()
    }
  }

  /** Looks again where the last look is old; nobody waits for it. */
  #freshen(): void {
    if (this.#scanning || (this.#at !== null && this.#now() - this.#at < staleMs)) return
    this.#scanning = true
    this.lookSoon()
  }

  async #overview(): Promise<LibraryOverview> {
    const all = this.files()
    const { folders, unknown, cut } = this.#collected
    const there = all.filter(({ removed }) => !removed)
    const unused = there.filter((file) => isUnused(file, this.#now()))
    const aside = all.filter(({ removed }) => removed)
    const missing = missingOf(this.#wanted, all, folders)
    return {
      ...{ at: this.#at, scanning: this.#scanning, cut, files: there.length, bytes: sumOf(there), unknown },
      unreadHeaders: this.#entries.filter(({ known }) => known.header === null).length,
      folders: folders.map(folderOf),
      families: familiesOf(all, missing),
      missing,
      disks: await disksOf(folders, this.#entries, there),
      duplicates: duplicatesOf(there),
      unused: { files: unused.length, bytes: sumOf(unused) },
      removed: { files: aside.length, bytes: sumOf(aside) },
      hashing: this.hashing.status(),
    }
  }
}

const isAside = (seenIn: Entry['seenIn']) => seenIn.every(({ name }) => name.endsWith(removedEnd))

const folderOf = ({ path, folder, role, uses, state, writable, files }: CollectedFolder): LibraryFolder => ({
  ...{ id: idOf(path), path, folder, role, state, writable, files: files.length, bytes: sumOf(files) },
  services: [...new Set(uses.map(({ serviceId }) => serviceId))],
})

/** Of each content that is there more than once: what all but one of them take. */
function duplicatesOf(files: readonly LibraryFile[]): LibraryOverview['duplicates'] {
  const known = new Map<string, number>()
  let bytes = 0
  let count = 0
  for (const { sha256, copies, bytes: size } of files) {
    if (sha256 === null || copies === 0) continue
    if (known.has(sha256)) {
      bytes += size
      count += 1
    }
    known.set(sha256, size)
  }
  return { files: count, bytes }
}

/** The disks of folders that could be read, with what of them are models. */
async function disksOf(
  folders: readonly CollectedFolder[],
  entries: readonly Entry[],
  files: readonly LibraryFile[],
): Promise<LibraryOverview['disks']> {
  const places = new Map<string, string>()
  for (const { device, path } of folders) if (device !== null && !places.has(device)) places.set(device, path)
  const deviceOf = new Map(entries.map(({ file }) => [idOf(file.path), file.device]))
  const disks = await Promise.all(
    [...places].map(async ([device, path]) => {
      const told = await statfs(path).catch(() => null)
      if (!told) return []
      const roles = new Map<ModelRole, number>()
      for (const { id, role, bytes } of files)
        if (deviceOf.get(id) === device) roles.set(role, (roles.get(role) ?? 0) + bytes)
      return {
        ...{ path, freeBytes: told.bavail * told.bsize, totalBytes: told.blocks * told.bsize },
        roles: [...roles].map(([role, bytes]) => ({ role, bytes })).sort((a, b) => b.bytes - a.bytes),
      }
    }),
  )
  return disks.flat()
}
