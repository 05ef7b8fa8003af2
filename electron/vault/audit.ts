import { createHash } from 'node:crypto'
import * as z from 'zod'
import { AuditEntry, type AuditCheck } from '../../shared/contract'
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
  /** Entries that pass the filter, newest first, older than the cursor; and the cursor of what follows. */
  list(filter: AuditFilter): Promise<{ items: AuditEntry[]; nextCursor: string | null }>
  /** Follows the chain over the whole log as it is on disk now. */
  check(): Promise<AuditCheck>
  /** The log as it is kept. */
  read(): Promise<Uint8Array<ArrayBuffer>>
  /** Set when the log that was found at start is not as Regie wrote it. */
  readonly damage: Reason | null
}

export interface AuditFilter {
  search?: string | undefined
  topic?: string | undefined
  limit: number
  cursor?: string | undefined
}

const passes = ({ search, topic }: AuditFilter) => {
  const words = search?.trim().toLowerCase() ?? ''
  return (line: AuditLine) =>
    (!topic || line.action.startsWith(`${topic}.`)) &&
    (words === '' ||
      `${line.who} ${line.action} ${line.target} ${JSON.stringify(line.details)}`.toLowerCase().includes(words))
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
 * Follows the chain through the log's text. Returns the last good line, how many there are, and the number (from 1)
 * of the first line that was altered, removed or damaged, or null.
 */
export function verifyAudit(text: string): { last: AuditLine | null; entries: number; damagedAt: number | null } {
  let last: AuditLine | null = null
  let entries = 0
  let damagedAt: number | null = null
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw === '') continue
    const line: AuditLine | null = parseLine(raw)
    const follows: boolean = line?.prev === (last?.hash ?? firstPrev) && line.seq === (last?.seq ?? 0) + 1
    if (!line || !follows || line.hash !== hashOf(line)) damagedAt ??= index + 1
    // The chain goes on from whatever the writer went on from, so that one bad line is one finding.
    if (!line) continue
    last = line
    entries += 1
  }
  return { last, entries, damagedAt }
}

const damageAt = (line: number | null) => (line === null ? null : reason('vault.audit-damaged', { line }))

/** Opens the log and verifies it. A damaged one is continued, never repaired or replaced. */
export async function openAudit(file: string, now: () => number = Date.now): Promise<Audit> {
  const text = (await readIfPresent(file))?.toString('utf8') ?? ''
  const start = verifyAudit(text)
  let last = start.last
  // A crash may have left half a line: the next entry starts on its own.
  let gap = text === '' || text.endsWith('\n') ? '' : '\n'
  let queue: Promise<unknown> = Promise.resolve()

  /** What is on disk when all that was appended so far is. */
  const read = async () => {
    await queue
    return new Uint8Array((await readIfPresent(file)) ?? [])
  }
  const newest = async (isWanted: (line: AuditLine) => boolean, limit: number) => {
    const lines = new TextDecoder().decode(await read()).split('\n')
    const items: AuditEntry[] = []
    for (let i = lines.length - 1; i >= 0; i--) {
      const line = parseLine(lines[i] ?? '')
      if (!line || !isWanted(line)) continue
      if (items.length === limit) return { items, hasMore: true }
      // Strips what belongs to the chain.
      items.push(AuditEntry.parse(line))
    }
    return { items, hasMore: false }
  }

  return {
    damage: damageAt(start.damagedAt),
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
    history: async (target, limit) => (await newest((line) => line.target === target, limit)).items,
    async list(filter) {
      const isWanted = passes(filter)
      const before = filter.cursor === undefined ? Infinity : Number(filter.cursor)
      const { items, hasMore } = await newest((line) => line.seq < before && isWanted(line), filter.limit)
      return { items, nextCursor: hasMore ? String(items.at(-1)?.seq) : null }
    },
    async check() {
      const { last: end, entries, damagedAt } = verifyAudit(new TextDecoder().decode(await read()))
      return { entries, checkedAt: now(), lastHash: end?.hash ?? null, damage: damageAt(damagedAt) }
    },
    read,
  }
}
