import type { LeakScan, LeakScanned } from '../../shared/contract'
import { Problem, reason } from '../../shared/problems'
import type { Matcher } from './matcher'
import type { createReport } from './report'

/** What each source of a scan needs: the search, where findings go, and how it tells what it does. */
export interface Sources {
  matcher: Matcher
  report: ReturnType<typeof createReport>
  signal: AbortSignal
  /** Carries out one source. What it cannot read is told with it; the others go on. */
  source(what: Pick<LeakScanned, 'source' | 'where'>, work: (entry: LeakScanned) => Promise<void>): Promise<void>
  progress(entry: LeakScanned, items: number, bytes: number): void
  /** A problem that a source goes on in spite of. */
  note(entry: LeakScanned, problem: Problem): void
}

/** Asked anew each time: it changes while something is awaited. */
const isOver = (signal: AbortSignal) => signal.aborted

export function createSources(
  scan: LeakScan,
  options: Pick<Sources, 'matcher' | 'report' | 'signal'> & {
    changed: () => void
    redact: (text: string) => string
    reportBug: (error: unknown) => void
  },
): Sources {
  const { matcher, report, signal, changed, redact, reportBug } = options
  /** Names and git's words may hold a secret. */
  const clean = ({ id, params }: Problem) =>
    reason(
      id,
      Object.fromEntries(
        Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
      ),
    )
  return {
    matcher,
    report,
    signal,
    async source({ source, where }, work) {
      if (isOver(signal)) return
      const entry: LeakScanned = { source, where: redact(where), state: 'running', items: 0, bytes: 0 }
      scan.scanned.push(entry)
      scan.progress.current = entry.where
      changed()
      try {
        await work(entry)
        entry.state = 'done'
      } catch (error) {
        if (isOver(signal)) entry.state = 'cancelled'
        else {
          entry.state = 'failed'
          entry.reason = error instanceof Problem ? clean(error) : reason('leaks.failed')
          if (!(error instanceof Problem)) reportBug(error)
        }
      }
      changed()
    },
    note(entry, problem) {
      entry.reason ??= clean(problem)
    },
    progress(entry, items, bytes) {
      entry.items += items
      entry.bytes += bytes
      scan.progress.items += items
      scan.progress.bytes += bytes
      scan.progress.found = report.found()
      changed()
    },
  }
}
