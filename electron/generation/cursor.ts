import { Problem } from '../../shared/problems'

/** Where a page ended: the place of its last row in the order of creation, and before it what the order goes by first. */
export interface Place {
  seq: number
  /** Null where the order of creation is all. */
  value: number | null
}

/** Opaque to callers. */
export const encodeCursor = ({ seq, value }: Place): string =>
  value === null ? `g${seq.toString(36)}` : `v${value.toString(36)}.${seq.toString(36)}`

/** Throws a Problem for what Regie did not give out for such an order. */
export function decodeCursor(cursor: string, hasValue: boolean): Place {
  const [, first = '', second = ''] =
    (hasValue ? /^v([0-9a-z]{1,11})\.([0-9a-z]{1,11})$/ : /^g(([0-9a-z]{1,11}))$/).exec(cursor) ?? []
  const [value, seq] = [first, second].map((digits) => Number.parseInt(digits, 36))
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(value) || seq === undefined || value === undefined || seq < 1)
    throw new Problem('generation.bad-cursor')
  return { seq, value: hasValue ? value : null }
}
