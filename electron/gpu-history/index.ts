import * as z from 'zod'
import type { GpuFigures, GpuGap, GpuReport } from '../../shared/contract'
import { systemClock, type Clock } from '../async/clock'
import { closeDatabase, openDatabase, type Database } from '../storage/database'
import { createCards, type KnownCard } from './cards'
import { readChart, type ChartRange } from './chart'
import { gapsOf } from './gaps'
import { migrations } from './migrations'
import { createSilences } from './silences'
import { slotOf, tiers } from './slots'
import { createStrips } from './strips'
import { createTrust } from './trust'
import { createWork, type WorkSpan } from './work'

/** How often it is looked whether the machine slept or its clock was set, in ms. */
const beatMs = 30_000

/** A beat that comes so much too late was slept through, in ms; a clock that is off by so much was set. */
const sleptMs = 60_000
const setMs = 5_000

/** Nothing is older. */
const keptMs = Math.max(...tiers.map((tier) => tier.keptMs))

export interface GpuHistoryNeeds {
  /** The database, by its absolute path. */
  file: string
  /** Told of a write that failed; it is tried again. */
  failed: (error: unknown) => void
  clock?: Clock
  /** For how long the machine has been on, sleep included, in ms. */
  uptimeMs: () => number
  /** How often what waits is written, in ms: that much a panel which is killed may lose. */
  everyMs?: number
}

export interface GpuHistory {
  /** Takes a report in; `stepMs`: how often such come now. */
  take(report: GpuReport, stepMs: number): void
  /** The jobs that a service has now. */
  working(serviceId: string, jobs: readonly string[]): void
  /** What a card did; null where none of that uuid was seen. */
  read(uuid: string, range: ChartRange): GpuFigures | null
  /** When a service had work. */
  workOf(serviceId: string, from: number, to: number): WorkSpan[]
  /** Writes what waits, now. */
  flush(): void
  /** Writes what waits, and closes the file. */
  close(): void
}

const BeatRow = z.object({ at: z.number() })

/** Tells sleep and a clock that was set from a machine that is merely slow. */
function createBeat({
  clock,
  uptimeMs,
  slept,
}: Required<Pick<GpuHistoryNeeds, 'clock' | 'uptimeMs'>> & {
  slept: (from: number, to: number, why: 'asleep' | 'clock') => void
}) {
  let last = { at: clock.now(), up: uptimeMs() }
  let stop = () => {}
  const beat = () => {
    const now = { at: clock.now(), up: uptimeMs() }
    const passed = now.up - last.up
    const isSet = Math.abs(now.at - last.at - passed) > setMs
    if (isSet && now.at > last.at + beatMs) slept(last.at, now.at, 'clock')
    else if (!isSet && passed > beatMs + sleptMs) slept(last.at, now.at, 'asleep')
    last = now
    stop = clock.after(beatMs, beat)
  }
  stop = clock.after(beatMs, beat)
  return { look: beat, stop: () => stop() }
}

/** Opens the parts over one database, and notes for how long nobody recorded. */
function openParts(database: Database, now: number, uptimeMs: number) {
  const silences = createSilences(database)
  const beat = database.prepare('SELECT at FROM beat').get()
  const until = beat === undefined ? now : BeatRow.parse(beat).at
  const booted = now - uptimeMs
  if (booted > until) silences.add({ from: until, to: booted, why: 'machine-off', reason: null })
  silences.add({ from: Math.max(until, booted), to: now, why: 'regie-off', reason: null })
  return { silences, cards: createCards(database), strips: createStrips(database), work: createWork(database) }
}

/** Writes what waits, all of it or nothing, every so often; what could not be written is tried again. */
function createWriting(
  database: Database,
  { silences, work, cards, strips }: ReturnType<typeof openParts>,
  { failed, clock, uptimeMs, everyMs }: Required<Pick<GpuHistoryNeeds, 'failed' | 'clock' | 'uptimeMs' | 'everyMs'>>,
) {
  const isSureOf = createTrust(strips.newest(), clock.now(), uptimeMs)
  const note = database.prepare('INSERT OR REPLACE INTO beat (only, at) VALUES (1, ?)')
  const write = database.transaction((now: number) => {
    note.run(now)
    const isSure = isSureOf(now)
    const oldest = isSure ? now - keptMs : 0
    return [silences.write(now, oldest), work.write(now, oldest), cards.write(oldest), strips.write(now, isSure)]
  })
  const flush = () => {
    for (const isWritten of write.immediate(clock.now())) isWritten()
  }
  let stop = () => {}
  const later = () => {
    stop = clock.after(everyMs, () => {
      try {
        flush()
      } catch (error) {
        failed(error)
      }
      later()
    })
  }
  later()
  return { flush, stop: () => stop() }
}

/** The figures that the totals of a chart come to. */
function totalsOf({ energyWh, isPowerKnown, hottest, slowedMs, knownMs }: ReturnType<typeof readChart>) {
  return {
    energyWh: isPowerKnown ? Math.round(energyWh) : null,
    hottest: hottest && { at: hottest.at, celsius: hottest.value },
    ...{ slowedMs: Math.round(slowedMs), knownMs },
  }
}

const silentWhy = { absent: 'no-driver', 'no-devices': 'no-driver', stale: 'no-answer' } as const

/** Takes reports in: readings into the strips, and in their place silences where there are none. */
function createTaking({ silences, cards, strips }: ReturnType<typeof openParts>, clock: Clock): GpuHistory['take'] {
  /** When each card was read last. */
  const lastOf = new Map<string, number>()
  return ({ state, sampledAt, gpus, reason }, stepMs) => {
    if (state === 'starting') return
    if (state !== 'live' || sampledAt === null) {
      silences.begin(
        Math.max(sampledAt ?? 0, clock.now() - stepMs),
        silentWhy[state === 'live' ? 'stale' : state],
        reason ?? null,
      )
      return
    }
    silences.end(sampledAt)
    for (const gpu of gpus) {
      const last = lastOf.get(gpu.uuid)
      if (last === sampledAt) continue
      const card = cards.saw(gpu, sampledAt)
      if (!card) continue
      const follows = last !== undefined && sampledAt > last && sampledAt - last <= 2.5 * stepMs
      strips.add(card.id, slotOf(gpu), { at: sampledAt, since: follows ? last : sampledAt, stepMs })
      lastOf.set(gpu.uuid, sampledAt)
    }
  }
}

/** Keeps what the GPUs did: seconds for 2 hours, tens of seconds for 6 hours, minutes for 30 days. */
export async function openGpuHistory({
  file,
  failed,
  uptimeMs,
  clock = systemClock,
  everyMs = 60_000,
}: GpuHistoryNeeds): Promise<GpuHistory> {
  const { database } = await openDatabase(file, migrations)
  const parts = openParts(database, clock.now(), uptimeMs())
  const { silences, cards, strips, work } = parts
  const writing = createWriting(database, parts, { failed, clock, uptimeMs, everyMs })
  const beat = createBeat({
    ...{ clock, uptimeMs },
    slept: (from, to, why) => silences.add({ from, to, why, reason: null }),
  })

  function gapsIn(card: KnownCard, chart: ReturnType<typeof readChart>, to: number): GpuGap[] {
    const now = clock.now()
    const all = silences.in(chart.from, to, now)
    return gapsOf({ ...chart, to: Math.min(to, now), firstAt: card.firstAt, silences: all })
  }

  return {
    take: createTaking(parts, clock),
    working: (serviceId, jobs) => work.set(serviceId, jobs, clock.now()),
    read(uuid, range) {
      const card = cards.get(uuid)
      if (!card) return null
      const chart = readChart(strips, card.id, range, clock.now())
      const { from, stepMs, times, bands, slowed } = chart
      const { name, memoryTotalMiB, powerLimitW } = card
      return {
        ...{ uuid, name, memoryTotalMiB, powerLimitW, from, to: range.to, stepMs, times, ...bands, slowed },
        gaps: gapsIn(card, chart, range.to),
        totals: totalsOf(chart),
      }
    },
    workOf: (serviceId, from, to) => work.of(serviceId, from, to, clock.now()),
    flush: writing.flush,
    close() {
      beat.stop()
      writing.stop()
      try {
        writing.flush()
      } finally {
        closeDatabase(database)
      }
    },
  }
}
