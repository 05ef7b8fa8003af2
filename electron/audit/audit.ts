import { truncate } from 'node:fs/promises'
import { AuditEntry, type AuditCheck } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { readIfPresent } from '../storage/files'
import { openMark } from '../storage/mark'
import { AuditHead, breakNamedBy, breakOf, parseLine, verifyAudit, type AuditLine } from './chain'
import { acknowledgeAction, AuditWriter, type AuditEvent } from './writer'

/** Append-only record of who did what to which credential. */
export interface Audit {
  /**
   * Writes down what was done. Where the log cannot be written the entry is owed: it waits, is told of, and is written
   * before the next one.
   */
  append(event: AuditEvent): Promise<void>
  /** Writes down what is about to be done. Throws `audit.write-failed`; then it must not be done. */
  appendFirst(event: AuditEvent): Promise<void>
  /** Writes what is owed. Throws `audit.write-failed`; then nothing more may be done that must be written down. */
  settle(): Promise<void>
  /** What happened to one target, newest first. */
  history(target: string, limit: number): Promise<AuditEntry[]>
  /** Entries that pass the filter, newest first, older than the cursor; and the cursor of what follows. */
  list(filter: AuditFilter): Promise<{ items: AuditEntry[]; nextCursor: string | null }>
  /** Follows the chain over the whole log as it is on disk now. */
  check(): Promise<AuditCheck>
  /** Notes that somebody has seen what broke the log before this one. Throws `audit.nothing-to-acknowledge`. */
  acknowledge(who: string): Promise<AuditCheck>
  /** The log as it is kept. */
  read(): Promise<Uint8Array<ArrayBuffer>>
  /** The last line, for somebody who keeps a note of it where nobody can forge it. */
  head(): AuditHead | null
  /** Holds the log against such a note. Where they do not agree the log is kept aside and a new one begins. */
  compare(noted: AuditHead): Promise<void>
  /** What is to be told of the log: a break that nobody has acknowledged, a repair, entries that are owed. */
  notices(): Reason[]
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

/** The last entries of a log's text that are wanted, newest first. */
function newestOf(text: string, isWanted: (line: AuditLine) => boolean, limit: number) {
  const lines = text.split('\n')
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

/**
 * Opens the log and verifies it, with the note of its last line that lies beside it. A log that was altered is kept
 * aside as it is, and a new one begins whose first entry names the break; the half line of a crash is removed and told.
 */
export async function openAudit(file: string, now: () => number = Date.now): Promise<Audit> {
  const mark = openMark(`${file}.head`, AuditHead)
  const writer = new AuditWriter({ file, mark, now })
  const bytes = await readIfPresent(file)
  const found = verifyAudit(bytes?.toString('utf8') ?? '')
  const noted = await mark.read()
  const broken = breakOf(found, noted)
  /** What is told until the next start only. */
  const told: Reason[] = []
  if (broken) await writer.beginAnew(broken, noted?.chain ?? found.first?.hash ?? '')
  else {
    writer.resume(found, bytes?.includes(`"${acknowledgeAction}"`) ?? false)
    if (bytes) told.push(...(await repair(file, bytes, { tornAt: found.tornAt, writer })))
    const head = writer.head()
    // The chain holds all that the note tells: one that lags behind accuses nobody.
    if (head) await mark.write(head).catch(() => undefined)
  }
  // Without the note nobody knows whether the end was cut off.
  return new AuditLog({ file, now, writer, told, isNoteMissing: noted === null && found.first !== null })
}

/** Mends the end that a crash left; answers what is to be told of it. */
async function repair(
  file: string,
  bytes: Buffer,
  { tornAt, writer }: { tornAt: number | null; writer: AuditWriter },
): Promise<Reason[]> {
  if (tornAt !== null) {
    await truncate(file, bytes.lastIndexOf('\n') + 1)
    await writer.append({ who: 'regie', action: 'audit.repaired', target: '', details: { line: tornAt } })
    return [reason('audit.repaired', { line: tornAt })]
  }
  return []
}

interface Opened {
  file: string
  now: () => number
  writer: AuditWriter
  told: Reason[]
  isNoteMissing: boolean
}

class AuditLog implements Audit {
  readonly #file: string
  readonly #now: () => number
  readonly #writer: AuditWriter
  readonly #told: Reason[]
  #isNoteMissing: boolean

  constructor({ file, now, writer, told, isNoteMissing }: Opened) {
    this.#file = file
    this.#now = now
    this.#writer = writer
    this.#told = told
    this.#isNoteMissing = isNoteMissing
  }

  append(event: AuditEvent) {
    return this.#writer.append(event)
  }

  appendFirst(event: AuditEvent) {
    return this.#writer.appendFirst(event)
  }

  settle() {
    return this.#writer.settle()
  }

  head() {
    return this.#writer.head()
  }

  /** What is on disk when all that was appended so far is. */
  read() {
    return this.#writer.inTurn(async () => new Uint8Array((await readIfPresent(this.#file)) ?? []))
  }

  async history(target: string, limit: number) {
    return newestOf(await this.#text(), (line) => line.target === target, limit).items
  }

  async list(filter: AuditFilter) {
    const isWanted = passes(filter)
    const before = filter.cursor === undefined ? Infinity : Number(filter.cursor)
    const { items, hasMore } = newestOf(await this.#text(), (line) => line.seq < before && isWanted(line), filter.limit)
    return { items, nextCursor: hasMore ? String(items.at(-1)?.seq) : null }
  }

  async check(): Promise<AuditCheck> {
    const chain = verifyAudit(await this.#text())
    return {
      entries: chain.entries,
      checkedAt: this.#now(),
      lastHash: chain.last?.hash ?? null,
      damage: breakOf(chain, this.#writer.head()),
      brokenBefore: this.#breakBefore(),
    }
  }

  async acknowledge(who: string) {
    const found = this.#breakBefore()
    if (!found || found.isAcknowledged) throw new Problem('audit.nothing-to-acknowledge')
    const details = { problem: found.reason.problem }
    await this.#writer.appendFirst({ who, action: acknowledgeAction, target: '', details })
    return this.check()
  }

  async compare(noted: AuditHead) {
    const wrong = await this.#writer.inTurn(async () => {
      const chain = verifyAudit((await readIfPresent(this.#file))?.toString('utf8') ?? '')
      const isNext = breakNamedBy(chain.first) !== null && chain.first?.details['chain'] === noted.chain
      const why = isNext || this.#writer.owed().count > 0 ? null : breakOf(chain, noted)
      if (why) await this.#writer.beginAnew(why, noted.chain)
      return why
    })
    if (!wrong && this.#isNoteMissing) await this.#noteMissingNote()
  }

  notices(): Reason[] {
    const found = this.#breakBefore()
    const { count, code } = this.#writer.owed()
    return [
      ...(found && !found.isAcknowledged ? [found.reason] : []),
      ...(found && !found.isAcknowledged && found.kept !== null
        ? [reason('audit.kept-aside', { kept: found.kept })]
        : []),
      ...this.#told,
      ...(count > 0 ? [reason('audit.owed', { count, code, path: this.#file })] : []),
    ]
  }

  async #text(): Promise<string> {
    return new TextDecoder().decode(await this.read())
  }

  #breakBefore() {
    const { first, isAcknowledged } = this.#writer.beginning()
    const why = breakNamedBy(first)
    if (!first || !why) return null
    const { kept } = first.details
    return { reason: why, at: first.at, kept: typeof kept === 'string' ? kept : null, isAcknowledged }
  }

  async #noteMissingNote() {
    this.#isNoteMissing = false
    this.#told.push(reason('audit.head-gone'))
    await this.#writer.append({ who: 'regie', action: 'audit.head-gone', target: '' })
  }
}
