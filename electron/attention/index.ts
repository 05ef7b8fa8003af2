import type { Attention, GpuReport, PanelEvent } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { coalesce } from '../async/coalesce'
import { createListeners, type Listen } from '../async/listeners'
import { systemClock, type Clock } from '../async/clock'
import { createThrottle } from '../async/throttle'
import type { AlertLimits } from '../../shared/alert-rules'
import { CardWarnings } from './cards'
import { attentionOf, type Facts, type Reason } from './items'
import { readSources, type Source } from './sources'

/** Between two looks, in ms: services tell of themselves in bursts. */
const everyMs = 200

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
const ofCards = ['gpu', 'gpu-hot', 'gpu-full'] as const

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
    case 'timeline':
    case 'attention':
    case 'alerts':
    case 'alert-told':
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

  constructor(options: AttentionOptions) {
    this.#options = options
    this.#cards = new CardWarnings(options.limits)
    this.#looks = createListeners<[Attention]>(options.reportBug)
    this.#ends = [options.listen((event) => this.#onEvent(event)), options.onGpus((report) => this.#onGpus(report))]
  }

  /** What needs a person now. Throws a Problem when the vault is closed in the middle. */
  read(): Promise<Attention> {
    this.#areStale = true
    return this.#look()
  }

  /** Tells of every look, whether anything was otherwise or not. */
  get onLook(): Listen<[Attention]> {
    return this.#looks.on
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
    const next = attentionOf({
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
    })
    if (!sameAs(this.#last, next)) {
      this.#last = next
      publish({ type: 'attention', attention: next })
    }
    this.#looks.tell(next)
    return next
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
