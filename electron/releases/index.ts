import { createHash } from 'node:crypto'
import { reason, type Reason } from '../../shared/problems'
import { systemClock, type Clock } from '../async/clock'
import { FeedRefused, offeredBy, type Channel } from './feed'

/** Between two looks, in ms. */
const everyMs = 6 * 60 * 60_000
/** The first look, in ms after the start, when everything else has begun. */
const firstMs = 60_000
/** How long a feed may take, in ms. */
const patienceMs = 15_000

interface ReleaseOptions {
  /** Where the feed lies; undefined: nothing is ever asked. */
  feed: string | undefined
  channel: Channel
  current: string
  /** What this installation is told from others by, for staged releases; leaves this machine as nothing. */
  installation: string
  changed: () => void
  reportBug: (error: unknown) => void
  clock?: Clock
}

export interface Releases {
  /** A newer version that is there, or a feed that is not believed. */
  notices(): Reason[]
  /** Asks now; nothing where no feed is set. */
  look(): Promise<void>
  begin(): void
  close(): void
}

/** Tells whether there is a newer version of Regie. It fetches and installs none: a person does. */
export function createReleases(options: ReleaseOptions): Releases {
  const { feed, channel, current, installation, changed, reportBug, clock = systemClock } = options
  const place = createHash('sha256').update(installation).digest().readUInt16BE() % 100
  let notice: Reason | null = null
  let cancel: () => void = () => undefined

  const tell = (next: Reason | null) => {
    const isNew = JSON.stringify(next) !== JSON.stringify(notice)
    notice = next
    if (isNew) changed()
  }
  async function look() {
    if (feed === undefined) return
    const signal = AbortSignal.timeout(patienceMs)
    try {
      const offered = await offeredBy({ feed, channel, current, place, signal })
      tell(offered === null ? null : reason('release.available', { version: offered, address: feed }))
    } catch (error) {
      if (!(error instanceof FeedRefused)) reportBug(error)
      // A network that is away says nothing of versions: what was known stays.
      else if (error.why !== 'unreachable') tell(reason('release.refused', { detail: error.why }))
    }
  }
  const after = (ms: number) => {
    cancel = clock.after(ms, () => void look().then(() => after(everyMs), reportBug))
  }
  return {
    notices: () => (notice === null ? [] : [notice]),
    look,
    begin() {
      if (feed !== undefined) after(firstMs)
    },
    close: () => cancel(),
  }
}
