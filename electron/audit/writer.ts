import type { AuditEntry } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import { createSerial } from '../async/serial'
import { appendDurably, fileErrorCode, moveAside } from '../storage/files'
import type { Mark } from '../storage/mark'
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

/** Writes the log, one line after the other. What cannot be written is owed: it waits and goes before the next. */
export function createAuditWriter({ file, mark, now }: WriterOptions) {
  let first: AuditLine | null = null
  let last: AuditLine | null = null
  let isAcknowledged = false
  let owed: Omit<AuditEntry, 'seq'>[] = []
  let failure: { code: string; cause: unknown } | null = null
  const inTurn = createSerial()
  const entryOf = ({ who, action, target, details = {} }: AuditEvent) => ({ at: now(), who, action, target, details })

  const write = async (entry: Omit<AuditEntry, 'seq'>) => {
    const line = nextLine(last, entry)
    await appendDurably(file, `${JSON.stringify(line)}\n`)
    first ??= line
    last = line
    if (line.action === acknowledgeAction) isAcknowledged = true
    // The chain holds all that the note tells: one that lags behind accuses nobody.
    await mark.write({ chain: first.hash, seq: line.seq, hash: line.hash }).catch(() => undefined)
  }
  const problemOf = (code: string, cause: unknown) => new Problem('audit.write-failed', { path: file, code }, { cause })
  const codeOf = (error: unknown) => fileErrorCode(error) ?? 'unknown'

  const writeOwed = async () => {
    try {
      for (let next = owed[0]; next; next = owed[0]) {
        await write(next)
        owed = owed.slice(1)
      }
      failure = null
    } catch (error) {
      failure = { code: codeOf(error), cause: error }
    }
  }
  const writeOwedOrThrow = async () => {
    await writeOwed()
    if (failure) throw problemOf(failure.code, failure.cause)
  }

  return {
    inTurn,
    /** The first and the last line, and whether a break before the first was acknowledged. */
    lines: () => ({ first, last, isAcknowledged }),
    head: (): AuditHead | null => first && last && { chain: first.hash, seq: last.seq, hash: last.hash },
    /** What waits to be written, and why. */
    owed: () => ({ count: owed.length, code: failure?.code ?? '' }),

    /** Goes on from what was found. */
    resume(found: { first: AuditLine | null; last: AuditLine | null; isAcknowledged: boolean }) {
      ;({ first, last, isAcknowledged } = found)
    },
    append(event: AuditEvent): Promise<void> {
      const entry = entryOf(event)
      return inTurn(async () => {
        owed = [...owed, entry]
        await writeOwed()
      })
    },
    appendFirst: (event: AuditEvent): Promise<void> =>
      inTurn(async () => {
        await writeOwedOrThrow()
        await write(entryOf(event)).catch((error: unknown) => {
          throw problemOf(codeOf(error), error)
        })
      }),
    settle: (): Promise<void> => inTurn(writeOwedOrThrow),

    /** Keeps the log aside as it is and begins a new one with what broke it. Call it in turn. */
    async beginAnew(why: Reason, chain: string): Promise<void> {
      const kept = await moveAside(file, now()).catch((error: unknown) => {
        if (fileErrorCode(error) === 'ENOENT') return null
        throw error
      })
      first = null
      last = null
      isAcknowledged = false
      const details = { problem: why.problem, ...why.params, chain, ...(kept === null ? {} : { kept }) }
      owed = [entryOf({ who: 'regie', action: breakAction, target: '', details }), ...owed]
      await writeOwed()
    },
  }
}
