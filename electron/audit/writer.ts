import type { AuditEntry } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import { createSerial } from '../async/serial'
import { appendDurably, fileErrorCode, moveAside } from '../storage/files'
import type { Mark } from '../storage/mark'
import { accountIn } from './who'
import { breakAction, nextLine, type AuditHead, type AuditLine } from './chain'

export interface AuditEvent {
  who: string
  action: string
  /** Id of the credential; empty for the vault itself. */
  target: string
  /** Fingerprints, paths and counts; never a secret. */
  details?: AuditEntry['details']
}

export const acknowledgeAction = 'audit.break-acknowledged'

interface WriterOptions {
  file: string
  /** Note of the last line. */
  mark: Mark<AuditHead>
  now: () => number
}

type Unnumbered = Omit<AuditEntry, 'seq'>

const codeOf = (error: unknown) => fileErrorCode(error) ?? 'unknown'

/** Writes the log, one line after the other. What cannot be written is owed: it waits and goes before the next. */
export class AuditWriter {
  readonly inTurn = createSerial()
  readonly #options: WriterOptions
  #first: AuditLine | null = null
  #last: AuditLine | null = null
  #isAcknowledged = false
  #owed: Unnumbered[] = []
  #failure: { code: string; cause: unknown } | null = null

  constructor(options: WriterOptions) {
    this.#options = options
  }

  /** The first line, and whether a break before it was acknowledged. */
  beginning() {
    return { first: this.#first, isAcknowledged: this.#isAcknowledged }
  }

  head(): AuditHead | null {
    const first = this.#first
    const last = this.#last
    return first && last && { chain: first.hash, seq: last.seq, hash: last.hash }
  }

  /** What waits to be written, and why. */
  owed() {
    return { count: this.#owed.length, code: this.#failure?.code ?? '' }
  }

  /** Goes on from what was found. */
  resume({ first, last }: { first: AuditLine | null; last: AuditLine | null }, isAcknowledged: boolean) {
    this.#first = first
    this.#last = last
    this.#isAcknowledged = isAcknowledged
  }

  append(event: AuditEvent): Promise<void> {
    const entry = this.#entryOf(event)
    return this.inTurn(async () => {
      this.#owed = [...this.#owed, entry]
      await this.#writeOwed()
    })
  }

  appendFirst(event: AuditEvent): Promise<void> {
    return this.inTurn(async () => {
      await this.#writeOwedOrThrow()
      await this.#write(this.#entryOf(event)).catch((error: unknown) => {
        throw this.#problemOf(codeOf(error), error)
      })
    })
  }

  settle(): Promise<void> {
    return this.inTurn(() => this.#writeOwedOrThrow())
  }

  /** Keeps the log aside as it is and begins a new one with what broke it. Call it in turn. */
  async beginAnew(why: Reason, chain: string): Promise<void> {
    const kept = await moveAside(this.#options.file, this.#options.now()).catch((error: unknown) => {
      if (fileErrorCode(error) === 'ENOENT') return null
      throw error
    })
    this.resume({ first: null, last: null }, false)
    const details = { problem: why.problem, ...why.params, chain, ...(kept === null ? {} : { kept }) }
    this.#owed = [this.#entryOf({ who: 'regie', action: breakAction, target: '', details }), ...this.#owed]
    await this.#writeOwed()
  }

  #entryOf({ who, action, target, details = {} }: AuditEvent): Unnumbered {
    return { at: this.#options.now(), who, account: accountIn(who), action, target, details }
  }

  #problemOf(code: string, cause: unknown) {
    return new Problem('audit.write-failed', { path: this.#options.file, code }, { cause })
  }

  async #write(entry: Unnumbered) {
    const line = nextLine(this.#last, entry)
    await appendDurably(this.#options.file, `${JSON.stringify(line)}\n`)
    const first = (this.#first ??= line)
    this.#last = line
    if (line.action === acknowledgeAction) this.#isAcknowledged = true
    // The chain holds all that the note tells: one that lags behind accuses nobody.
    await this.#options.mark.write({ chain: first.hash, seq: line.seq, hash: line.hash }).catch(() => undefined)
  }

  async #writeOwed() {
    try {
      for (let next = this.#owed[0]; next; next = this.#owed[0]) {
        await this.#write(next)
        this.#owed = this.#owed.slice(1)
      }
      this.#failure = null
    } catch (error) {
      this.#failure = { code: codeOf(error), cause: error }
    }
  }

  async #writeOwedOrThrow() {
    await this.#writeOwed()
    if (this.#failure) throw this.#problemOf(this.#failure.code, this.#failure.cause)
  }
}
