import { randomUUID } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type * as z from 'zod'
import type { LeakScan, LeakScanInput } from '../../shared/contract'
import { Problem, reason } from '../../shared/problems'
import { onAbort } from '../async/abort'
import { createSerial } from '../async/serial'
import { createThrottle } from '../async/throttle'
import { createWake } from '../async/wake'
import type { CredentialRecord } from '../credentials/record'
import { contextOf, type Credentials } from '../credentials'
import { scanLog, scanTraces, type LeakContainers } from './containers'
import { checkFolder, findRepositories, scanFiles, scanRepository, skipOrder, type ExpectedFile } from './folder'
import { createMatcher } from './matcher'
import { clearPatterns, patternBytes, patternsOf, type PatternSet } from './patterns'
import { createLeakPool } from './pool'
import { createReport } from './report'
import { createSources, type Sources } from './sources'

export type { LeakContainers } from './containers'

export interface LeakScansOptions {
  credentials: Credentials
  /** Path or `file:` URL of the bundled `leak-worker`. */
  worker: string | URL
  containers: LeakContainers
  reportBug: (error: unknown) => void
}

/** Looks where the vault's secrets still stand. Reads only, and only where it is pointed. One scan at a time. */
export interface LeakScans {
  /** Starts a scan. Answers its end, or, without waiting, its beginning. Throws a Problem, e.g. `leaks.busy`. */
  scan(input: Input, who: string): Promise<LeakScan>
  /** The running or the last one. */
  last(): LeakScan | null
  /** The running scan as it goes on, and its end; else the last one at once. */
  watch(signal: AbortSignal): AsyncGenerator<LeakScan, void, undefined>
  /** Throws `leaks.not-running`. */
  cancel(): Promise<LeakScan>
  close(): Promise<void>
}

type Input = z.input<typeof LeakScanInput>

/** Pages are told of progress this often at most, in ms. */
const tellEveryMs = 200

interface Running {
  scan: LeakScan
  abort: AbortController
  done: Promise<LeakScan>
}

export function createLeakScans(options: LeakScansOptions): LeakScans {
  const { credentials, reportBug } = options
  const context = contextOf(credentials)
  let running: Running | null = null
  let last: LeakScan | null = null
  const { wake: tell, reader } = createWake()

  const recordsFor = (ids: readonly string[] | undefined): CredentialRecord[] => {
    const all = context.book().all()
    for (const id of ids ?? [])
      if (all.every((record) => record.id !== id)) throw new Problem('credential.not-found', { id })
    return ids === undefined ? all : all.filter(({ id }) => ids.includes(id))
  }

  const start = async (input: Input, who: string): Promise<Running> => {
    if (running) throw new Problem('leaks.busy')
    const { sources, skipIgnored = false } = input
    const wantsFolder = sources.includes('files') || sources.includes('git')
    if (wantsFolder && input.folder === undefined) throw new Problem('leaks.folder-needed')
    const records = recordsFor(input.credentialIds)
    if (records.length === 0) throw new Problem('leaks.no-credentials')
    const services = options.containers.services()
    const scan: LeakScan = {
      id: randomUUID(),
      state: 'running',
      startedAt: context.now(),
      finishedAt: null,
      startedBy: who,
      folder: null,
      sources,
      skipIgnored,
      credentialIds: records.map(({ id }) => id),
      values: 0,
      patterns: 0,
      tooShort: [],
      progress: { items: 0, bytes: 0, found: 0, current: '' },
      scanned: [],
      findings: [],
      unlisted: 0,
      skipped: [],
    }
    const abort = new AbortController()
    const { promise: done, resolve } = deferred<LeakScan>()
    // Taken before anything is awaited, so that a second call is refused.
    const own = (running = { scan, abort, done })
    try {
      const folder = wantsFolder ? await checkFolder(input.folder ?? '') : null
      scan.folder = folder === null ? null : context.redactor.redact(folder)
      await audit(scan, 'leaks.scan-started')
      const wanted = services.filter(({ id }) => input.serviceIds?.includes(id) ?? true)
      void carryOut(scan, { records, folder, services: wanted, signal: abort.signal }, { ...options, tell }).then(
        async (finished) => {
          await audit(finished, 'leaks.scan-ended').catch(reportBug)
          last = finished
          running = null
          tell()
          resolve(finished)
        },
      )
      return own
    } catch (error) {
      running = null
      throw error
    }
  }

  const audit = (scan: LeakScan, action: string) => {
    const { folder, sources, credentialIds, state, progress, findings, unlisted } = scan
    const begins = { sources: sources.join(', '), folder: folder ?? '', credentials: credentialIds.join(', ') }
    const expected = findings.filter(({ severity }) => severity === 'expected').length
    const ends = {
      outcome: state,
      items: progress.items,
      megabytes: Math.round(progress.bytes / 1e6),
      found: findings.length + unlisted - expected,
      expected,
    }
    return context.audit.append({
      who: scan.startedBy,
      action,
      target: '',
      details: state === 'running' ? begins : ends,
    })
  }

  const now = () => running?.scan ?? last

  return {
    async scan(input, who) {
      const { scan, done } = await start(input, who)
      return (input.wait ?? true) ? done : structuredClone(scan)
    },
    last: () => structuredClone(now()),
    async *watch(signal) {
      const changed = reader()
      while (!signal.aborted) {
        const scan = now()
        if (scan) yield structuredClone(scan)
        if (!scan || scan.state !== 'running') return
        await changed(signal)
      }
    },
    async cancel() {
      if (!running) throw new Problem('leaks.not-running')
      running.abort.abort()
      return running.done
    },
    async close() {
      running?.abort.abort()
      await running?.done
    },
  }
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => (resolve = settle))
  return { promise, resolve: (value: T) => resolve(value) }
}

interface Work {
  records: readonly CredentialRecord[]
  folder: string | null
  services: ReturnType<LeakContainers['services']>
  signal: AbortSignal
}

/** Fills in the scan, and never rejects. The secrets are gone from memory when it is done. */
async function carryOut(
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
