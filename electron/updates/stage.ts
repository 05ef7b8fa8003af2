import type { ServiceConfig, Update } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { ServiceClaim } from '../services/services'
import type { Serial } from '../async/serial'
import type { Containers } from './containers'
import type { Images } from './images'
import type { JournalEntry, UpdateFacts, UpdateJournal } from './journal'
import type { Patience, UpdateParts } from './parts'
import { createUpdateRecord } from './record'
import type { UpdateEnd } from './run'
import type { UpdateRun } from './run-parts'

export interface StagePorts {
  parts: UpdateParts
  patience: Patience
  images: Images
  containers: Containers
  journal: UpdateJournal
  inTurn: Serial
}

/** What a run begins with, or goes on with. */
export interface RunStart {
  update: Update
  facts: UpdateFacts
  config: ServiceConfig
  claim: ServiceClaim
  who: string
}

interface Active {
  controller: AbortController
  ended: Promise<void>
}

/** The words of the audit log for how an update ended. */
const actions = { switched: 'update.switched', 'rolled-back': 'update.rolled-back', failed: 'update.failed' } as const

/** Where updates run: each has its service for itself, is remembered, and tells of each change. */
export class Stage {
  readonly ports: StagePorts
  readonly #known: Map<string, Update>
  readonly #active = new Map<string, Active>()

  constructor(ports: StagePorts) {
    this.ports = ports
    this.#known = new Map(ports.journal.entries().map(({ update }) => [update.id, update]))
  }

  readonly list = (): Update[] => [...this.#known.values()].sort((a, b) => b.startedAt - a.startedAt)

  /** Throws `updates.not-found`. */
  readonly get = (id: string): Update => {
    const update = this.#known.get(id)
    if (!update) throw new Problem('updates.not-found', { id })
    return update
  }

  /** What was noted last of an update. */
  entry(id: string): JournalEntry {
    const entry = this.ports.journal.entries().find(({ update }) => update.id === id)
    if (!entry) throw new Problem('updates.not-found', { id })
    return entry
  }

  isThere(serviceId: string): boolean {
    return this.ports.parts.services.list().some(({ id }) => id === serviceId)
  }

  /** The updates of the stack that a service is of now, the newest first: its id may have been another's before. */
  of({ id: serviceId, compose }: ServiceConfig): Update[] {
    const isOf = (id: string) => this.entry(id).facts.spec.file === compose?.file
    return this.list().filter((update) => update.serviceId === serviceId && isOf(update.id))
  }

  /** Takes a service for an update alone. Throws `service.busy`, and `updates.running` for a second one. */
  claim(serviceId: string): ServiceClaim {
    return this.ports.parts.services.claim(serviceId, () => new Problem('updates.running', { id: serviceId }))
  }

  /** Starts a run; what it ends with is noted, told and remembered. */
  launch(start: RunStart, work: (run: UpdateRun) => Promise<UpdateEnd>): Promise<void> {
    const { update, facts, config, claim, who } = start
    const controller = new AbortController()
    const record = createUpdateRecord(update, { now: Date.now, changed: (changed) => this.changed(changed) })
    const run: UpdateRun = { ...this.ports, record, facts, config, claim, who, signal: controller.signal }
    this.changed(update)
    const ended = this.#finish(run, work).finally(() => this.#active.delete(update.id))
    this.#active.set(update.id, { controller, ended })
    return ended
  }

  /** Stops what runs, and resolves when it is back, or had switched at that moment. */
  async abort(id: string, why?: Problem): Promise<void> {
    const active = this.#active.get(id)
    active?.controller.abort(why)
    await active?.ended
  }

  changed(update: Update): void {
    this.#known.set(update.id, update)
    this.ports.parts.publish({ type: 'update', update })
  }

  async close(): Promise<void> {
    const why = new Problem('updates.interrupted')
    await Promise.all([...this.#active.keys()].map((id) => this.abort(id, why)))
  }

  async #finish(run: UpdateRun, work: (run: UpdateRun) => Promise<UpdateEnd>): Promise<void> {
    const { parts, journal } = this.ports
    const { record, facts, config, claim, who } = run
    try {
      const state = await work(run)
      const { id, from, to, reason, failedStep } = record.snapshot()
      const finishedAt = Date.now()
      // Told once it is written down: whoever hears of the end finds it in the audit log.
      const details = { update: id, from, to, ...(reason && { step: failedStep ?? '', problem: reason.problem }) }
      await parts.audit.append({ who, action: actions[state], target: config.id, details })
      await journal.note({ at: finishedAt, step: null, update: { ...record.snapshot(), state, finishedAt }, facts })
      claim.release()
      record.change({ state, finishedAt })
    } catch (error) {
      parts.reportBug(error)
    } finally {
      claim.release()
      await parts.services.probe(config.id).catch(() => undefined) // it may be gone by now
    }
  }
}
