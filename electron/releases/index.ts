import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Releases as Status, ReleaseSettings } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { systemClock, type Clock } from '../async/clock'
import { coalesce } from '../async/coalesce'
import { createThrottle } from '../async/throttle'
import { FeedRefused } from './description'
import { download, isAsDescribed } from './download'
import { offeredBy, type Offer } from './feed'
import { openReleaseMemory, type ReleaseMemory } from './memory'
import type { ReadyRelease, ReleaseOptions } from './parts'
import { createReleaseSettings } from './settings'
import type { Target } from './target'

export { readReleaseKey } from './description'
export type { ReadyRelease, ReleaseInstaller } from './parts'
export { packagingOf, type Packaging } from './target'

/** Between two looks, in ms. */
const everyMs = 6 * 60 * 60_000
/** The first look, in ms after the start, when everything else has begun. */
const firstMs = 60_000
/** How long a feed may take, in ms. */
const patienceMs = 15_000
/** How often it is looked whether something is under way, and for how long nothing must have been, in ms. */
const idleEveryMs = 60_000
const idleForMs = 10 * 60_000
/** Between two times that a download's progress is told, in ms. */
const tellEveryMs = 500

type Offered = Offer & {
  step: NonNullable<Status['offer']>['step']
  received: number
  failed: Reason | null
}

/** New versions of Regie: looked for where a feed is set, and fetched and installed where a signature holds. */
export async function openReleases(options: ReleaseOptions): Promise<Releases> {
  return new Releases(options, await openReleaseMemory(options.memoryFile))
}

export class Releases {
  readonly #options: ReleaseOptions
  readonly #memory: ReleaseMemory
  readonly #settings
  readonly #clock: Clock
  /** From 0 to 99. */
  readonly #place: number
  readonly #target: Target
  readonly #tell = createThrottle<null>(tellEveryMs, () => this.#tellNow())
  #told = ''
  #toldNotices = '[]'
  #offer: Offered | null = null
  #refused: Reason | null = null
  #lookedAt: number | null = null
  #fetching: AbortController | null = null
  #cancelLook: () => void = () => undefined
  #cancelIdle: () => void = () => undefined
  #quietSince: number | null = null
  #isClosed = false
  /** Asks the feed now, and answers when it has; nothing where none is set. */
  readonly look = coalesce(() => this.#look())

  constructor(options: ReleaseOptions, memory: ReleaseMemory) {
    this.#options = options
    this.#memory = memory
    this.#clock = options.clock ?? systemClock
    this.#settings = createReleaseSettings(options)
    this.#place = createHash('sha256').update(options.installation).digest().readUInt16BE() % 100
    this.#target = { ...options.system, packaging: options.installer?.packaging ?? null }
  }

  read(): Status {
    const { installer, key, current } = this.#options
    const offer = this.#offer
    const isReady = offer?.step === 'ready' || offer?.step === 'installing'
    return {
      ...this.#settings.read(),
      ...{ current, fixed: this.#settings.fixed() },
      installs: installer && key ? installer.how : 'never',
      never: !installer ? reason('release.not-here') : key ? null : reason('release.no-key'),
      ...{ lookedAt: this.#lookedAt, refused: this.#refused },
      offer: offer && {
        ...{ version: offer.version, step: offer.step, received: offer.received, failed: offer.failed },
        size: offer.file?.size ?? null,
        file: isReady ? this.#fileOf(offer) : null,
      },
      waitsFor: offer === null ? [] : this.#options.underWay(),
    }
  }

  /** A newer version that is there, one that did not come to run, or a feed that is not believed. */
  notices(): Reason[] {
    const { current } = this.#options
    const attempt = this.#memory.attempt()
    const failed = attempt?.from === current ? [reason('release.not-installed', { version: attempt.to, current })] : []
    // A network that is away says nothing of versions.
    const refused = this.#refused?.problem === 'release.refused' && this.#refused.params['detail'] !== 'unreachable'
    if (refused && this.#refused) return [...failed, this.#refused]
    const { feed } = this.#settings.read()
    return this.#offer && feed !== null
      ? [...failed, reason('release.available', { version: this.#offer.version, address: feed })]
      : failed
  }

  async change(asked: Partial<ReleaseSettings>, who: string): Promise<Status> {
    const before = this.#settings.read()
    await this.#settings.change(asked, who)
    const after = this.#settings.read()
    if (after.feed !== before.feed || after.channel !== before.channel) {
      this.#fetching?.abort()
      this.#offer = this.#refused = this.#lookedAt = null
      this.begin(0)
    }
    this.#tellNow()
    if (after.automatic) this.#goOn()
    return this.read()
  }

  /** Begins to fetch what is offered. Throws `release.nothing-offered`. */
  download(): Status {
    const offer = this.#offer
    if (offer?.step === 'offered') this.#fetch(offer)
    else if (offer?.step !== 'downloading' && offer?.step !== 'ready') throw new Problem('release.nothing-offered')
    return this.read()
  }

  /** Stops fetching; what is there is kept. */
  cancel(): Status {
    this.#fetching?.abort()
    return this.read()
  }

  /**
   * Has the version that is ready installed, on somebody's word. Throws `release.not-ready`, `release.busy`,
   * `release.wrong-file`, `release.failed`, and `audit.write-failed`; the version that runs stays then.
   */
  async install(who: string): Promise<Status> {
    const { installer, auditFirst } = this.#options
    const offer = this.#offer
    if (!installer || offer?.step !== 'ready') throw new Problem('release.not-ready')
    if (installer.how === 'restart') this.#refuseBusy()
    offer.step = 'installing'
    this.#tellNow()
    try {
      await auditFirst({ who, action: 'release.install', target: offer.version })
      const ready = await this.#prepare(offer)
      // Once more, with nothing to wait for in between: whatever has begun meanwhile comes first.
      if (installer.how === 'restart') this.#refuseBusy()
      await installer.take(ready).catch((error: unknown) => {
        this.#options.reportBug(error)
        throw new Problem('release.failed', { detail: error instanceof Error ? error.name : 'unknown' })
      })
      if (installer.how === 'open') offer.step = 'ready'
    } catch (error) {
      if (offer.step === 'installing') offer.step = 'ready'
      offer.failed = error instanceof Problem && error.id !== 'release.busy' ? error.reason : null
      await this.#memory.tries(null)
      this.#tellNow()
      throw error
    }
    this.#tellNow()
    return this.read()
  }

  /** What is to be installed when the program ends, because that was chosen and nothing is under way; null for nothing. */
  async atQuit(): Promise<ReadyRelease | null> {
    const { installer, underWay, auditFirst } = this.#options
    const offer = this.#offer
    if (installer?.how !== 'restart' || offer?.step !== 'ready' || !this.#mayByItself(offer)) return null
    if (underWay().length > 0) return null
    await auditFirst({ who: 'regie', action: 'release.install', target: offer.version })
    return this.#prepare(offer).catch((error: unknown) => {
      if (error instanceof Problem) return null
      throw error
    })
  }

  /** Something happened that a new version may have waited for. */
  notice(): void {
    if (this.#offer?.step === 'ready') this.#tell.push(null)
  }

  /** Looks by itself from now on, where a feed is set. */
  begin(inMs = firstMs): void {
    this.#cancelLook()
    if (this.#isClosed || this.#settings.read().feed === null) return
    const after = (ms: number) => {
      this.#cancelLook = this.#clock.after(ms, () => {
        void this.look().then(() => this.#isClosed || after(everyMs), this.#options.reportBug)
      })
    }
    after(inMs)
  }

  close(): void {
    this.#isClosed = true
    this.#cancelLook()
    this.#cancelIdle()
    this.#tell.drop()
    this.#fetching?.abort()
  }

  async #look(): Promise<void> {
    const { current, key, reportBug } = this.#options
    const { feed, channel } = this.#settings.read()
    if (feed === null || this.#isClosed) return
    const of = `${channel} ${feed}`
    const asking = { feed, channel, current, place: this.#place, target: this.#target, key }
    try {
      const signal = AbortSignal.timeout(patienceMs)
      const offer = await offeredBy({ ...asking, newest: this.#memory.newestOf(of), signal })
      const now = this.#settings.read()
      // Another feed was set meanwhile.
      if (now.feed !== feed || now.channel !== channel) return
      if (offer?.signed) await this.#memory.offered(of, offer.version)
      this.#refused = null
      await this.#take(offer)
    } catch (error) {
      if (error instanceof FeedRefused) this.#refuse(error)
      else reportBug(error)
    }
    this.#lookedAt = this.#clock.now()
    this.#tellNow()
  }

  #refuse({ why }: FeedRefused): void {
    this.#refused = reason('release.refused', { detail: why })
    // What was fetched is what was signed, whatever the feed says now; what was only told was this feed's word.
    const isOnlyTold = this.#offer?.step === 'told' || this.#offer?.step === 'offered'
    if (why !== 'unreachable' && isOnlyTold) this.#offer = null
  }

  async #take(offer: Offer | null): Promise<void> {
    const had = this.#offer
    if (had?.step === 'downloading' || had?.step === 'installing') return
    const isKnown =
      had?.version === offer?.version && had?.file?.sha512 === offer?.file?.sha512 && had?.signed === offer?.signed
    if (!isKnown) {
      const next: Offered | null = offer && {
        ...offer,
        step: offer.file ? 'offered' : 'told',
        received: 0,
        failed: null,
      }
      this.#offer = next
      await this.#tidy()
      if (next?.file && (await isAsDescribed(this.#fileOf(next), next.file))) next.step = 'ready'
    }
    this.#goOn()
  }

  #fileOf = ({ version }: Offered): string =>
    // Nothing of it is the feed's but the version, which has the form of one.
    path.join(this.#options.folder, `Regie-${version}.${this.#target.packaging ?? 'file'}`)

  /** Takes away what was fetched of other versions. */
  async #tidy(): Promise<void> {
    const { folder } = this.#options
    const kept = this.#offer === null ? null : path.basename(this.#fileOf(this.#offer))
    const names = await readdir(folder).catch(() => [])
    for (const name of names.filter((one) => kept === null || (one !== kept && one !== `${kept}.part`)))
      await rm(path.join(folder, name), { force: true })
  }

  #fetch(offer: Offered): void {
    if (!offer.file) return
    const stop = new AbortController()
    this.#fetching = stop
    offer.step = 'downloading'
    offer.failed = null
    const progress = (bytes: number) => {
      offer.received = bytes
      this.#tell.push(null)
    }
    void download({ file: offer.file, to: this.#fileOf(offer), signal: stop.signal, progress }).then(
      () => this.#fetched(offer, 'ready', null),
      (error: unknown) => {
        if (!(error instanceof Problem) && !stop.signal.aborted) this.#options.reportBug(error)
        const why = error instanceof Problem ? error.reason : reason('release.failed', { detail: 'unknown' })
        this.#fetched(offer, 'offered', stop.signal.aborted ? null : why)
      },
    )
    this.#tellNow()
  }

  #fetched(offer: Offered, step: 'ready' | 'offered', failed: Reason | null): void {
    Object.assign(offer, { step, failed })
    this.#fetching = null
    if (this.#isClosed) return
    this.#tellNow()
    if (step === 'ready') this.#goOn()
  }

  /** Whether it is fetched and installed without anybody's word: what did not come to run once is a person's. */
  #mayByItself({ version, failed }: Offered): boolean {
    const attempt = this.#memory.attempt()
    const hasFailed = attempt?.from === this.#options.current && attempt.to === version
    const isWrong = failed !== null && failed.problem !== 'release.cut'
    return this.#settings.read().automatic && !hasFailed && !isWrong
  }

  #goOn(): void {
    const offer = this.#offer
    if (!offer || this.#isClosed || !this.#mayByItself(offer)) return
    if (offer.step === 'offered') this.#fetch(offer)
    else if (offer.step === 'ready') this.#watchIdle()
  }

  #watchIdle(): void {
    this.#cancelIdle()
    this.#cancelIdle = this.#clock.after(idleEveryMs, () => void this.#lookIdle().catch(this.#options.reportBug))
  }

  /** Installs what is ready once nothing has been under way for long enough, with nobody there to be interrupted. */
  async #lookIdle(): Promise<void> {
    const { installer, underWay } = this.#options
    const offer = this.#offer
    if (installer?.how !== 'restart' || offer?.step !== 'ready' || !this.#mayByItself(offer)) return
    const isQuiet = underWay().length === 0 && !installer.isShown()
    const now = this.#clock.now()
    this.#quietSince = isQuiet ? (this.#quietSince ?? now) : null
    if (this.#quietSince !== null && now - this.#quietSince >= idleForMs) {
      this.#quietSince = null
      // Refused: the offer tells why.
      await this.install('regie').catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error
      })
    }
    this.#goOn()
  }

  #refuseBusy(): void {
    if (this.#options.underWay().length > 0) throw new Problem('release.busy')
  }

  /** Looks at the bytes once more, and notes what is about to happen. */
  async #prepare(offer: Offered): Promise<ReadyRelease> {
    const { installer, current } = this.#options
    const file = this.#fileOf(offer)
    if (!offer.file || !(await isAsDescribed(file, offer.file))) {
      await rm(file, { force: true })
      offer.step = 'offered'
      throw new Problem('release.wrong-file')
    }
    if (installer?.how === 'restart') await this.#memory.tries({ from: current, to: offer.version })
    return { version: offer.version, file }
  }

  /** Tells what is otherwise than it was told last. */
  #tellNow(): void {
    const { changed, noticesChanged } = this.#options
    const status = this.read()
    const [now, notices] = [JSON.stringify(status), JSON.stringify(this.notices())]
    if (now !== this.#told) changed(status)
    if (notices !== this.#toldNotices) noticesChanged()
    this.#told = now
    this.#toldNotices = notices
  }
}
