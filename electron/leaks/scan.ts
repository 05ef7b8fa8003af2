import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type { LeakScan } from '../../shared/contract'
import { Problem, reason } from '../../shared/problems'
import { onAbort } from '../async/abort'
import { createSerial } from '../async/serial'
import { createThrottle } from '../async/throttle'
import { contextOf, type Credentials } from '../credentials'
import type { CredentialRecord } from '../credentials/record'
import { scanLog, scanTraces, type LeakContainers } from './containers'
import { findRepositories, scanFiles, scanRepository, skipOrder, type ExpectedFile } from './folder'
import { createMatcher } from './matcher'
import { clearPatterns, patternBytes, patternsOf, type PatternSet } from './patterns'
import { createLeakPool } from './pool'
import { createReport } from './report'
import { createSources, type Sources } from './sources'

export interface LeakScansOptions {
  credentials: Credentials
  /** Path or `file:` URL of the bundled `leak-worker`. */
  worker: string | URL
  containers: LeakContainers
  reportBug: (error: unknown) => void
}

/** Pages are told of progress this often at most, in ms. */
const tellEveryMs = 200

interface Work {
  records: readonly CredentialRecord[]
  folder: string | null
  services: ReturnType<LeakContainers['services']>
  signal: AbortSignal
}

/** Fills in the scan, and never rejects. The secrets are gone from memory when it is done. */
export async function carryOut(
  scan: LeakScan,
  work: Work,
  options: LeakScansOptions & { tell: () => void },
): Promise<LeakScan> {
  const context = contextOf(options.credentials)
  const set = patternsOf(work.records)
  Object.assign(scan, { values: set.values, patterns: set.patterns.length, tooShort: set.tooShort })
  const report = createReport(set.patterns, (text) => context.redactor.redact(text))
  try {
    if (set.patterns.length > 0) await readAll(scan, { ...work, set, report }, options)
    scan.state = work.signal.aborted ? 'cancelled' : 'done'
  } catch (error) {
    scan.state = work.signal.aborted ? 'cancelled' : 'failed'
    if (!work.signal.aborted) {
      scan.reason = error instanceof Problem ? error.reason : reason('leaks.failed')
      if (!(error instanceof Problem)) options.reportBug(error)
    }
  } finally {
    clearPatterns(set.memory)
  }
  Object.assign(scan, report.result(), { finishedAt: context.now() })
  scan.progress.found = report.found()
  scan.skipped.sort((a, b) => skipOrder.indexOf(a.why) - skipOrder.indexOf(b.why))
  return scan
}

async function readAll(
  scan: LeakScan,
  {
    folder,
    services,
    signal,
    set,
    report,
    records,
  }: Work & { set: PatternSet; report: ReturnType<typeof createReport> },
  options: LeakScansOptions & { tell: () => void },
): Promise<void> {
  const { redactor } = contextOf(options.credentials)
  const redact = (text: string) => redactor.redact(text)
  const progress = createThrottle<LeakScan>(tellEveryMs, options.tell)
  const { reportBug, containers } = options
  const matcher = createMatcher(patternBytes(set.memory))
  const to = createSources(scan, { matcher, report, signal, changed: () => progress.push(scan), redact, reportBug })
  try {
    await Promise.all([
      folder === null ? null : readFolder(scan, folder, { records, set, redact, worker: options.worker }, to),
      readServices(scan, services, containers, to),
    ])
  } finally {
    // The end is told by whoever began it.
    progress.drop()
  }
}

async function readServices(
  scan: LeakScan,
  services: Work['services'],
  containers: LeakContainers,
  to: Sources,
): Promise<void> {
  for (const service of services) {
    if (scan.sources.includes('containers')) await scanTraces(service, containers, to)
    if (scan.sources.includes('logs')) await scanLog(service, containers, to)
  }
}

async function readFolder(
  scan: LeakScan,
  folder: string,
  { records, set, redact, worker }: FolderWork,
  to: Sources,
): Promise<void> {
  const pool = createLeakPool(worker, set.memory)
  const leave = onAbort(to.signal, () => void pool.close())
  const known = new Set<string>()
  /** Each already fills a core with git and one with the search. */
  const inTurn = createSerial()
  const failures: unknown[] = []
  const onRepository = (at: string) => {
    if (!scan.sources.includes('git')) return
    inTurn(() => scanRepository(at, pool, known, to)).catch((error: unknown) => void failures.push(error))
  }
  try {
    onRepository(folder)
    const expected = await expectedFiles(records)
    if (scan.sources.includes('files'))
      await scanFiles(scan, { folder, pool, expected, redact }, { ...to, onRepository })
    else await findRepositories(folder, { signal: to.signal, onRepository })
    await inTurn.settled()
    if (failures.length > 0) throw failures[0]
  } finally {
    leave()
    await pool.close()
  }
}

interface FolderWork {
  records: readonly CredentialRecord[]
  set: PatternSet
  redact: (text: string) => string
  worker: string | URL
}

/** Where the vault itself wants its values to stand. */
const expectedFiles = (records: readonly CredentialRecord[]): Promise<ExpectedFile[]> =>
  Promise.all(
    records.flatMap(({ id, sinks }) =>
      sinks.map(async (sink) => ({
        path: await realpath(sink.path).catch(() => path.resolve(sink.path)),
        credentialId: id,
        field: sink.field,
      })),
    ),
  )
