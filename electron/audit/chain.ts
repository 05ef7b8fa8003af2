import { createHash } from 'node:crypto'
import * as z from 'zod'
import { AccountId, AuditEntry } from '../../shared/contract'
import { isProblemId, reason, type Reason } from '../../shared/problems'

/**
 * A line of the audit log. `hash` covers the line and, through `prev`, every line before it. Lines of earlier versions
 * name no account, and are left as they are.
 */
const AuditLineSchema = AuditEntry.extend({
  account: AccountId.nullable().optional(),
  prev: z.string(),
  hash: z.string(),
})
export type AuditLine = z.infer<typeof AuditLineSchema>

/**
 * The last line that a log is known to have had. It is kept apart from the log, because a chain alone does not show
 * that its end was cut off, or that an older copy lies in its place. `chain` is the hash of the log's first line.
 */
export const AuditHead = z.object({ chain: z.string(), seq: z.number().int().positive(), hash: z.string() })
export type AuditHead = z.infer<typeof AuditHead>

const firstPrev = '0'.repeat(64)

const hashOf = ({ seq, at, who, account, action, target, details, prev }: Omit<AuditLine, 'hash'>) =>
  createHash('sha256')
    .update(JSON.stringify([seq, at, who, action, target, details, prev, ...(account === undefined ? [] : [account])]))
    .digest('hex')

/** The line that follows `last` in the chain. */
export function nextLine(last: AuditLine | null, entry: Omit<AuditEntry, 'seq'>): AuditLine {
  const line = { ...entry, seq: (last?.seq ?? 0) + 1, prev: last?.hash ?? firstPrev }
  return { ...line, hash: hashOf(line) }
}

export function parseLine(text: string): AuditLine | null {
  try {
    const line = AuditLineSchema.safeParse(JSON.parse(text))
    return line.success ? line.data : null
  } catch {
    return null
  }
}

/** What following the chain shows. Line numbers begin at 1. */
export interface Chain {
  first: AuditLine | null
  /** The last line that is an entry. */
  last: AuditLine | null
  entries: number
  /** The first line that was altered, removed or damaged. */
  damagedAt: number | null
  /** The last line, where a crash left only the half of it. */
  tornAt: number | null
  /** The hash of the entry with this number. */
  hashAt(seq: number): string | null
}

/** Follows the chain through the log's text. */
export function verifyAudit(text: string): Chain {
  let first: AuditLine | null = null
  let last: AuditLine | null = null
  let entries = 0
  let damagedAt: number | null = null
  let tornAt: number | null = null
  const hashes = new Map<number, string>()
  const lines = text.split('\n')
  for (const [index, raw] of lines.entries()) {
    if (raw === '') continue
    const line: AuditLine | null = parseLine(raw)
    // Only a line that never got its end can be a crash's.
    if (!line && index === lines.length - 1) {
      tornAt = index + 1
      continue
    }
    const follows: boolean = line?.prev === (last?.hash ?? firstPrev) && line.seq === (last?.seq ?? 0) + 1
    if (!line || !follows || line.hash !== hashOf(line)) damagedAt ??= index + 1
    // The chain goes on from whatever the writer went on from, so that one bad line is one finding.
    if (!line) continue
    first ??= line
    last = line
    entries += 1
    hashes.set(line.seq, line.hash)
  }
  return { first, last, entries, damagedAt, tornAt, hashAt: (seq) => hashes.get(seq) ?? null }
}

/**
 * What is wrong with a log, given the last line that it is known to have had; null when it is as Regie wrote it. A log
 * may have more lines than are known of: a crash came between a line and the note of it.
 */
export function breakOf(chain: Chain, head: AuditHead | null): Reason | null {
  const { first, damagedAt, entries } = chain
  if (damagedAt !== null) return reason('audit.damaged', { line: damagedAt })
  if (!head) return null
  if (!first) return reason('audit.gone', { known: head.seq })
  if (first.hash !== head.chain) return reason('audit.replaced', { line: 1, known: head.seq })
  const found = chain.hashAt(head.seq)
  if (found === null) return reason('audit.cut', { line: entries + 1, known: head.seq })
  return found === head.hash ? null : reason('audit.replaced', { line: head.seq, known: head.seq })
}

/** The entry with which a new chain names what broke the one before. */
export const breakAction = 'audit.broken'

/** What broke the chain before this one, if this one begins because of that. */
export function breakNamedBy(first: AuditLine | null): Reason | null {
  if (first?.action !== breakAction) return null
  const { problem, ...params } = first.details
  return typeof problem === 'string' && isProblemId(problem) ? reason(problem, params) : null
}
