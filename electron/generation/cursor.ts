import { Problem } from '../../shared/problems'

/** Where a page ended: the place of its last row in the order of creation. Opaque to callers. */
export const encodeCursor = (seq: number): string => `g${seq.toString(36)}`

/** Throws a Problem for what Regie did not give out. */
export function decodeCursor(cursor: string): number {
  const seq = /^g[0-9a-z]{1,11}$/.test(cursor) ? Number.parseInt(cursor.slice(1), 36) : Number.NaN
  if (!Number.isSafeInteger(seq) || seq < 1) throw new Problem('generation.bad-cursor')
  return seq
}
