import path from 'node:path'
import { Problem } from '../../../shared/problems'
import type { Helper } from './helper'

/** A file of the folder, as it was when the copy began, and the hash of each of its pieces as far as it is copied. */
export interface CopiedFile {
  /** Below the folder. */
  path: string
  bytes: number
  /** Of its last change, in seconds. */
  changedAt: number
  /** SHA-256 of each piece as it was read from the original. */
  pieces: string[]
}

const mib = 2 ** 20
/** A slow drive gives some MB/s; a piece that takes longer is stuck. */
const pieceMs = 10 * 60_000
const lookMs = 5 * 60_000

export const piecesOf = (bytes: number, pieceMiB: number): number => Math.ceil(bytes / (pieceMiB * mib))
/** How many bytes a piece of a file has. */
export const bytesOfPiece = ({ bytes }: Pick<CopiedFile, 'bytes'>, at: number, pieceMiB: number): number =>
  Math.min(pieceMiB * mib, bytes - at * pieceMiB * mib)

/**
 * The files from lines of `stat -c '%s %Y %n'`. Throws `models.odd-name` for a name that a line cannot hold, so that
 * nothing is left behind unseen.
 */
export function readFiles(listed: string, folder: string): CopiedFile[] {
  return listed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, bytes, changedAt, name] = /^(\d{1,15}) (-?\d{1,12}) (.+)$/.exec(line) ?? []
      if (name === undefined || !name.startsWith(`${folder}/`) || name.split('/').includes('..'))
        throw new Problem('models.odd-name', { name: line.slice(0, 200) })
      return { path: name.slice(folder.length + 1), bytes: Number(bytes), changedAt: Number(changedAt), pieces: [] }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** What lies in the folder now. Throws `models.odd-name` and `models.link`. */
export async function listFolder({ run, from }: Helper, signal: AbortSignal): Promise<CopiedFile[]> {
  const options = { timeoutMs: lookMs, signal }
  const odd = await run(['find', from, '!', '-type', 'f', '!', '-type', 'd'], options)
  const first = odd.out.split('\n')[0] ?? ''
  if (first !== '') throw new Problem('models.link', { name: first.slice(from.length + 1) })
  const listed = await run(['find', from, '-type', 'f', '-exec', 'stat', '-c', '%s %Y %n', '{}', '+'], options)
  if (!odd.ok || !listed.ok) throw new Problem('models.unreadable')
  return readFiles(listed.out, from)
}

/** The files of now with what was copied of them before, where they are the same files still. */
export const goOnWith = (now: readonly CopiedFile[], before: readonly CopiedFile[]): CopiedFile[] => {
  const known = new Map(before.map((file) => [file.path, file]))
  return now.map((file) => {
    const former = known.get(file.path)
    const isSame = former?.bytes === file.bytes && former.changedAt === file.changedAt
    return isSame ? { ...file, pieces: [...former.pieces] } : file
  })
}

/** The copy of a piece is appended behind what is known to be whole; what a cut left of it goes first. */
const copyScript = `umask 0
dd if=/dev/null of="$2" bs=${mib} seek="$3" count=0 2>/dev/null || exit 3
dd if="$1" bs=${mib} skip="$3" count="$4" 2>/dev/null | tee -a "$2" | sha256sum
stat -c '%s' "$2"`

/** Past the page cache where the volume's file system allows that: what is on the disk counts. */
const hashScript = `flag=
dd if="$1" of=/dev/null bs=${mib} count=1 iflag=direct 2>/dev/null && flag=iflag=direct
dd if="$1" bs=${mib} skip="$2" count="$3" $flag 2>/dev/null | sha256sum`

const hashes = (printed: string) => [...printed.matchAll(/^([0-9a-f]{64})\b/gm)].map(([, hash = '']) => hash)

/** Copies the next piece of a file and notes its hash. Throws `models.cut-short` when less arrived than was asked for. */
export async function copyPiece(
  { run, from, to, pieceMiB }: Helper,
  file: CopiedFile,
  signal: AbortSignal,
): Promise<number> {
  const at = file.pieces.length
  const bytes = bytesOfPiece(file, at, pieceMiB)
  const argv = ['sh', '-c', copyScript, 'sh', path.posix.join(from, file.path), path.posix.join(to, file.path)]
  const { out } = await run([...argv, String(at * pieceMiB), String(pieceMiB)], { timeoutMs: pieceMs, signal })
  const [hash] = hashes(out)
  const size = Number(/^(\d+)\s*$/m.exec(out)?.[1])
  if (hash === undefined || size !== at * pieceMiB * mib + bytes)
    throw new Problem('models.cut-short', { name: file.path })
  file.pieces.push(hash)
  return bytes
}

/** Makes the folders, empty ones too, and empty files, of which there is no piece to copy. */
export async function makeFolders({ run, from, to }: Helper, files: readonly CopiedFile[], signal: AbortSignal) {
  const options = { timeoutMs: lookMs, signal }
  const { out } = await run(['find', from, '-type', 'd'], options)
  const folders = out.split('\n').flatMap((name) => (name.startsWith(`${from}/`) ? [to + name.slice(from.length)] : []))
  const all = async (script: string, names: readonly string[]) => {
    for (let at = 0; at < names.length; at += 200) {
      const { ok } = await run(['sh', '-c', script, 'sh', ...names.slice(at, at + 200)], options)
      if (!ok) throw new Problem('models.cut-short', { name: names[at] ?? '' })
    }
  }
  await all('umask 0; chmod 777 /regie-to; mkdir -p "$@"', folders)
  const empty = files.filter(({ bytes }) => bytes === 0).map((file) => path.posix.join(to, file.path))
  await all('umask 0; for one; do : > "$one" || exit 1; done', empty)
}

/** Verifies a piece of the copy: true when it is, byte for byte, what was read from the original. */
export async function isPieceWhole(
  { run, to, pieceMiB }: Helper,
  file: CopiedFile,
  at: number,
  signal: AbortSignal,
): Promise<boolean> {
  const argv = ['sh', '-c', hashScript, 'sh', path.posix.join(to, file.path)]
  const { out } = await run([...argv, String(at * pieceMiB), String(pieceMiB)], { timeoutMs: pieceMs, signal })
  return hashes(out)[0] === file.pieces[at]
}

/** The files in the volume that are of another size than the originals, or are not there; a path each. */
export async function wrongSizes(
  { run, to }: Helper,
  files: readonly CopiedFile[],
  signal: AbortSignal,
): Promise<string[]> {
  const listed = await run(['find', to, '-type', 'f', '-exec', 'stat', '-c', '%s %Y %n', '{}', '+'], {
    timeoutMs: lookMs,
    signal,
  })
  const there = new Map(readFiles(listed.out, to).map(({ path: name, bytes }) => [name, bytes]))
  return files.filter((file) => there.get(file.path) !== file.bytes).map((file) => file.path)
}
