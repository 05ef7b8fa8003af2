import { createHash } from 'node:crypto'
import * as z from 'zod'
import { AuditEntry } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import { appendDurably, readIfPresent } from '../storage/files'

/** A line of the audit log. `hash` covers the line and, through `prev`, every line before it. */
const AuditLineSchema = AuditEntry.extend({ prev: z.string(), hash: z.string() })
export type AuditLine = z.infer<typeof AuditLineSchema>

export interface AuditEvent {
  who: string
  action: string
  /** Id of the credential; empty for the vault itself. */
  target: string
  /** Fingerprints, paths and counts; never a secret. */
  details?: AuditEntry['details']
}

/** Append-only record of who did what to which credential. */
export interface Audit {
  append(event: AuditEvent): Promise<void>
  /** What happened to one target, newest first. */
  history(target: string, limit: number): Promise<AuditEntry[]>
  /** Set when the log that was found at start is not as Regie wrote it. */
  readonly damage: Reason | null
}

const firstPrev = '0'.repeat(64)

const hashOf = ({ seq, at, who, action, target, details, prev }: Omit<AuditLine, 'hash'>) =>
  createHash('sha256')
    .update(JSON.stringify([seq, at, who, action, target, details, prev]))
    .digest('hex')

const parseLine = (text: string): AuditLine | null => {
  try {
    const line = AuditLineSchema.safeParse(JSON.parse(text))
    return line.success ? line.data : null
  } catch {
    return null
  }
}

/**
 * Follows the chain through the log's text. Returns the last good line, and the number (from 1) of the first line that
 * was altered, removed or damaged, or null.
 */
export function verifyAudit(text: string): { last: AuditLine | null; damagedAt: number | null } {
  let last: AuditLine | null = null
  let damagedAt: number | null = null
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw === '') continue
    const line: AuditLine | null = parseLine(raw)
    const follows: boolean = line?.prev === (last?.hash ?? firstPrev) && line.seq === (last?.seq ?? 0) + 1
    if (!line || !follows || line.hash !== hashOf(line)) damagedAt ??= index + 1
    // The chain goes on from whatever the writer went on from, so that one bad line is one finding.
    if (line) last = line
  }
  return { last, damagedAt }
}

/** Opens the log and verifies it. A damaged one is continued, never repaired or replaced. */
export async function openAudit(file: string, now: () => number = Date.now): Promise<Audit> {
  const text = (await readIfPresent(file))?.toString('utf8') ?? ''
  const start = verifyAudit(text)
  let last = start.last
  // A crash may have left half a line: the next entry starts on its own.
  let gap = text === '' || text.endsWith('\n') ? '' : '\n'
  let queue: Promise<unknown> = Promise.resolve()

  return {
    damage: start.damagedAt === null ? null : reason('vault.audit-damaged', { line: start.damagedAt }),
    append({ who, action, target, details = {} }) {
      const done = queue.then(async () => {
        const entry = {
          seq: (last?.seq ?? 0) + 1,
          at: now(),
          who,
          action,
          target,
          details,
          prev: last?.hash ?? firstPrev,
        }
        const line: AuditLine = { ...entry, hash: hashOf(entry) }
        await appendDurably(file, `${gap}${JSON.stringify(line)}\n`)
        gap = ''
        last = line
      })
      queue = done.catch(() => undefined)
      return done
    },
    async history(target, limit) {
      await queue
      const lines = ((await readIfPresent(file))?.toString('utf8') ?? '').split('\n')
      const found: AuditEntry[] = []
      for (let i = lines.length - 1; i >= 0 && found.length < limit; i--) {
        const line = parseLine(lines[i] ?? '')
        // Strips what belongs to the chain.
        if (line?.target === target) found.push(AuditEntry.parse(line))
      }
      return found
    },
  }
}
