import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import type { LeakScan, LeakScanInput } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { createWake } from '../async/wake'
import { contextOf } from '../credentials'
import type { CredentialsContext } from '../credentials/context'
import type { CredentialRecord } from '../credentials/record'
import { checkFolder } from './folder'
import { carryOut, type LeakScansOptions } from './scan'

export type { LeakContainers } from './containers'
export type { LeakScansOptions } from './scan'

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

interface Running {
  scan: LeakScan
  abort: AbortController
  done: Promise<LeakScan>
}

const emptyScan = (): Omit<LeakScan, 'startedAt' | 'startedBy' | 'sources' | 'skipIgnored' | 'credentialIds'> => ({
  id: randomUUID(),
  state: 'running',
  finishedAt: null,
  folder: null,
  values: 0,
  patterns: 0,
  tooShort: [],
  progress: { items: 0, bytes: 0, found: 0, current: '' },
  scanned: [],
  findings: [],
  unlisted: 0,
  skipped: [],
})

/** The credentials that are looked for. Throws `credential.not-found`. */
function recordsFor(context: CredentialsContext, ids: readonly string[] | undefined): CredentialRecord[] {
  const all = context.book().all()
  for (const id of ids ?? [])
    if (all.every((record) => record.id !== id)) throw new Problem('credential.not-found', { id })
  return ids === undefined ? all : all.filter(({ id }) => ids.includes(id))
}

function auditScan(context: CredentialsContext, scan: LeakScan, action: string): Promise<void> {
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

export function createLeakScans(options: LeakScansOptions): LeakScans {
  const { credentials, reportBug } = options
  const context = contextOf(credentials)
  let running: Running | null = null
  let last: LeakScan | null = null
  const { wake: tell, reader } = createWake()

  const start = async (input: Input, who: string): Promise<Running> => {
    if (running) throw new Problem('leaks.busy')
    const { sources, skipIgnored = false } = input
    const wantsFolder = sources.includes('files') || sources.includes('git')
    if (wantsFolder && input.folder === undefined) throw new Problem('leaks.folder-needed')
    const records = recordsFor(context, input.credentialIds)
    if (records.length === 0) throw new Problem('leaks.no-credentials')
    const services = options.containers.services()
    const scan: LeakScan = {
      ...emptyScan(),
      startedAt: context.now(),
      startedBy: who,
      sources,
      skipIgnored,
      credentialIds: records.map(({ id }) => id),
    }
    const abort = new AbortController()
    const { promise: done, resolve } = deferred<LeakScan>()
    // Taken before anything is awaited, so that a second call is refused.
    const own = (running = { scan, abort, done })
    try {
      const folder = wantsFolder ? await checkFolder(input.folder ?? '') : null
      scan.folder = folder === null ? null : context.redactor.redact(folder)
      await auditScan(context, scan, 'leaks.scan-started')
      const wanted = services.filter(({ id }) => input.serviceIds?.includes(id) ?? true)
      void carryOut(scan, { records, folder, services: wanted, signal: abort.signal }, { ...options, tell }).then(
        async (finished) => {
          await auditScan(context, finished, 'leaks.scan-ended').catch(reportBug)
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
