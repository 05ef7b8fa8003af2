import { Problem } from '../../shared/problems'
import { fileErrorCode } from './files'

/** The code of a file system error, for a Problem's text. */
export const codeOf = (error: unknown): string => fileErrorCode(error) ?? 'unknown'

/** What systems and SQLite say of a disk, or a person's share of it, that has no room left. */
const full = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])

const pathOf = (error: unknown) =>
  error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : null

/**
 * The Problem behind a failure that says that a disk has no room; null for any other. `file` names what was to be
 * written, where the error does not.
 */
export function diskProblem(error: unknown, file?: string): Problem | null {
  if (error instanceof Problem || !full.has(codeOf(error))) return null
  return new Problem('disk.full', { path: file ?? pathOf(error) ?? '?' }, { cause: error })
}
