import { closeSync, constants, lstatSync, openSync, readSync } from 'node:fs'
import type { LeakSkip } from '../../shared/contract'
import { fileErrorCode } from '../storage/files'
import { unblocked, unlinked } from '../storage/ordinary'
import type { Scanner, TextMatch } from './scanner'

export interface FileMatch {
  path: string
  /** As `stat` gives it. */
  mode: number
  matches: TextMatch[]
}

export interface Skipped {
  path: string
  why: LeakSkip
  /** The system's word, e.g. `EACCES`. */
  code?: string
}

/** A large file with so little on the disk is nearly all hole: reading it would take hours and find nothing. */
const sparse = { fromBytes: 256 * 2 ** 20, share: 0.05 }

/** Reads a file from its beginning to its end. Null when nothing stands in it; files that vanished hold nothing. */
export function scanFile(file: string, scanner: Scanner, onBytes: (count: number) => void): FileMatch | Skipped | null {
  try {
    const found = lstatSync(file)
    const { mode, size, blocks } = found
    if (found.isSymbolicLink()) return { path: file, why: 'symlink' }
    if (!found.isFile()) return found.isDirectory() ? null : { path: file, why: 'device' }
    // Windows tells no blocks.
    if (process.platform !== 'win32' && size >= sparse.fromBytes && blocks * 512 < size * sparse.share)
      return { path: file, why: 'sparse' }
    const matches = readThrough(file, scanner, onBytes)
    return matches.length === 0 ? null : { path: file, mode, matches }
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    if (code === null) throw error
    return { path: file, why: code === 'ELOOP' ? 'symlink' : 'unreadable', code }
  }
}

function readThrough(file: string, scanner: Scanner, onBytes: (count: number) => void): TextMatch[] {
  const descriptor = openSync(file, constants.O_RDONLY | unlinked | unblocked)
  try {
    for (;;) {
      const count = readSync(descriptor, scanner.room())
      if (count === 0) break
      scanner.took(count)
      onBytes(count)
    }
    return scanner.end()
  } catch (error) {
    // The next file begins anew.
    scanner.end()
    throw error
  } finally {
    closeSync(descriptor)
  }
}
