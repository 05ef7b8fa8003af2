import { access, constants, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Problem, reason, type Reason } from '../../../shared/problems'
import { diskProblem } from '../../storage/disk'
import { fileErrorCode, readIfPresent, writeFileAtomic, writeInPlace } from '../../storage/files'
import { fingerprint } from '../../vault/fingerprint'
import type { StoredSink } from '../record'
import type { Secret } from '../../vault/secret'
import { sameSecret } from '../secrets'
import { extractValue, isHarmless, renderSink, valueFor } from './format'

/** One write: which sink of which credential gets which secret. */
export interface SinkWrite {
  credentialId: string
  sink: StoredSink
  secret: Secret
}

/** How a file must be written: `in-place` for one that a container mounts by itself. */
export type WriteMode = 'replace' | 'in-place'

/** A sink compared with the vault. */
export interface SinkReading {
  state: 'same' | 'drifted' | 'missing' | 'unreadable'
  fingerprint: string | null
  modifiedAt: number | null
  reason: Reason | null
}

/** Reads a sink and compares it with the secret. Never throws for what a file or folder may hold. */
export async function compareSink({ sink, secret }: SinkWrite): Promise<SinkReading> {
  let modifiedAt: number | null = null
  try {
    const found = await stat(sink.path)
    modifiedAt = Math.round(found.mtimeMs)
    if (found.isDirectory()) throw new Problem('sink.directory', { path: sink.path })
    const { value, caveat } = extractValue(sink, await readFile(sink.path), secret)
    if (value === null) return { state: 'missing', fingerprint: null, modifiedAt, reason: caveat }
    const same = sameSecret(value, secret[sink.field])
    return {
      state: same && (isHarmless(caveat) || caveat?.problem === 'sink.bom') ? 'same' : 'drifted',
      fingerprint: fingerprint(value),
      modifiedAt,
      reason: caveat,
    }
  } catch (error) {
    if (error instanceof Problem) return { state: 'unreadable', fingerprint: null, modifiedAt, reason: error.reason }
    const code = fileErrorCode(error)
    if (code === null) throw error
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return { state: 'missing', fingerprint: null, modifiedAt, reason: reason('sink.missing', { path: sink.path }) }
    }
    const why = reason('sink.unreadable', { path: sink.path, code })
    return { state: 'unreadable', fingerprint: null, modifiedAt, reason: why }
  }
}

/** Makes sure that every sink can take its value, before any is touched. Throws the first Problem. */
export async function checkSinks(writes: readonly SinkWrite[]): Promise<void> {
  for (const write of writes) {
    const { sink } = write
    const folder = path.dirname(sink.path)
    // Refused with its path in any case.
    const inside = await stat(folder).catch(() => null)
    if (!inside?.isDirectory()) throw new Problem('sink.no-folder', { path: sink.path })
    const current = await currentBytes(sink)
    render(write, current)
    // A replaced file needs a writable folder; an existing one must be writable itself as well.
    await access(folder, constants.W_OK).catch((error: unknown) => refuse(sink, error))
    if (current !== null) await access(sink.path, constants.W_OK).catch((error: unknown) => refuse(sink, error))
  }
}

/** Writes one sink, reads it back by its readers' rules and compares. Throws a Problem. */
export async function writeSink(write: SinkWrite, mode: WriteMode): Promise<void> {
  const { sink, secret } = write
  const bytes = render(write, await currentBytes(sink))
  await put(sink, bytes, mode)
  const { value, caveat } = extractValue(sink, await readFile(sink.path), secret)
  if (!sameSecret(value, secret[sink.field]) || !isHarmless(caveat)) {
    throw new Problem('sink.read-back', { path: sink.path })
  }
}

/** Puts back the bytes that a sink had before (null: no file); used where there is no earlier secret to write. */
export async function restoreSink(sink: StoredSink, bytes: Buffer | null, mode: WriteMode): Promise<void> {
  if (bytes === null) await rm(sink.path, { force: true })
  else await put(sink, bytes, mode)
}

/** The present bytes of a sink, or null if there is no file. Throws a Problem. */
export async function currentBytes(sink: StoredSink): Promise<Buffer | null> {
  try {
    return await readIfPresent(sink.path)
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === null) throw error
    if (code === 'EISDIR') throw new Problem('sink.directory', { path: sink.path })
    throw new Problem('sink.unreadable', { path: sink.path, code })
  }
}

const render = ({ credentialId, sink, secret }: SinkWrite, current: Buffer | null) =>
  renderSink(sink, secret, valueFor(credentialId, sink.field, secret), current)

async function put(sink: StoredSink, bytes: Buffer, mode: WriteMode) {
  try {
    await (mode === 'in-place' ? writeInPlace : writeFileAtomic)(sink.path, bytes)
  } catch (error) {
    refuse(sink, error)
  }
}

function refuse(sink: StoredSink, error: unknown): never {
  const code = fileErrorCode(error)
  if (code === null) throw error
  const full = diskProblem(error, sink.path)
  if (full) throw full
  throw new Problem('sink.not-writable', { path: sink.path, code })
}
