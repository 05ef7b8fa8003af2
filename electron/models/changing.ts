import { chown, copyFile, constants, link, lstat, rename, stat, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { LibraryFile, ModelShare, ModelSharing } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { createSerial } from '../async/serial'
import type { Audit } from '../audit/audit'
import { diskProblem, roomOn } from '../storage/disk'
import { fileErrorCode, syncFile, syncFolder } from '../storage/files'
import type { Entry } from './entries'
import { formatOf, removedEnd } from './formats'
import type { ModelLibrary } from './library'
import { lookAt } from './scan'
import type { ScratchFiles } from './scratch'
import type { ModelThread } from './thread'

export interface ChangingNeeds {
  library: Pick<ModelLibrary, 'files' | 'entry' | 'scan' | 'sharedFolders'>
  thread: Pick<ModelThread, 'hash'>
  /** Whether a service works: its files are then left alone, and where nobody can tell, too. */
  loadOf: (serviceId: string) => Promise<'free' | 'busy' | 'unknown'>
  auditFirst: Audit['appendFirst']
  scratch: ScratchFiles
  /** For tests: in place of the system's. */
  linkFile?: typeof link
}

/** A person waits: no bound of speed. */
const hashBytesPerS = 4e9

/** Why two places cannot be one file, by what the system says. */
function refusal(error: unknown): Reason {
  const code = fileErrorCode(error) ?? 'unknown'
  if (code === 'EXDEV') return reason('library.other-disk')
  if (code === 'EACCES' || code === 'EROFS') return reason('library.read-only')
  if (code === 'ENOSPC' || code === 'EDQUOT') return reason('library.failed', { code })
  return reason('library.no-links', { code })
}

/** Tries on two files of its own whether a file of one folder can have a name in the other; null where it can. */
async function tryLink(
  from: string,
  to: string,
  { linkFile, scratch }: Pick<Required<ChangingNeeds>, 'linkFile' | 'scratch'>,
): Promise<Reason | null> {
  const original = scratch.name(from, 'regie')
  const other = scratch.name(to, 'regie')
  try {
    await writeFile(original, 'regie', { flag: 'wx' })
    await linkFile(original, other)
    const [a, b] = await Promise.all([stat(original, { bigint: true }), stat(other, { bigint: true })])
    // Some network file systems copy where they were asked for a link.
    return a.ino === b.ino && a.dev === b.dev && a.nlink >= 2n ? null : reason('library.no-links', { code: 'copied' })
  } catch (error) {
    if (fileErrorCode(error) === null) throw error
    return refusal(error)
  } finally {
    for (const file of [original, other]) await scratch.away(file)
  }
}

/** Puts one name in the place of another at once, and never in the place of what is there where it must not be. */
export async function nameFreely(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === 'EEXIST') {
      // Both names are of one file, when the panel ended just between. A link to the file is none of its names.
      const [one, other] = await Promise.all([from, to].map((file) => lstat(file, { bigint: true })))
      const isOne = one?.isFile() === true && one.ino === other?.ino && one.dev === other.dev
      if (!isOne) throw new Problem('library.taken', { name: path.basename(to) })
      return unlink(from)
    }
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EROFS') throw error
    // A disk without links: looked at first, as well as can be.
    if (await lookAt(to)) throw new Problem('library.taken', { name: path.basename(to) })
    await rename(from, to)
    return
  }
  await unlink(from)
}

/** The file as it is on the disk now; throws where it is not what the list has. */
async function current(entry: Entry) {
  const now = await lookAt(entry.file.path)
  if (now?.stamp !== entry.file.stamp || now.inode !== entry.file.inode) throw new Problem('library.gone')
  return now
}

/** Throws where another file has one of these names; its own, which a kill in the middle has left, is in nobody's way. */
async function assertFree(names: readonly string[], { file: { inode } }: Entry): Promise<void> {
  for (const name of names) {
    const there = await lookAt(name)
    if (there && there.inode !== inode) throw new Problem('library.taken', { name: path.basename(name) })
  }
}

/** Throws a file system's error as a Problem with its code. */
async function doing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = fileErrorCode(error)
    if (error instanceof Problem || code === null) throw error
    throw new Problem('library.failed', { code })
  }
}

/** Services that look for a copy and not for the file that is kept. */
const readersOf = (keep: LibraryFile, others: readonly { file: LibraryFile }[]): string[] => {
  const there = new Set(keep.services.map(({ id }) => id))
  const all = others.flatMap(({ file }) => file.services.map(({ id }) => id))
  return [...new Set(all)].filter((id) => !there.has(id))
}

/** What is done to files of models on a person's word. Throws Problems; whatever fails leaves files as they were. */
export class ModelChanging {
  readonly #needs: Required<ChangingNeeds>
  readonly #inTurn = createSerial()

  constructor(needs: ChangingNeeds) {
    this.#needs = { linkFile: link, ...needs }
  }

  /** Takes away what a panel that was killed has left beside files. */
  begin(): Promise<void> {
    return this.#inTurn(() => this.#needs.scratch.clean())
  }

  /** What of copies could be one file, tried on scratch files in their folders. */
  sharing(id: string): Promise<ModelSharing> {
    return this.#inTurn(() => this.#sharing(id))
  }

  /** One file in place of several of the same content: each hashed again right before. */
  share(id: string, ids: readonly string[], who: string, signal: AbortSignal): Promise<ModelShare> {
    return this.#inTurn(() => this.#share(id, ids, who, signal))
  }

  /** Makes one name of a shared file a file of its own again. */
  separate(id: string, name: string, who: string, signal: AbortSignal): Promise<void> {
    return this.#inTurn(() => this.#separate(id, name, who, signal))
  }

  /** Takes a file from its services: it stays beside its place under a name that none lists, until it is erased. */
  remove(id: string, who: string): Promise<void> {
    return this.#inTurn(() => this.#remove(id, who))
  }

  restore(id: string, who: string): Promise<void> {
    return this.#inTurn(() => this.#restore(id, who))
  }

  /** Deletes for good what was removed before. */
  erase(id: string, who: string): Promise<void> {
    return this.#inTurn(() => this.#erase(id, who))
  }

  #entryOf(id: string): { entry: Entry; file: LibraryFile } {
    const entry = this.#needs.library.entry(id)
    const file = this.#needs.library.files().find((one) => one.id === id)
    if (!entry || !file) throw new Problem('library.gone')
    return { entry, file }
  }

  async #assertIdle(entry: Entry): Promise<void> {
    const services = new Set(entry.seenIn.flatMap(({ folder }) => folder.uses.map(({ serviceId }) => serviceId)))
    for (const id of services) {
      const load = await this.#needs.loadOf(id)
      if (load !== 'free') throw new Problem(load === 'busy' ? 'library.in-use' : 'library.may-be-in-use', { id })
    }
  }

  async #hashNow(entry: Entry, signal: AbortSignal): Promise<string> {
    const hash = await this.#needs.thread.hash(entry.file.path, { bytesPerS: hashBytesPerS, signal })
    if (hash?.bytes !== entry.file.bytes) throw new Problem('library.gone')
    return hash.sha256
  }

  /** All files of one content, the one that most services look for first. */
  #copiesOf(id: string): { entry: Entry; file: LibraryFile }[] {
    const { file } = this.#entryOf(id)
    if (file.sha256 === null) throw new Problem('library.not-hashed')
    const same = this.#needs.library.files().filter(({ sha256, removed }) => sha256 === file.sha256 && !removed)
    return same
      .map((one) => this.#entryOf(one.id))
      .sort((a, b) => b.file.services.length - a.file.services.length || (a.file.path < b.file.path ? -1 : 1))
  }

  async #standing(keep: Entry, other: Entry): Promise<Reason | null> {
    const [a, b] = await Promise.all([stat(keep.file.path), stat(other.file.path)])
    // One file has one owner: whoever could read his own copy alone would lose it.
    if (a.uid !== b.uid || a.gid !== b.gid || (a.mode & 0o777) !== (b.mode & 0o777)) return reason('library.owners')
    if (other.file.names > other.paths.length) return reason('library.more-names')
    return tryLink(path.dirname(keep.file.path), path.dirname(other.file.path), this.#needs)
  }

  async #sharing(id: string): Promise<ModelSharing> {
    const [keep, ...others] = this.#copiesOf(id)
    if (!keep || others.length === 0) throw new Problem('library.no-copies')
    const shown = ({ file }: { file: LibraryFile }) => ({
      ...{ id: file.id, path: file.path, folder: file.folder },
      services: file.services.map((one) => one.id),
    })
    const each = await Promise.all(
      others.map(async (other) => {
        const why = await this.#standing(keep.entry, other.entry).catch(refusal)
        return { ...shown(other), reason: why }
      }),
    )
    const able = each.filter(({ reason: why }) => why === null)
    return {
      sha256: keep.file.sha256 ?? '',
      bytes: keep.file.bytes,
      keep: shown(keep),
      others: each,
      frees: able.length * keep.file.bytes,
      folders: await this.#needs.library.sharedFolders(keep.file, readersOf(keep.file, others)),
    }
  }

  /** Gives a copy's names to the file that is kept. */
  async #replace(keep: Entry, other: Entry): Promise<void> {
    const { scratch, linkFile } = this.#needs
    for (const name of other.paths) {
      const beside = scratch.name(path.dirname(name), path.basename(name))
      try {
        await linkFile(keep.file.path, beside)
        const made = await lookAt(beside)
        if (made?.inode !== keep.file.inode) throw new Problem('library.changed')
        await rename(beside, name)
      } finally {
        await scratch.away(beside)
      }
      await syncFolder(path.dirname(name))
    }
  }

  async #shareOne(keep: Entry, other: Entry, sha256: string, signal: AbortSignal): Promise<Reason | null> {
    try {
      await this.#assertIdle(other)
      const why = await this.#standing(keep, other)
      if (why) return why
      if ((await this.#hashNow(other, signal)) !== sha256) return reason('library.differs')
      // Neither was written to while both were read.
      await Promise.all([current(keep), current(other)])
      await this.#assertIdle(other)
      await this.#replace(keep, other)
      return null
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof Problem) return error.reason
      if (fileErrorCode(error) !== null) return refusal(error)
      throw error
    }
  }

  async #share(id: string, ids: readonly string[], who: string, signal: AbortSignal): Promise<ModelShare> {
    const [keep, ...others] = this.#copiesOf(id)
    const wanted = others.filter(({ file }) => ids.includes(file.id))
    if (!keep || wanted.length === 0) throw new Problem('library.no-copies')
    await this.#assertIdle(keep.entry)
    const sha256 = await this.#hashNow(keep.entry, signal)
    if (sha256 !== keep.file.sha256) throw new Problem('library.gone')
    const details = { kept: keep.file.path, copies: wanted.length }
    await this.#needs.auditFirst({ who, action: 'models.share', target: keep.file.name, details })
    const done: ModelShare['files'] = []
    for (const { entry, file } of wanted)
      done.push({ path: file.path, reason: await this.#shareOne(keep.entry, entry, sha256, signal) })
    await this.#needs.library.scan()
    const shared = done.filter(({ reason: why }) => why === null).length
    return { files: done, freedBytes: shared * keep.file.bytes }
  }

  async #separate(id: string, name: string, who: string, signal: AbortSignal): Promise<void> {
    const { entry } = this.#entryOf(id)
    if (!entry.paths.includes(name) || entry.file.names < 2) throw new Problem('library.not-shared')
    await this.#assertIdle(entry)
    const folder = path.dirname(name)
    const free = await roomOn(folder)
    const gib = (bytes: number) => Math.max(0, Math.round((bytes / 2 ** 30) * 10) / 10)
    if (free < entry.file.bytes)
      throw new Problem('library.no-room', { free: gib(free), needed: gib(entry.file.bytes) })
    const before = await this.#hashNow(entry, signal)
    await this.#needs.auditFirst({
      who,
      action: 'models.separate',
      target: path.basename(name),
      details: { path: name },
    })
    const { scratch } = this.#needs
    const beside = scratch.name(folder, path.basename(name))
    try {
      await copyFile(name, beside, constants.COPYFILE_EXCL)
      const { uid, gid } = await stat(name)
      // Whoever could read the shared one reads his own.
      if (process.geteuid?.() === 0) await chown(beside, uid, gid)
      const copied = await this.#needs.thread.hash(beside, { bytesPerS: hashBytesPerS, signal })
      if (copied?.sha256 !== before) throw new Problem('library.differs')
      await current(entry)
      await syncFile(beside)
      await rename(beside, name)
      await syncFolder(folder)
    } catch (error) {
      throw diskProblem(error, folder) ?? error
    } finally {
      await scratch.away(beside)
    }
    await this.#needs.library.scan()
  }

  async #remove(id: string, who: string): Promise<void> {
    const { entry, file } = this.#entryOf(id)
    if (file.removed) throw new Problem('library.gone')
    // Whatever a link calls it, what has no name of a model is somebody else's.
    for (const name of entry.paths) if (formatOf(name) === null) throw new Problem('library.link', { path: name })
    await this.#assertIdle(entry)
    await current(entry)
    const names = entry.paths.filter((name) => !name.endsWith(removedEnd))
    await assertFree(
      names.map((name) => `${name}${removedEnd}`),
      entry,
    )
    await this.#needs.auditFirst({ who, action: 'models.remove', target: file.name, details: { path: file.path } })
    await doing(async () => {
      for (const name of names) await nameFreely(name, `${name}${removedEnd}`)
    })
    await this.#needs.library.scan()
  }

  #aside(id: string) {
    const found = this.#entryOf(id)
    // Each of its names: one that a link leads to is no removed file.
    if (!found.file.removed || !found.entry.paths.every((name) => name.endsWith(removedEnd)))
      throw new Problem('library.not-removed')
    return found
  }

  async #restore(id: string, who: string): Promise<void> {
    const { entry, file } = this.#aside(id)
    await assertFree(
      entry.paths.map((name) => name.slice(0, -removedEnd.length)),
      entry,
    )
    await this.#needs.auditFirst({ who, action: 'models.restore', target: file.name, details: { path: file.path } })
    await doing(async () => {
      for (const name of entry.paths) await nameFreely(name, name.slice(0, -removedEnd.length))
    })
    await this.#needs.library.scan()
  }

  async #erase(id: string, who: string): Promise<void> {
    const { entry, file } = this.#aside(id)
    await current(entry)
    await this.#needs.auditFirst({ who, action: 'models.erase', target: file.name, details: { path: file.path } })
    await doing(async () => {
      for (const name of entry.paths) await unlink(name)
    })
    await this.#needs.library.scan()
  }
}
