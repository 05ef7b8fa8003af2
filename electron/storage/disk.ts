import { statfs } from 'node:fs/promises'
import { Problem } from '../../shared/problems'
import { fileErrorCode } from './files'

/** The code of a file system error, for a Problem's text. */
export const codeOf = (error: unknown): string => fileErrorCode(error) ?? 'unknown'

/** What systems and SQLite say of a disk, or a person's share of it, that has no room left. */
const full = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])

const pathOf = (error: unknown) =>
  // A temporary file's name says nothing to a person.
  error instanceof Error && 'path' in error && typeof error.path === 'string' && !/\.tmp\b/.test(error.path)
    ? error.path
    : null

/**
 * The Problem behind a failure that says that a disk has no room; null for any other. `where` names what was to be
 * written, or the folder, if the error does not.
 */
export function diskProblem(error: unknown, where: string): Problem | null {
  if (error instanceof Problem || !full.has(codeOf(error))) return null
  return new Problem('disk.full', { path: pathOf(error) ?? where }, { cause: error })
}

/** So much of a disk is left to everybody else, in bytes. */
const leftFree = 2 ** 30

/** How many bytes may still be put on the disk of an existing folder, so that 1 GiB stays free; negative below that. */
export async function roomOn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize - leftFree
}
