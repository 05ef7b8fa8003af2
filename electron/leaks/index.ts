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

/** What a scan is to look for and where. Throws `leaks.folder-needed` and what keeps the credentials from being read. */
function ordered(context: CredentialsContext, { sources, folder, credentialIds }: Input) {
  const wantsFolder = sources.includes('files') || sources.includes('git')
  if (wantsFolder && folder === undefined) throw new Problem('leaks.folder-needed')
  const records = recordsFor(context, credentialIds)
  if (records.length === 0) throw new Problem('leaks.no-credentials')
  return { records, folder: wantsFolder ? (folder ?? '') : null }
}

/** Looks where the vault's secrets still stand. Reads only, and only where it is pointed. One scan at a time. */
export class LeakScans {
  readonly #options: LeakScansOptions
  readonly #context: CredentialsContext
  readonly #changed = createWake()
  #running: Running | null = null
  #last: LeakScan | null = null

  constructor(options: LeakScansOptions) {
    this.#options = options
    this.#context = contextOf(options.credentials)
  }

  /** Starts a scan. Answers its end, or, without waiting, its beginning. Throws a Problem, e.g. `leaks.busy`. */
  async scan(input: Input, who: string): Promise<LeakScan> {
    const { scan, done } = await this.#start(input, who)
    return (input.wait ?? true) ? done : structuredClone(scan)
  }

  /** The running or the last one. */
  last(): LeakScan | null {
    return structuredClone(this.#now())
  }

  /** The running scan as it goes on, and its end; else the last one at once. */
  async *watch(signal: AbortSignal): AsyncGenerator<LeakScan, void, undefined> {
    const changed = this.#changed.reader()
    while (!signal.aborted) {
      const scan = this.#now()
      if (scan) yield structuredClone(scan)
      if (!scan || scan.state !== 'running') return
      await changed(signal)
    }
  }

  /** Throws `leaks.not-running`. */
  async cancel(): Promise<LeakScan> {
    if (!this.#running) throw new Problem('leaks.not-running')
    this.#running.abort.abort()
    return this.#running.done
  }

  async close(): Promise<void> {
    this.#running?.abort.abort()
    await this.#running?.done
  }

  #now(): LeakScan | null {
    return this.#running?.scan ?? this.#last
  }

  async #start(input: Input, who: string): Promise<Running> {
    if (this.#running) throw new Problem('leaks.busy')
    const { records, folder: asked } = ordered(this.#context, input)
    const services = this.#options.containers.services()
    const scan: LeakScan = {
      ...emptyScan(),
      startedAt: this.#context.now(),
      startedBy: who,
      sources: input.sources,
      skipIgnored: input.skipIgnored ?? false,
      credentialIds: records.map(({ id }) => id),
    }
    const abort = new AbortController()
    const { promise: done, resolve } = deferred<LeakScan>()
    // Taken before anything is awaited, so that a second call is refused.
    const own = (this.#running = { scan, abort, done })
    try {
      const folder = asked === null ? null : await checkFolder(asked)
      scan.folder = folder === null ? null : this.#context.redactor.redact(folder)
      await auditScan(this.#context, scan, 'leaks.scan-started')
      const wanted = services.filter(({ id }) => input.serviceIds?.includes(id) ?? true)
      const work = { records, folder, services: wanted, signal: abort.signal }
      void carryOut(scan, work, { ...this.#options, tell: this.#changed.wake }).then(async (finished) => {
        await this.#finish(finished)
        resolve(finished)
      })
      return own
    } catch (error) {
      this.#running = null
      throw error
    }
  }

  async #finish(finished: LeakScan) {
    await auditScan(this.#context, finished, 'leaks.scan-ended').catch(this.#options.reportBug)
    this.#last = finished
    this.#running = null
    this.#changed.wake()
  }
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => (resolve = settle))
  return { promise, resolve: (value: T) => resolve(value) }
}
