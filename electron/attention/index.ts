import { randomUUID } from 'node:crypto'
import type {
  Attention,
  AttentionSnooze,
  GpuReport,
  PanelEvent,
  ResolvedAttention,
  SnoozeLength,
} from '../../shared/contract'
import { Problem, reason, type Reason as ProblemReason } from '../../shared/problems'
import { coalesce } from '../async/coalesce'
import { createListeners, type Listen } from '../async/listeners'
import { systemClock, type Clock } from '../async/clock'
import { createSerial } from '../async/serial'
import { createThrottle } from '../async/throttle'
import type { Audit } from '../audit/audit'
import type { KeptFile } from '../storage/kept-file'
import type { AlertLimits } from '../../shared/alert-rules'
import { CardWarnings } from './cards'
import { attentionOf, marksOf, type Facts, type Reason } from './items'
import { emptyState, take, untilOf, weightOf, type AttentionState } from './memory'
import { readSources, type Source } from './sources'

/** Between two looks, in ms: services tell of themselves in bursts. */
const everyMs = 200

/** After a start nothing counts as over for so long, in ms: services and cards are not known yet. */
const settlingMs = 60_000

/** So many things are put aside at most. */
const mostSnoozes = 200

/** Longest time between two looks, in ms, once it has begun: a disk fills, and a key grows old, without an event. */
const longestMs = 60_000

export interface AttentionOptions {
  services: { list(): Facts['services'][number][]; invalid(): Facts['invalid'][number][] }
  engine: { status(): Facts['engine'] }
  vault: { status(): Facts['vault'] }
  /** Asked only while the vault is open. */
  credentials: { list(): Promise<Facts['credentials'][number][]> }
  /** Asked only while the vault is open. */
  policies: { schedules(): Promise<Facts['schedules'][number][]> }
  updates: { list(): Facts['updates'][number][] }
  notices: () => Reason[]
  /** What else may need a person; left out: nothing. */
  sources?: readonly Source[]
  /** Limits that were set in place of the usual. */
  limits?: () => AlertLimits
  clock?: Clock
  /** What is remembered of it; left out: for this run alone. */
  kept?: KeptFile<AttentionState>
  audit?: Pick<Audit, 'appendFirst'>
  publish: (event: PanelEvent) => void
  listen: Listen<[PanelEvent]>
  /** Tells every sample of the GPUs, of which there is one a second while somebody looks at them. */
  onGpus: Listen<[GpuReport]>
  reportBug: (error: unknown) => void
}

/** Faults of a card that pass only when somebody acts. */
const lasting: ReadonlySet<string> = new Set(['gpu.requires-reset', 'gpu.lost'])

/** What is wrong with the cards of a report, each fault once. */
function faultsOf({ reason, gpus }: GpuReport): Reason[] {
  const faults = [reason, ...gpus.map(({ warning }) => warning)].filter(
    (fault) => fault !== undefined && lasting.has(fault.problem),
  )
  return [...new Map(faults.flatMap((fault) => (fault ? [[fault.message, fault] as const] : []))).values()]
}

/** What is not known while no card tells of itself. */
const ofCards = ['gpu', 'gpu-hot', 'gpu-slowed', 'gpu-full'] as const

const sameAs = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

type Secrets = Pick<Facts, 'credentials' | 'schedules'>

/** What of the list an event may change: nothing, something, or also what is known of the vault's secrets. */
function bearingOf(event: PanelEvent): 'none' | 'list' | 'secrets' {
  switch (event.type) {
    case 'credential':
    case 'credential-removed':
    case 'rotation-schedule':
    case 'vault':
      return 'secrets'
    case 'service':
    case 'service-removed':
    case 'engine':
    case 'rotation':
    case 'door-test':
    case 'golden':
      return 'list'
    case 'update':
      // While one goes on it is told many times a second.
      return event.update.state === 'running' || event.update.state === 'rolling-back' ? 'none' : 'list'
    case 'rotation-round':
    case 'rotation-due':
    case 'generation':
    case 'generation-removed':
    case 'gallery':
    case 'workflows':
    case 'settings':
    case 'preferences':
    case 'gallery-shared':
    case 'gateway':
    case 'access':
    case 'user':
    case 'user-removed':
    case 'key':
    case 'sessions':
    case 'card':
    case 'deployment':
    case 'releases':
    case 'timeline':
    case 'attention':
    case 'alerts':
    case 'alert-told':
    case 'backups':
    case 'models':
    case 'load-test':
    case 'gap':
    case 'hello':
      return 'none'
    default:
      event satisfies never
      return 'none'
  }
}

/**
 * Keeps the list of what needs a person, and tells it whenever it changes: it looks again when something happened that
 * it may hang on.
 */
export class AttentionList {
  readonly #options: AttentionOptions
  readonly #look = coalesce(() => this.#lookOnce())
  readonly #soon = createThrottle(everyMs, () => {
    // A vault that closes in the middle says so itself, and then there is another look.
    void this.#look().catch((error: unknown) => error instanceof Problem || this.#options.reportBug(error))
  })
  readonly #looks
  readonly #ends: (() => void)[]
  #cardFaults: Reason[] = []
  readonly #cards: CardWarnings
  #areCardsKnown = false
  #cancelNext: () => void = () => undefined
  /** Reading them costs a look at every sink, so they are read again only when one has changed. */
  #secrets: Secrets = { credentials: [], schedules: [] }
  #areStale = true
  #last: Attention | null = null
  readonly #kept: KeptFile<AttentionState>
  readonly #inTurn = createSerial()
  readonly #settledAt: number

  constructor(options: AttentionOptions) {
    this.#options = options
    this.#kept = options.kept ?? { value: emptyState, setAside: null, save: () => Promise.resolve() }
    this.#settledAt = (options.clock ?? systemClock).now() + settlingMs
    this.#cards = new CardWarnings(options.limits)
    this.#looks = createListeners<[Attention]>(options.reportBug)
    this.#ends = [options.listen((event) => this.#onEvent(event)), options.onGpus((report) => this.#onGpus(report))]
  }

  /** What needs a person now. Throws a Problem when the vault is closed in the middle. */
  read(): Promise<Attention> {
    this.#areStale = true
    return this.#look()
  }

  /**
   * The same, by what is known of the sinks: what changes there tells of itself. For whoever asks all the time, as a
   * monitor does.
   */
  readKnown(): Promise<Attention> {
    return this.#look()
  }

  /** What is over, the last first. */
  resolved(): readonly ResolvedAttention[] {
    return this.#kept.value.resolved
  }

  /** What is to be told of the file. */
  notices(): ProblemReason[] {
    const { setAside } = this.#kept
    return setAside === null ? [] : [reason('attention.unreadable', { kept: setAside })]
  }

  /** Puts something aside for everybody. Throws `attention.not-found` for what is not open, and where it cannot be kept. */
  snooze({ about, length }: { about: string; length: SnoozeLength }, who: string): Promise<AttentionSnooze> {
    return this.#inTurn(async () => {
      const { clock = systemClock, audit } = this.#options
      const item = (await this.read()).items.find(({ id }) => id === about)
      if (!item) throw new Problem('attention.not-found', { id: about })
      const { snoozes } = this.#kept.value
      if (snoozes.length >= mostSnoozes) throw new Problem('alerts.too-many', { count: snoozes.length })
      const now = clock.now()
      const snooze: AttentionSnooze = { id: randomUUID(), about, since: now, until: untilOf(length, now) }
      await audit?.appendFirst({ who, action: 'attention.snoozed', target: about.slice(0, 200), details: { length } })
      await this.#change([...this.#kept.value.snoozes, { ...snooze, as: weightOf(item) }])
      return snooze
    })
  }

  /** Takes up again what was put aside. Throws `attention.not-found`. */
  unsnooze(id: string, who: string): Promise<{ id: string }> {
    return this.#inTurn(async () => {
      const found = this.#kept.value.snoozes.find((snooze) => snooze.id === id)
      if (!found) throw new Problem('attention.not-found', { id })
      const target = found.about.slice(0, 200)
      await this.#options.audit?.appendFirst({ who, action: 'attention.taken-up', target, details: {} })
      await this.#change(this.#kept.value.snoozes.filter((snooze) => snooze.id !== id))
      return { id }
    })
  }

  /** Tells of every look, whether anything was otherwise or not. */
  get onLook(): Listen<[Attention]> {
    return this.#looks.on
  }

  /** Whether a card is at one of its limits. */
  areCardsWarned(): boolean {
    return this.#cards.all().length > 0
  }

  /** Looks by itself from now on. */
  begin() {
    const { clock = systemClock } = this.#options
    this.#soon.push(null)
    this.#cancelNext = clock.after(longestMs, () => this.begin())
  }

  /** Something was changed that has no event of its own, as a limit. */
  lookAgain() {
    this.#soon.push(null)
  }

  /** Notices have no event of their own: who takes one away says so here. */
  noticesChanged() {
    this.#soon.push(null)
  }

  close() {
    for (const end of this.#ends) end()
    this.#cancelNext()
    this.#soon.drop()
  }

  #onEvent(event: PanelEvent) {
    const bearing = bearingOf(event)
    if (bearing === 'secrets') this.#areStale = true
    if (bearing !== 'none') this.#soon.push(null)
  }

  #onGpus(report: GpuReport) {
    const found = faultsOf(report)
    const isNews = this.#cards.take(report)
    const areKnown = report.state === 'live' || found.length > 0
    if (!isNews && areKnown === this.#areCardsKnown && sameAs(found, this.#cardFaults)) return
    this.#cardFaults = found
    this.#areCardsKnown = areKnown
    this.#soon.push(null)
  }

  async #lookOnce(): Promise<Attention> {
    const { services, engine, vault, updates, notices, publish, sources = [], limits = () => ({}) } = this.#options
    if (this.#areStale) await this.#readSecrets()
    const { found, unknown } = await readSources(sources, limits(), this.#options.reportBug)
    const facts: Facts = {
      ...this.#secrets,
      services: services.list(),
      invalid: services.invalid(),
      engine: engine.status(),
      vault: vault.status(),
      updates: updates.list(),
      notices: notices(),
      cardFaults: this.#cardFaults,
      cardWarnings: this.#cards.all(),
      found,
      unknown: [...unknown, ...(this.#areCardsKnown ? [] : ofCards)],
    }
    const next = this.#remember(facts)
    if (!sameAs(this.#last, next)) {
      this.#last = next
      publish({ type: 'attention', attention: next })
    }
    this.#looks.tell(next)
    return next
  }

  /** What is found, without what was put aside. */
  #remember(facts: Facts): Attention {
    const { clock = systemClock, reportBug } = this.#options
    const found = attentionOf(facts)
    const muted = new Set(facts.services.flatMap(({ id, muted: isMuted }) => (isMuted ? [id] : [])))
    const now = clock.now()
    const taken = take(this.#kept.value, { found, muted, now, isSettled: now >= this.#settledAt })
    this.#kept.value = taken.state
    if (taken.isNews) void this.#kept.save().catch(reportBug)
    const aside = new Set(taken.snoozed.map(({ id }) => id))
    return { ...found, ...marksOf(facts, aside), items: taken.items, snoozed: taken.snoozed }
  }

  /** Puts a change into effect; where it cannot be kept all is as before. */
  async #change(snoozes: AttentionState['snoozes']): Promise<void> {
    const before = this.#kept.value.snoozes
    this.#kept.value = { ...this.#kept.value, snoozes }
    try {
      await this.#kept.save()
    } catch (error) {
      this.#kept.value = { ...this.#kept.value, snoozes: before }
      throw error
    }
    await this.read()
  }

  async #readSecrets() {
    const { vault, credentials, policies } = this.#options
    // Before they are read: what changes meanwhile makes them stale again.
    this.#areStale = false
    try {
      this.#secrets =
        vault.status().state === 'open'
          ? { credentials: await credentials.list(), schedules: await policies.schedules() }
          : { credentials: [], schedules: [] }
    } catch (error) {
      this.#areStale = true
      throw error
    }
  }
}
