import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type * as z from 'zod'
import { ModelDownload, type ModelDownloadPlan } from '../../../shared/contract'
import { Problem, type Reason } from '../../../shared/problems'
import { pause } from '../../async/pause'
import type { Audit } from '../../audit/audit'
import { createSerial } from '../../async/serial'
import { createThrottle, type Throttle } from '../../async/throttle'
import { createRate } from '../../docker/models/rate'
import { roomOn } from '../../storage/disk'
import { openKept, type KeptFile } from '../../storage/kept-file'
import { partEnd } from '../formats'
import { lookAt } from '../scan'
import type { ModelThread } from '../thread'
import { readAddress, shownAddress } from './address'
import { fetchRest, lengthOfPart } from './fetch'
import { KeptDownloads, type KeptDownload } from './kept'
import { isPlaced, place, verify } from './place'
import { planDownload, type Planned, type PlanNeeds, type Wanted } from './plan'
import { createAsking, type Ask, type Wire } from './wire'

export interface DownloadsNeeds extends Omit<PlanNeeds, 'ask'> {
  /** Where downloads are written down. */
  file: string
  thread: Pick<ModelThread, 'hash'>
  auditFirst: Audit['appendFirst']
  changed: () => void
  /** Told of a file that has come. */
  arrived: () => void
  reportBug: (error: unknown) => void
  wire?: Wire
  now?: () => number
  /** How long it is waited before a connection that was lost is made again, in ms; then a person has to. */
  retryMs?: readonly number[]
}

/** So many are fetched at once: more make none of them faster. */
const mostAtOnce = 2
const mostKept = 100
const tellEveryMs = 500
const usualRetryMs = [1000, 5000, 20_000]

/** After these the next try may succeed. */
const passing: ReadonlySet<string> = new Set(['library.cut', 'library.unreachable'])
/** After these nothing of what was fetched is worth keeping. */
const worthless: ReadonlySet<string> = new Set(['library.wrong-hash', 'library.no-model', 'library.other-file'])

/** What is not the download's fault: it waits until the vault is unlocked. */
const isHeld = ({ state, reason }: Pick<KeptDownload, 'state' | 'reason'>): boolean =>
  state === 'waiting' && reason?.problem === 'vault.locked'

type Confirmed = Wanted & { confirm: { bytes: number; name: string } }

interface Run {
  abort: AbortController
  done: Promise<void>
  bytesPerS: number | null
  /** How often the vault had been unlocked when it began. */
  unlocks: number
}

const partOf = ({ folder, name, id }: KeptDownload) => path.join(folder, `.${name}.${id}${partEnd}`)
const targetOf = ({ folder, name }: KeptDownload) => path.join(folder, name)
const gib = (bytes: number) => Math.max(0, Math.round((bytes / 2 ** 30) * 10) / 10)

/** Fetches files of models, on a person's word; goes on after a restart, and is paused and resumed. */
export class ModelDownloads {
  readonly #needs: DownloadsNeeds
  readonly #kept: KeptFile<z.infer<typeof KeptDownloads>>
  readonly #ask: Ask
  readonly #running = new Map<string, Run>()
  readonly #telling: Throttle<null>
  readonly #now: () => number
  /** What people ask of downloads is done one after the other: what one has begun the next one sees. */
  readonly #inTurn = createSerial()
  #isClosing = false
  #unlocks = 0

  private constructor(needs: DownloadsNeeds, kept: KeptFile<z.infer<typeof KeptDownloads>>) {
    this.#needs = needs
    this.#kept = kept
    this.#ask = createAsking(needs.wire)
    this.#now = needs.now ?? Date.now
    this.#telling = createThrottle<null>(tellEveryMs, () => needs.changed())
  }

  static async open(needs: DownloadsNeeds): Promise<ModelDownloads> {
    return new ModelDownloads(needs, await openKept(needs.file, KeptDownloads, { downloads: [] }))
  }

  list(): ModelDownload[] {
    return this.#all.map((one) => this.#told(one))
  }

  /** What would be fetched, from where, and what is left of the disk then. Throws Problems. */
  async plan(wanted: Wanted, signal: AbortSignal): Promise<ModelDownloadPlan> {
    return (await planDownload(wanted, { ...this.#needs, ask: this.#ask }, signal)).plan
  }

  /** Begins what was confirmed; refused where it is another file by now. Throws Problems. */
  async start({ confirm, ...wanted }: Confirmed, who: string, signal: AbortSignal): Promise<ModelDownload> {
    const planned = await planDownload(wanted, { ...this.#needs, ask: this.#ask }, signal)
    const { plan, address } = planned
    if (plan.bytes !== confirm.bytes || plan.name !== confirm.name)
      throw new Problem('library.other-file', { host: address.url.host })
    return this.#inTurn(() => this.#accept(planned, wanted, who))
  }

  async #accept(planned: Planned, wanted: Wanted, who: string): Promise<ModelDownload> {
    const { plan, address, target } = planned
    const same = this.#all.find((one) => targetOf(one) === target && one.state !== 'done')
    // A second wish for the same file joins the first; another file would be taken for it.
    if (same?.address === address.url.href) return this.#told(same)
    if (plan.exists || same) throw new Problem('library.taken', { name: plan.name })
    if (plan.leftBytes < 0)
      throw new Problem('library.no-room', { free: gib(plan.leftBytes + plan.bytes), needed: gib(plan.bytes) })
    if (this.#all.filter(({ state }) => state !== 'done').length >= mostKept) throw new Problem('library.too-many')
    const download = this.#made(planned, wanted, who)
    await this.#audit(download, who, 'models.download')
    this.#all.push(download)
    await this.#kept.save()
    this.#next()
    this.#changed()
    return this.#told(download)
  }

  pause(id: string): Promise<ModelDownload> {
    return this.#inTurn(() => this.#pause(id))
  }

  async #pause(id: string): Promise<ModelDownload> {
    const download = this.#find(id)
    if (!['waiting', 'running', 'verifying'].includes(download.state)) return this.#told(download)
    download.state = 'paused'
    await this.#stop(id)
    // It may have come to its end just before.
    if (!isOver(download)) await this.#set(download, { state: 'paused' })
    return this.#told(download)
  }

  resume(id: string): Promise<ModelDownload> {
    return this.#inTurn(() => this.#resume(id))
  }

  async #resume(id: string): Promise<ModelDownload> {
    const download = this.#find(id)
    if (download.state !== 'paused' && download.state !== 'failed' && !isHeld(download)) return this.#told(download)
    await this.#set(download, { state: 'waiting', reason: null })
    this.#next()
    return this.#told(download)
  }

  /** Ends a download and what was fetched of it; one that is done is only no longer listed. */
  discard(id: string, who: string): Promise<void> {
    return this.#inTurn(() => this.#discard(id, who))
  }

  async #discard(id: string, who: string): Promise<void> {
    const download = this.#find(id)
    // One that waits must not begin while it is taken away.
    if (download.state === 'waiting') download.state = 'paused'
    await this.#stop(id)
    if (download.state !== 'done') {
      await rm(partOf(download), { force: true })
      await this.#audit(download, who, 'models.download-discarded')
    }
    this.#all.splice(this.#all.indexOf(download), 1)
    await this.#kept.save()
    this.#changed()
  }

  /** Goes on with what a former run of the panel left. */
  begin(): void {
    for (const download of this.#all)
      if (download.state === 'running' || download.state === 'verifying') download.state = 'waiting'
    this.unlocked()
  }

  /** Goes on with what has waited for the vault. */
  unlocked(): void {
    this.#unlocks += 1
    for (const download of this.#all) if (isHeld(download)) download.reason = null
    this.#next()
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await Promise.all([...this.#running.keys()].map((id) => this.#stop(id)))
    this.#telling.drop()
  }

  get #all(): KeptDownload[] {
    return this.#kept.value.downloads
  }

  #changed(): void {
    this.#telling.push(null)
  }

  #find(id: string): KeptDownload {
    const found = this.#all.find((one) => one.id === id)
    if (!found) throw new Problem('library.no-download', { id })
    return found
  }

  #told(download: KeptDownload): ModelDownload {
    return ModelDownload.parse({ ...download, bytesPerS: this.#running.get(download.id)?.bytesPerS ?? null })
  }

  async #set(download: KeptDownload, change: Partial<KeptDownload>): Promise<void> {
    Object.assign(download, change)
    await this.#kept.save()
    this.#changed()
  }

  #audit({ name: target, host, folder, state }: KeptDownload, who: string, action: string): Promise<void> {
    return this.#needs.auditFirst({ who, action, target, details: { host, folder, state } })
  }

  #made({ plan, address, looked }: Planned, wanted: Wanted, who: string): KeptDownload {
    const { host } = address.url
    return {
      ...{ id: randomUUID(), name: plan.name, folder: plan.folder, shown: shownAddress(address.url), host },
      ...{ bytes: plan.bytes, doneBytes: 0, state: 'waiting', reason: null, sha256: plan.sha256 },
      ...{ startedAt: this.#now(), finishedAt: null, startedBy: who, address: address.url.href },
      ...{ etag: looked.canResume ? looked.etag : null, credentialId: wanted.credentialId ?? null },
      privateHost: wanted.allowPrivate === true ? host : null,
    }
  }

  async #stop(id: string): Promise<void> {
    const run = this.#running.get(id)
    run?.abort.abort()
    await run?.done
  }

  #next(): void {
    if (this.#isClosing) return
    for (const download of this.#all) {
      if (this.#running.size >= mostAtOnce) return
      if (download.state === 'waiting' && !isHeld(download) && !this.#running.has(download.id)) this.#begin(download)
    }
  }

  #begin(download: KeptDownload): void {
    const run: Run = { abort: new AbortController(), bytesPerS: null, unlocks: this.#unlocks, done: Promise.resolve() }
    const { signal } = run.abort
    this.#running.set(download.id, run)
    run.done = this.#carryOut(download, run)
      .catch((error: unknown) => (signal.aborted ? undefined : this.#failed(download, run, error)))
      .then(() => (isOver(download) ? this.#audit(download, download.startedBy, 'models.download-ended') : undefined))
      .catch(this.#needs.reportBug)
      .finally(() => {
        this.#running.delete(download.id)
        this.#changed()
        this.#next()
      })
  }

  async #carryOut(download: KeptDownload, run: Run): Promise<void> {
    const { signal } = run.abort
    const { thread, arrived } = this.#needs
    await this.#set(download, { state: 'running', reason: null, doneBytes: await lengthOfPart(partOf(download)) })
    const [part, target] = [partOf(download), targetOf(download)]
    if (!(await isPlaced(part, target, download.placing))) {
      await this.#fetchAll(download, run)
      await this.#set(download, { state: 'verifying' })
      await verify(part, download, thread, signal)
      signal.throwIfAborted()
      // Written down first: a panel that ends in between knows its own file again.
      await this.#set(download, { placing: (await lookAt(part))?.inode })
      await place(part, target)
    }
    await this.#set(download, { state: 'done', doneBytes: download.bytes, finishedAt: this.#now() })
    arrived()
  }

  /** Fetches, again after a cut as long as each try has brought something. */
  async #fetchAll(download: KeptDownload, run: Run): Promise<void> {
    const { signal } = run.abort
    const { retryMs = usualRetryMs } = this.#needs
    let tries = 0
    // Of all tries: one that begins anew each time and ends sooner or later would otherwise never be the last.
    let most = download.doneBytes
    for (;;) {
      try {
        await this.#fetchOnce(download, run)
        return
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof Problem) || !passing.has(error.id)) throw error
        if (download.doneBytes > most) tries = 0
        most = Math.max(most, download.doneBytes)
        const wait = retryMs[tries++]
        if (wait === undefined) throw error
        await pause(wait, signal)
        signal.throwIfAborted()
      }
    }
  }

  async #fetchOnce(download: KeptDownload, run: Run): Promise<void> {
    const { url } = readAddress(download.address)
    const token = await this.#needs.tokenOf(download.credentialId)
    const { privateHost, bytes, etag, folder } = download
    // Days may have passed, and another disk may lie there than was looked at.
    const left = bytes - (await lengthOfPart(partOf(download)))
    const free = await (this.#needs.room ?? roomOn)(folder).catch(() => null)
    if (free !== null && free < left) throw new Problem('library.no-room', { free: gib(free), needed: gib(left) })
    const measured = createRate()
    let last = download.doneBytes
    await fetchRest(this.#ask, {
      ...{ url, token, privateHost, signal: run.abort.signal, part: partOf(download), bytes, etag },
      progress: (at) => {
        run.bytesPerS = measured.add(Math.max(0, at - last))
        last = at
        download.doneBytes = at
        this.#changed()
      },
    })
  }

  async #failed(download: KeptDownload, { unlocks }: Run, error: unknown): Promise<void> {
    const isKnown = error instanceof Problem
    const why: Reason = isKnown ? error.reason : new Problem('library.download-failed').reason
    if (!isKnown) this.#needs.reportBug(error)
    if (isKnown && worthless.has(error.id)) await rm(partOf(download), { force: true })
    const doneBytes = await lengthOfPart(partOf(download)).catch(() => 0)
    if (isKnown && error.id === 'vault.locked') {
      // Unlocked just now: it need not wait for the next time.
      const isHeldUp = unlocks === this.#unlocks
      await this.#set(download, { state: 'waiting', reason: isHeldUp ? why : null, doneBytes })
    } else await this.#set(download, { state: 'failed', reason: why, doneBytes })
  }
}

const isOver = ({ state }: Pick<KeptDownload, 'state'>): boolean => state === 'done' || state === 'failed'
