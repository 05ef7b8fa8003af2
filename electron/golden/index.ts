import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { AccountId, Golden, GoldenCheck, GoldenSettings, PanelEvent, Service } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { systemClock, type Clock } from '../async/clock'
import { tellEach } from '../async/tell-each'
import type { Listen } from '../async/listeners'
import type { Audit } from '../audit/audit'
import type { Cards } from '../cards'
import type { LoadOf } from '../rotation/policy'
import { fileErrorCode } from '../storage/files'
import { carryOut, endOf, usualPatience, type Checking, type CheckPorts, type GoldenPatience } from './checking'
import { Automatic } from './automatic'
import type { GoldenStore } from './store'

export { createGoldenStore } from './store'
export { provedOf } from './proved'
export type { GoldenPatience } from './checking'

export interface GoldenOptions extends Omit<CheckPorts, 'cards'> {
  store: GoldenStore
  /** Where images are kept, a folder a service. */
  folder: string
  cards: Pick<Cards, 'turn' | 'countOn' | 'beside'>
  services: () => readonly Service[]
  loadOf: LoadOf
  audit: Pick<Audit, 'append' | 'appendFirst'>
  publish: (event: Extract<PanelEvent, { type: 'golden' }>) => void
  listen: Listen<[PanelEvent]>
  /** From so many per cent on a check counts as slower. */
  limitPct: () => number
  clock?: Clock
  patience?: GoldenPatience
}

/** Who asks for a check. */
export interface Asking {
  trigger: GoldenCheck['trigger']
  by: AccountId | null
}

interface Running {
  check: GoldenCheck
  abort: AbortController
  done: Promise<GoldenCheck>
}

/** Checks of so many days are told. */
const toldMs = 30 * 24 * 3_600_000
const tellEveryMs = 200

const newCheck = (serviceId: string, { trigger, by }: Asking, now: number): GoldenCheck => ({
  ...{ id: randomUUID(), serviceId, trigger, by, state: 'waiting', startedAt: now, finishedAt: null },
  ...{ progress: { phase: 'waiting', step: null, steps: null }, made: null },
  conditions: { model: null, version: null, gpu: null },
  ...{ coldMs: null, warmMs: null, stepMs: null, vramMiB: null, vramTotalMiB: null, slowerPct: null },
  ...{ findings: [], hasPicture: false },
})

/**
 * Golden checks: the same prompt and seed on a service, again and again, measured and held against an image that a person
 * has accepted. One at a time on each service, in the line with everybody's jobs.
 */
export class GoldenPart {
  readonly #options: GoldenOptions
  readonly #clock: Clock
  readonly #patience: GoldenPatience
  readonly #running = new Map<string, Running>()
  readonly #automatic
  readonly #changed = tellEach<string>(tellEveryMs, (serviceId) => this.#options.publish({ type: 'golden', serviceId }))
  #stopListening: () => void = () => undefined

  constructor(options: GoldenOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#patience = options.patience ?? usualPatience
    const { store, services, cards, loadOf, reportBug } = options
    this.#automatic = new Automatic({
      ...{ services, cards, loadOf, reportBug, clock: this.#clock },
      settings: (id) => store.settings(id),
      lastAt: (id) => store.last(id)?.startedAt ?? null,
      isRunning: (id) => this.#running.has(id),
      run: async (id, trigger) => (await this.#start(id, { trigger, by: null }).done).state,
      yield: (id) => this.#running.get(id)?.abort.abort(new Problem('golden.yielded')),
      changed: (id) => this.#changed.note(id),
    })
  }

  /** Acts by itself from now on. */
  begin(): void {
    this.#stopListening = this.#options.listen((event) => {
      if (event.type === 'service-removed') void this.#forget(event.id).catch(this.#options.reportBug)
      this.#automatic.hear(event)
    })
    this.#automatic.look()
  }

  /** All of one service. Throws a Problem where there is none of that name. */
  read(serviceId: string): Golden {
    const { store, service, limitPct } = this.#options
    service(serviceId)
    const waits = this.#automatic.waits(serviceId)
    return {
      serviceId,
      settings: store.settings(serviceId),
      golden: store.golden(serviceId),
      running: this.#running.get(serviceId)?.check ?? null,
      checks: store.checks(serviceId, this.#clock.now() - toldMs),
      slowerLimitPct: limitPct(),
      ...(waits && { waits }),
    }
  }

  async change(serviceId: string, change: Partial<GoldenSettings>, who: string): Promise<Golden> {
    const { store, service, audit } = this.#options
    service(serviceId)
    const settings = { ...store.settings(serviceId), ...change }
    const { afterStart, afterUpdate, daily } = settings
    const on = Object.entries({ afterStart, afterUpdate, daily }).flatMap(([name, isOn]) => (isOn ? [name] : []))
    await audit.appendFirst({ who, action: 'golden.changed', target: serviceId, details: { on: on.join(' ') } })
    store.change(serviceId, settings)
    this.#automatic.look()
    this.#changed.note(serviceId)
    return this.read(serviceId)
  }

  /** Runs a check. Answers its end, or, without waiting, its beginning. Throws a Problem where the service is not ready. */
  async run(serviceId: string, by: AccountId, { wait = true } = {}): Promise<GoldenCheck> {
    const { check, done } = this.#start(serviceId, { trigger: 'asked', by })
    return wait ? done : check
  }

  /** Ends the check that runs; answers how it ended. */
  cancel(serviceId: string): Promise<GoldenCheck> {
    this.#options.service(serviceId)
    const running = this.#running.get(serviceId)
    if (!running) throw new Problem('golden.not-running', { id: serviceId })
    running.abort.abort()
    return running.done
  }

  /** Makes the image of a check the one that the others are held against. */
  async accept(serviceId: string, checkId: string, who: string): Promise<Golden> {
    const { store, service, audit } = this.#options
    service(serviceId)
    const check = store.find(serviceId, checkId)
    if (!check) throw new Problem('golden.check-not-found', { id: checkId })
    if (!check.hasPicture) throw new Problem('golden.image-gone')
    if (check.state === 'failed') throw new Problem('golden.image-failed')
    await audit.appendFirst({ who, action: 'golden.accepted', target: serviceId, details: { check: checkId } })
    store.accept(serviceId, checkId)
    await this.#tidy(serviceId)
    this.#changed.note(serviceId)
    return this.read(serviceId)
  }

  /** The image of a check, as PNG. */
  async picture(serviceId: string, checkId: string): Promise<Buffer> {
    const { store, service } = this.#options
    service(serviceId)
    if (!store.find(serviceId, checkId)) throw new Problem('golden.check-not-found', { id: checkId })
    return readFile(this.#fileOf(serviceId, checkId)).catch((error: unknown) => {
      throw fileErrorCode(error) === 'ENOENT' ? new Problem('golden.image-gone') : error
    })
  }

  /** How the last check of each service that has one stands. */
  standing() {
    const { services, store } = this.#options
    return services().flatMap(({ id }) => {
      const last = store.last(id)
      if (!last) return []
      const { state, reason: why = null, slowerPct, finishedAt, startedAt } = last
      return [{ serviceId: id, at: finishedAt ?? startedAt, slowerPct, failed: state === 'failed' ? why : null }]
    })
  }

  /** Ends what runs, off its services. */
  async close(): Promise<void> {
    this.#stopListening()
    this.#automatic.close()
    for (const { abort } of this.#running.values()) abort.abort()
    await Promise.all([...this.#running.values()].map(({ done }) => done))
    this.#changed.drop()
  }

  #fileOf(serviceId: string, checkId: string): string {
    return path.join(this.#options.folder, serviceId, `${checkId}.png`)
  }

  #start(serviceId: string, asking: Asking): Running {
    const { health, operation } = this.#options.service(serviceId)
    if (this.#running.has(serviceId)) throw new Problem('golden.busy', { id: serviceId })
    if (health.state !== 'ready' || operation !== null) throw new Problem('golden.not-ready', { id: serviceId })
    const abort = new AbortController()
    const running: Running = {
      check: newCheck(serviceId, asking, this.#clock.now()),
      abort,
      done: Promise.resolve().then(() => this.#carryOut(running)),
    }
    this.#running.set(serviceId, running)
    this.#changed.note(serviceId)
    return running
  }

  async #carryOut(running: Running): Promise<GoldenCheck> {
    const { store, limitPct, reportBug } = this.#options
    const { id, serviceId } = running.check
    const file = this.#fileOf(serviceId, id)
    const golden = store.golden(serviceId)
    const checking: Checking = {
      check: () => running.check,
      change: (change) => {
        running.check = { ...running.check, ...change }
        this.#changed.note(serviceId)
      },
      settings: store.settings(serviceId),
      golden: golden && { check: golden, file: this.#fileOf(serviceId, golden.id) },
      before: store.checks(serviceId, 0, 200),
      ...{ file, limitPct: limitPct(), patience: this.#patience, signal: running.abort.signal },
    }
    try {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
      await carryOut(this.#options, checking)
    } catch (error) {
      if (!(error instanceof Problem) && !running.abort.signal.aborted) reportBug(error)
      checking.change(endOf(error, running.abort.signal))
    }
    return this.#finish(running)
  }

  async #finish(running: Running): Promise<GoldenCheck> {
    const { store, services, reportBug } = this.#options
    const { serviceId } = running.check
    running.check = { ...running.check, finishedAt: this.#clock.now(), progress: null }
    this.#running.delete(serviceId)
    const { trigger, state } = running.check
    const cameToNothing = trigger !== 'asked' && (state === 'skipped' || state === 'cancelled')
    // The service may have been removed meanwhile; and what Regie tries again by itself is no news.
    if (services().some(({ id }) => id === serviceId)) {
      if (!cameToNothing) store.add(running.check)
      await this.#tidy(serviceId).catch(reportBug)
    } else await this.#forget(serviceId).catch(reportBug)
    this.#changed.note(serviceId)
    this.#automatic.look()
    return running.check
  }

  /** Keeps the images of the golden check and of the last that has one; the others go. */
  async #tidy(serviceId: string): Promise<void> {
    const { store, folder } = this.#options
    const own = path.join(folder, serviceId)
    const all = store.checks(serviceId)
    const kept = new Set([store.golden(serviceId)?.id, all.find(({ hasPicture }) => hasPicture)?.id])
    for (const check of all) if (check.hasPicture && !kept.has(check.id)) store.update({ ...check, hasPicture: false })
    const names = await readdir(own).catch((error: unknown) => {
      if (fileErrorCode(error) === 'ENOENT') return []
      throw error
    })
    const running = this.#running.get(serviceId)?.check.id
    for (const name of names) {
      const id = path.basename(name, '.png')
      if (!kept.has(id) && id !== running) await rm(path.join(own, name), { force: true })
    }
  }

  async #forget(serviceId: string): Promise<void> {
    this.#running.get(serviceId)?.abort.abort()
    this.#options.store.forget(serviceId)
    await rm(path.join(this.#options.folder, serviceId), { recursive: true, force: true })
  }
}
