import { createHash, randomUUID } from 'node:crypto'
import * as z from 'zod'
import { ModelsMove, type ModelsFolder, type ModelsProof, type ModelsReading } from '../../../shared/contract'
import { Problem, reason } from '../../../shared/problems'
import { createWake } from '../../async/wake'
import type { Audit } from '../../audit/audit'
import { isModelsOnWindows } from '../../compose/files/windows-drive'
import type { Engine } from '../engine'
import { containerProblem } from '../exec'
import { measureReading } from '../read-rate'
import type { ImageRoom } from '../room/free'
import { carryOut } from './carry-out'
import { removeLeftHelpers } from './helper'
import { openJournal, type CopyEntry, type Journal } from './journal'

export interface ModelsCopiesOptions {
  engine: Pick<Engine, 'client' | 'containers' | 'status'>
  journalFile: string
  /** The container behind a service. Throws a Problem when there is none. */
  containerOf: (serviceId: string) => { id: string }
  /** The models that a service lists. Throws a Problem when it does not answer. */
  modelsOf: (serviceId: string, signal: AbortSignal) => Promise<string[]>
  /** How much room there is where volumes lie. */
  room: () => Promise<ImageRoom>
  /** Written before anything is made; what cannot be written is not done. */
  auditFirst: Audit['appendFirst']
  reportBug: (error: unknown) => void
  now?: () => number
  /** Whether a mount is a folder of models on a drive of Windows. */
  isOnDrive?: (mount: { source: string; target: string }) => boolean
  /** How a copy is cut, in MiB. */
  pieceMiB?: number
}

const Inspected = z.object({
  Image: z.string(),
  State: z.object({ Running: z.boolean() }),
  Mounts: z
    .array(
      z.object({
        Type: z.string(),
        Name: z.string().optional(),
        Source: z.string().catch(''),
        Destination: z.string(),
      }),
    )
    .nullish(),
})

/** Read at most, as the measure says; and how long that may take. */
const readMiB = 488 // 512 MB
const readMs = 60_000
const askModelsMs = 15_000

interface Running {
  entry: CopyEntry
  abort: AbortController
  done: Promise<void>
}

/** Whatever a page is told; the plan with its hashes stays here. */
const toldOf = (entry: CopyEntry): ModelsMove => ModelsMove.parse(entry)

export const volumeNameOf = (serviceId: string, target: string): string =>
  `regie-models-${serviceId}-${createHash('sha256').update(target).digest('hex').slice(0, 6)}`

/** Copies folders of models from drives of Windows into volumes, one at a time; never touches the originals. */
export class ModelsCopies {
  readonly #options: Required<ModelsCopiesOptions>
  readonly #journal: Journal
  readonly #changed = createWake()
  #running: Running | null = null
  #isClosing = false

  constructor(options: ModelsCopiesOptions, journal: Journal) {
    this.#options = { now: Date.now, isOnDrive: isModelsOnWindows, pieceMiB: 128, ...options }
    this.#journal = journal
    void this.#clearUp()
  }

  /** Folders of models on a drive of Windows, and those that were and are copied. Throws a Problem. */
  async foldersOf(serviceId: string): Promise<ModelsFolder[]> {
    const { mounts } = await this.#inspect(serviceId)
    const copies = this.#journal.of(serviceId)
    const onDrive = mounts.filter(({ isOnDrive }) => isOnDrive)
    const targets = new Set([...onDrive, ...copies].map(({ target }) => target))
    return [...targets].map((target) => {
      const copy = copies.find((one) => one.target === target) ?? null
      const mount = mounts.find((one) => one.target === target)
      return {
        target,
        source: onDrive.find((one) => one.target === target)?.source ?? copy?.source ?? '',
        reading: this.#journal.reading(serviceId, target),
        copy: copy && toldOf(copy),
        isSwitched: copy !== null && mount?.volume === copy.volume,
      }
    })
  }

  /** Reads 512 MB of a folder in the running container; null where that cannot be told. Throws a Problem. */
  async measure(serviceId: string, target: string, signal: AbortSignal): Promise<ModelsReading | null> {
    const { id, mounts, isRunning } = await this.#inspect(serviceId)
    if (!isRunning) throw new Problem('models.not-running', { id: serviceId })
    const isKnown = mounts.some((one) => one.target === target && (one.isOnDrive || one.volume !== null))
    if (!isKnown) throw new Problem('models.not-on-drive', { target })
    const found = await measureReading(this.#options.engine, id, target, {
      mostMiB: readMiB,
      timeoutMs: readMs,
      signal,
    })
    if (found === null) return null
    const { rate, bytes, passedCache } = found
    const reading: ModelsReading = {
      ...{ mbPerS: Math.round(rate * 10) / 10, bytes, at: this.#options.now() },
      cache: passedCache ? 'passed' : 'maybe',
    }
    await this.#journal.keepReading(serviceId, target, reading)
    return reading
  }

  /** Volumes that hold a verified copy of what the service mounts. */
  copiesOf(serviceId: string): { target: string; volume: string }[] {
    return this.#journal
      .of(serviceId)
      .flatMap(({ state, target, volume }) => (state === 'copied' ? [{ target, volume }] : []))
  }

  /**
   * Copies a folder into a volume of its own and verifies it, going on where an earlier copy ended. Answers the end, or
   * without waiting the beginning. Throws a Problem before anything is made.
   */
  async begin(serviceId: string, target: string, { who, waits }: { who: string; waits: boolean }): Promise<ModelsMove> {
    if (this.#running) throw new Problem('models.busy', { id: this.#running.entry.serviceId })
    const abort = new AbortController()
    const former = this.#journal.get(serviceId, target)
    const entry = this.#entryOf(former, { serviceId, target, who })
    const begun = this.#begin(entry, former)
    const done = begun.then((image) => this.#carryOut(entry, image, abort.signal))
    // Taken before anything is awaited, so that a second call is refused.
    this.#running = { entry, abort, done: done.catch(() => undefined) }
    try {
      await begun
    } catch (error) {
      this.#running = null
      throw error
    }
    if (waits) await done
    return toldOf(entry)
  }

  /** The copy as it goes on, and its end. */
  async *watch(serviceId: string, target: string, signal: AbortSignal): AsyncGenerator<ModelsMove, void, undefined> {
    const changed = this.#changed.reader()
    while (!signal.aborted) {
      const entry = this.#journal.get(serviceId, target)
      if (entry) yield toldOf(entry)
      if (entry?.state !== 'copying' && entry?.state !== 'verifying') return
      await changed(signal)
    }
  }

  /** Stops the copy; what is there is kept, and a later one goes on from there. Throws `models.not-copying`. */
  async cancel(serviceId: string, target: string): Promise<ModelsMove> {
    const running = this.#running
    if (running?.entry.serviceId !== serviceId || running.entry.target !== target)
      throw new Problem('models.not-copying')
    running.abort.abort()
    await running.done
    return toldOf(running.entry)
  }

  /** Compares the models that the service lists now with those before the copy. Throws a Problem. */
  async prove(serviceId: string, target: string, signal: AbortSignal): Promise<ModelsProof> {
    const folder = (await this.foldersOf(serviceId)).find((one) => one.target === target)
    if (!folder?.isSwitched) throw new Problem('models.not-switched', { id: serviceId })
    const found = await this.#options.modelsOf(serviceId, signal)
    const before = folder.copy?.modelsBefore ?? null
    const there = new Set(found)
    return {
      ...{ at: this.#options.now(), now: found.length, before: before?.length ?? null },
      missing: (before ?? []).filter((name) => !there.has(name)),
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.#running?.abort.abort()
    await this.#running?.done
  }

  #entryOf(
    former: CopyEntry | null,
    { serviceId, target, who }: { serviceId: string; target: string; who: string },
  ): CopyEntry {
    return {
      ...{ id: former?.id ?? randomUUID(), serviceId, target, startedBy: who, startedAt: this.#options.now() },
      ...{ source: '', volume: volumeNameOf(serviceId, target), state: 'copying', finishedAt: null },
      ...{ files: 0, totalBytes: 0, copiedBytes: 0, verifiedBytes: 0, bytesPerS: null, current: null },
      ...{ pieceMiB: former?.pieceMiB ?? this.#options.pieceMiB, plan: former?.plan ?? [] },
      modelsBefore: former?.modelsBefore ?? null,
    }
  }

  /** Everything that can be refused; the image of the service's container. */
  async #begin(entry: CopyEntry, former: CopyEntry | null): Promise<string> {
    const { auditFirst, modelsOf, engine } = this.#options
    const { serviceId, target, volume } = entry
    const { image, mounts } = await this.#inspect(serviceId)
    const mount = mounts.find((one) => one.target === target && one.isOnDrive)
    if (!mount) throw new Problem('models.not-on-drive', { target })
    entry.source = mount.source
    // Of another folder nothing that was copied counts.
    if (former && former.source !== mount.source) entry.plan = []
    entry.modelsBefore ??= await modelsOf(serviceId, AbortSignal.timeout(askModelsMs)).catch(() => null) // it need not answer
    await removeLeftHelpers(engine, [entry.id])
    const details = { folder: mount.source, volume }
    await auditFirst({ who: entry.startedBy, action: 'models.copy-started', target: serviceId, details })
    await this.#journal.keep(entry)
    return image
  }

  /** Never rejects. */
  async #carryOut(entry: CopyEntry, image: string, signal: AbortSignal): Promise<void> {
    const { engine, room, now, auditFirst, reportBug } = this.#options
    try {
      const tell = async (change: Partial<CopyEntry>, keeps: boolean) => {
        Object.assign(entry, change)
        this.#changed.wake()
        if (keeps) await this.#journal.keep(entry)
      }
      await carryOut(entry, { engine, image, room, signal, tell })
      entry.state = 'copied'
    } catch (error) {
      if (signal.aborted) entry.state = this.#isClosing ? 'interrupted' : 'cancelled'
      else {
        entry.state = 'failed'
        if (!(error instanceof Problem)) reportBug(error)
        entry.reason = error instanceof Problem ? error.reason : reason('models.failed')
      }
    }
    Object.assign(entry, { finishedAt: now(), bytesPerS: null, current: null })
    const details = { outcome: entry.state, volume: entry.volume, megabytes: Math.round(entry.copiedBytes / 1e6) }
    await this.#journal.keep(entry).catch(reportBug)
    const ended = { who: entry.startedBy, action: 'models.copy-ended', target: entry.serviceId, details }
    await auditFirst(ended).catch(reportBug)
    this.#running = null
    this.#changed.wake()
  }

  async #inspect(serviceId: string) {
    const { engine, containerOf, isOnDrive } = this.#options
    const { id } = containerOf(serviceId)
    const client = await engine.client()
    const answer: unknown = await client
      .getContainer(id)
      .inspect()
      .catch((error: unknown) => {
        throw containerProblem(error, id)
      })
    const { Image, State, Mounts } = Inspected.parse(answer)
    const mounts = (Mounts ?? []).map(({ Type, Name, Source, Destination }) => ({
      target: Destination,
      source: Source,
      volume: Type === 'volume' ? (Name ?? null) : null,
      isOnDrive: Type === 'bind' && isOnDrive({ source: Source, target: Destination }),
    }))
    return { id, image: Image, isRunning: State.Running, mounts }
  }

  /** What a killed panel left running; where there is no engine, the next copy does it. */
  async #clearUp(): Promise<void> {
    const left = this.#journal.interrupted()
    if (left.length === 0) return
    await removeLeftHelpers(this.#options.engine, left).catch((error: unknown) => {
      if (!(error instanceof Problem)) this.#options.reportBug(error)
    })
  }
}

/** Opens the copies with what is known of earlier ones. */
export const openModelsCopies = async (options: ModelsCopiesOptions): Promise<ModelsCopies> =>
  new ModelsCopies(options, await openJournal(options.journalFile, options.now ?? Date.now))
