import { createTarDecoder } from 'modern-tar'
import { createHash } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import type * as z from 'zod'
import { Problem } from '../../shared/problems'
import { syncFolder } from '../storage/files'
import type { DataPaths } from '../storage/paths'
import { contentsOf } from './contents'
import { dataPathOf } from './entry-names'
import { About, aboutName, backupFormat, Manifest, manifestName, OutsideFile } from './manifest'
import type { OnBytes } from './pack'

/** Most of what is held in memory, in bytes: the list of all files, and the vault. */
const mostInMemory = 256 * 1024 ** 2

/** What was found in a backup, once everything in it is as its manifest says. */
export interface Unpacked {
  about: About
  manifest: Manifest
  /** The vault as it is sealed in there, and its key; never written down. Null where there was none. */
  vault: { text: string; key: string } | null
  /** The names at the top of the data folder that were put into `to`. */
  tops: string[]
}

export interface UnpackOptions {
  /** Where files are put: the data folder's in `data/`, those outside in `outside/`. Must exist. */
  to: string
  /** Which names there are in a data folder. */
  paths: DataPaths
  /** Whether pictures and files outside are written too; else they are only read. */
  isWhole: boolean
  signal: AbortSignal
  onBytes: OnBytes
}

const damaged = (cause?: unknown) => new Problem('backup.damaged', {}, { cause })

function read<T>(schema: z.ZodType<T>, bytes: Buffer): T {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')))
  } catch (error) {
    throw damaged(error)
  }
}

/** Takes in one entry: to a file, into memory, or only through the hash. */
async function take(
  body: ReadableStream<Uint8Array>,
  target: { file: string } | 'memory' | 'nowhere',
  { signal, onBytes }: Pick<UnpackOptions, 'signal' | 'onBytes'>,
) {
  const hash = createHash('sha256')
  const parts: Uint8Array[] = []
  let bytes = 0
  const handle = typeof target === 'object' ? await open(target.file, 'wx', 0o600) : null
  try {
    for await (const piece of body) {
      signal.throwIfAborted()
      bytes += piece.length
      hash.update(piece)
      onBytes(piece.length)
      if (handle) await handle.appendFile(piece)
      else if (target === 'memory') parts.push(piece)
      if (target === 'memory' && bytes > mostInMemory) throw new Problem('backup.too-large')
    }
    await handle?.sync()
  } finally {
    await handle?.close()
  }
  return { bytes, sha256: hash.digest('hex'), content: Buffer.concat(parts) }
}

/** Where the entries of one archive go. */
class Taking {
  readonly #options: UnpackOptions
  readonly #allowed: ReadonlySet<string>
  readonly #pictures: ReadonlySet<string>
  /** The names that are folders; all others are files. */
  readonly #deep: ReadonlySet<string>
  readonly #vault: { file: string; key: string }
  readonly #tops = new Set<string>()
  readonly #folders = new Set<string>()
  readonly seen = new Map<string, { bytes: number; sha256: string }>()
  readonly kept = new Map<string, Buffer>()

  constructor(options: UnpackOptions) {
    const { files, folders, databases, pictures, vault, vaultKey } = contentsOf(options.paths)
    this.#options = options
    this.#allowed = new Set([...files, ...folders, ...databases, ...pictures])
    this.#pictures = new Set(pictures)
    this.#deep = new Set([...folders, ...pictures])
    this.#vault = { file: `data/${vault}`, key: `data/${vaultKey}` }
  }

  async one(name: string, body: ReadableStream<Uint8Array>) {
    if (this.seen.has(name)) throw damaged()
    const target = await this.#targetOf(name)
    const { content, ...what } = await take(body, target, this.#options)
    this.seen.set(name, what)
    if (target === 'memory') this.kept.set(name, content)
  }

  /** The vault goes nowhere but into memory: with its key beside it, it would be open. */
  async #targetOf(name: string): Promise<Parameters<typeof take>[1]> {
    const { to, isWhole } = this.#options
    if (name === aboutName || name === manifestName || name === this.#vault.file || name === this.#vault.key)
      return 'memory'
    if (OutsideFile.shape.entry.safeParse(name).success) {
      if (!isWhole) return 'nowhere'
      await this.#make(path.join(to, 'outside'))
      return { file: path.join(to, name) }
    }
    const parts = dataPathOf(name, this.#allowed)
    const [top = ''] = parts
    // A file in the place of a folder, or the other way round, would stand in the way of every start.
    if (this.#deep.has(top) !== parts.length > 1) throw new Problem('backup.name', { name: name.slice(0, 200) })
    if (!isWhole && this.#pictures.has(top)) return 'nowhere'
    this.#tops.add(top)
    const file = path.join(to, 'data', ...parts)
    await this.#make(path.dirname(file))
    return { file }
  }

  async #make(folder: string) {
    if (this.#folders.has(folder)) return
    await mkdir(folder, { recursive: true, mode: 0o700 })
    this.#folders.add(folder)
  }

  /** All folders are on disk with what is in them. */
  async settle() {
    if (this.#options.isWhole) for (const folder of this.#folders) await syncFolder(folder)
  }

  result(about: About): Unpacked {
    const list = this.kept.get(manifestName)
    if (!list) throw damaged()
    const manifest = read(Manifest, list)
    const listed = new Map(manifest.files.map((file) => [file.name, file]))
    const others = [...this.seen].filter(([name]) => name !== aboutName && name !== manifestName)
    const isAsListed = others.every(([name, { bytes, sha256 }]) => {
      const file = listed.get(name)
      return file?.bytes === bytes && file.sha256 === sha256
    })
    const areThere = manifest.outside.every(({ entry, sha256 }) => listed.get(entry)?.sha256 === sha256)
    if (!isAsListed || !areThere || listed.size !== others.length || manifest.files.length !== others.length)
      throw damaged()
    const [text, key] = [this.kept.get(this.#vault.file), this.kept.get(this.#vault.key)]
    if ((text === undefined) !== (key === undefined)) throw damaged()
    const vault = text && key ? { text: text.toString('utf8'), key: key.toString('latin1').trim() } : null
    return { about, manifest, vault, tops: [...this.#tops] }
  }
}

/**
 * Takes an opened backup apart, and holds every byte against its manifest. Nothing in it is believed before: neither
 * names nor sizes. Throws `backup.damaged`, `backup.name`, `backup.newer`, `backup.too-large`, what the stream throws
 * where it was altered, and the file system's error; what lies in `to` then is worth nothing.
 */
export async function unpack(plain: ReadableStream<Uint8Array>, options: UnpackOptions): Promise<Unpacked> {
  const taking = new Taking(options)
  let about: About | null = null
  const reader = plain.pipeThrough(createTarDecoder({ strict: true })).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      if (value.header.type !== 'file') throw new Problem('backup.name', { name: value.header.name.slice(0, 200) })
      if (about === null && value.header.name !== aboutName) throw damaged()
      await taking.one(value.header.name, value.body)
      about ??= checkAbout(taking.kept.get(aboutName))
    }
    await taking.settle()
    if (about === null) throw damaged()
    return taking.result(about)
  } catch (error) {
    await reader.cancel(error).catch(() => undefined)
    throw error
  }
}

function checkAbout(bytes: Buffer | undefined): About {
  if (!bytes) throw damaged()
  const about = read(About, bytes)
  if (about.format > backupFormat) throw new Problem('backup.newer', { version: about.version })
  return about
}
