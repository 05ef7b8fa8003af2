import type { StatsEvent } from '../../../shared/contract'
import { reason } from '../../../shared/problems'
import { createWake } from '../../async/wake'
import { createChangeWaiter } from '../change-waiter'
import type { Engine } from '../engine'
import { createStatsHistory } from './history'
import { readingOf, type Sample } from './sample'
import { readStats } from './stream'

/** What is measured. */
export interface MeasuredOptions {
  engine: Engine
  /** The container behind a service, as last seen; null when there is none. Throws when there is no such service. */
  containerOf: (serviceId: string) => { id: string; state: string } | null
}

const retryMs = 1_000

/** What is known of one service. */
export interface Subject {
  history: ReturnType<typeof createStatsHistory>
  /** The last sample, and whose: another container begins to count anew. */
  last: { containerId: string; sample: Sample } | null
  event: StatsEvent
  readers: number
  changed: ReturnType<typeof createWake>
  /** Ends the stream; null while nobody looks. */
  stop: AbortController | null
}

export const newSubject = (): Subject => ({
  history: createStatsHistory(),
  last: null,
  event: { state: 'starting', reading: null, cores: null },
  readers: 0,
  changed: createWake(),
  stop: null,
})

const isOver = (signal: AbortSignal) => signal.aborted

const tell = (subject: Subject, event: StatsEvent) => {
  subject.event = event
  subject.changed.wake()
}

const take = (subject: Subject, containerId: string, sample: Sample, isLone: boolean) => {
  const before = subject.last?.containerId === containerId ? subject.last.sample : null
  // The first object of a stream may be of the same moment as the last one.
  if (before && sample.at <= before.at) return
  subject.last = { containerId, sample }
  const reading = readingOf(sample, before)
  subject.history.put(reading, { isLone })
  if (!isLone) tell(subject, { state: 'live', reading, cores: sample.cores })
}

/** Follows the container, whichever it is, until nobody looks any more. */
export async function measureLive(
  { engine, containerOf }: MeasuredOptions,
  { id, subject }: { id: string; subject: Subject },
  signal: AbortSignal,
): Promise<void> {
  const waiter = createChangeWaiter(engine, () => containerOf(id))
  try {
    while (!isOver(signal)) {
      const container = containerOf(id)
      waiter.watch(container?.id ?? null)
      const { cores } = subject.event
      const { state, reason: why } = engine.status()
      if (state !== 'connected' || !container || container.state !== 'running') {
        tell(
          subject,
          state !== 'connected'
            ? { state: 'engine-away', reason: why ?? reason('log.engine-away'), reading: null, cores }
            : { state: container ? 'stopped' : 'no-container', reading: null, cores },
        )
        await waiter.next(signal, retryMs * 5)
        continue
      }
      if (subject.event.state !== 'live') tell(subject, { state: 'starting', reading: null, cores })
      try {
        for await (const sample of readStats(await engine.client(), container.id, signal)) {
          if (!sample) break
          take(subject, container.id, sample, false)
        }
      } catch (error) {
        // The engine or the container went away: the next look tells which.
        if (error instanceof SyntaxError || error instanceof TypeError) throw error
      }
      if (!isOver(signal)) await waiter.next(signal, retryMs)
    }
  } finally {
    waiter.stop()
  }
}

/** One sample of a service that nobody looks at. */
export async function sampleOnce(
  { engine, containerOf }: MeasuredOptions,
  { id, subjectOf }: { id: string; subjectOf: (id: string) => Subject },
  closed: AbortSignal,
): Promise<void> {
  const container = containerOf(id)
  if (engine.status().state !== 'connected' || container?.state !== 'running') return
  const subject = subjectOf(id)
  if (subject.stop) return
  const enough = AbortSignal.any([closed, AbortSignal.timeout(5_000)])
  try {
    for await (const sample of readStats(await engine.client(), container.id, enough)) {
      if (sample) take(subject, container.id, sample, true)
      return
    }
  } catch {
    // Another minute, another sample: a gap in the line says enough.
  }
}
