import { createTarPacker } from 'modern-tar'
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { Problem } from '../../shared/problems'
import { aboutName, manifestName, type About, type Manifest } from './manifest'

/** What goes into a backup under a name: bytes that are at hand, or a file. */
export interface Entry {
  name: string
  from: Buffer | { file: string }
}

/** All that a backup is made of. */
export interface Contents {
  about: About
  entries: readonly Entry[]
  manifest: Omit<Manifest, 'files'>
}

/** Told how many bytes more have been read. */
export type OnBytes = (bytes: number) => void

const pieceBytes = 256 * 1024

/** Bytes of a file as it is now: what is added meanwhile is left, as in a log; one that shrank is refused. */
async function* piecesOf(handle: Awaited<ReturnType<typeof open>>, bytes: number, name: string) {
  for (let left = bytes; left > 0;) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(pieceBytes, left)), 0, null, null)
    if (bytesRead === 0) throw new Problem('backup.changed', { name })
    left -= bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

type Packer = ReturnType<typeof createTarPacker>['controller']

/** Puts one entry into the archive, and tells what the manifest says of it; null for a file that is gone meanwhile. */
async function put(
  packer: Packer,
  { name, from }: Entry,
  { at, onBytes, signal }: { at: number; onBytes: OnBytes; signal: AbortSignal },
): Promise<Manifest['files'][number] | null> {
  const handle = Buffer.isBuffer(from) ? null : await openIfPresent(from.file)
  if (!Buffer.isBuffer(from) && handle === null) return null
  try {
    const bytes = Buffer.isBuffer(from) ? from.length : ((await handle?.stat())?.size ?? 0)
    const writer = packer.add({ name, size: bytes, mode: 0o600, mtime: new Date(at), type: 'file' }).getWriter()
    const hash = createHash('sha256')
    const pieces =
      handle === null ? (Buffer.isBuffer(from) && from.length > 0 ? [from] : []) : piecesOf(handle, bytes, name)
    for await (const piece of pieces) {
      signal.throwIfAborted()
      hash.update(piece)
      await writer.write(new Uint8Array(piece))
      onBytes(piece.length)
    }
    await writer.close()
    return { name, bytes, sha256: hash.digest('hex') }
  } finally {
    await handle?.close()
  }
}

const openIfPresent = (file: string) =>
  open(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })

/** The archive, made as it is read: what it is first, then everything, and the list of all last. */
export function pack(contents: Contents, signal: AbortSignal, onBytes: OnBytes): ReadableStream<Uint8Array> {
  const { readable, controller } = createTarPacker()
  const { about, entries, manifest } = contents
  const how = { at: about.at, onBytes, signal }
  const produce = async () => {
    await put(controller, { name: aboutName, from: Buffer.from(JSON.stringify(about)) }, how)
    const files: Manifest['files'] = []
    for (const entry of entries) {
      const done = await put(controller, entry, how)
      if (done) files.push(done)
    }
    const whole: Manifest = { ...manifest, files }
    await put(controller, { name: manifestName, from: Buffer.from(JSON.stringify(whole)) }, how)
    controller.finalize()
  }
  produce().catch((error: unknown) => controller.error(error))
  return readable
}
