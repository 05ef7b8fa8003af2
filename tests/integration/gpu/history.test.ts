import { statSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openGpuHistory, type GpuHistory } from '../../../electron/gpu-history'
import type { Gpu } from '../../../shared/contract'
import { reason } from '../../../shared/problems'
import { cardOf, firstCard, sampleAt } from '../../support/gpu-readings'
import { handClock } from '../../support/hand-clock'
import { temporaryFolder } from '../../support/programs'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const begin = Date.UTC(2026, 10, 1, 12)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let clock: ReturnType<typeof handClock>
/** How long the machine slept, or was set ahead, in ms: what its uptime does not have of the clock. */
let notUp = 0
let booted = begin - day
let history: GpuHistory | undefined

beforeEach(async () => {
  folder = await temporaryFolder('regie-gpu-history')
  clock = handClock(begin)
  notUp = 0
  booted = begin - day
})
afterEach(async () => {
  history?.close()
  history = undefined
  await folder[Symbol.asyncDispose]()
})

const failed = (error: unknown) => {
  throw error
}
const open = async (everyMs = minute) =>
  (history = await openGpuHistory({
    ...{ file: path.join(folder.path, 'gpus.db'), failed, clock, everyMs },
    uptimeMs: () => clock.now() - booted - notUp,
  }))

/** Moves the clock on in steps, with a sample each time; `stepMs`: how often such should come. */
function run(of: GpuHistory, forMs: number, everyMs: number, cards: (at: number) => Gpu[], stepMs = everyMs) {
  const until = clock.now() + forMs
  while (clock.now() < until) {
    clock.moveTo(clock.now() + everyMs)
    of.take(sampleAt(clock.now(), ...cards(clock.now())), stepMs)
  }
}

const ask = (of: GpuHistory, from: number, to: number, points = 400, uuid = firstCard) => {
  const figures = of.read(uuid, { from, to, points })
  if (!figures) throw new Error(`nothing of ${uuid}`)
  return figures
}

/** What is known of a measure, point by point. */
const knownOf = (values: readonly (number | null)[]) => values.filter((value) => value !== null)

test('seconds while somebody looks: load as the mean, heat and memory as the highest', async () => {
  const kept = await open()
  run(kept, minute, 1000, (at) => {
    const isHigh = (at / 1000) % 10 === 0
    return [
      cardOf({ utilizationPct: isHigh ? 100 : 0, temperatureC: isHigh ? 90 : 40, memoryUsedMiB: isHigh ? 9000 : 1000 }),
    ]
  })

  const fine = ask(kept, begin, begin + minute)
  const coarse = ask(kept, begin, begin + minute, 2)

  expect(fine.stepMs).toBe(1000)
  expect(fine.times).toHaveLength(60)
  expect(knownOf(fine.load.mean).filter((load) => load === 100)).toHaveLength(5)
  expect(coarse.stepMs).toBe(30_000)
  expect(coarse.load.mean[0]).toBeCloseTo(10, -1)
  expect(coarse.temperature.high).toEqual([90, 90])
  expect(coarse.memory.high[1]).toBe(9000)
})

test('ten seconds while nobody looks: a finer chart draws each for as long as it stands for', async () => {
  const kept = await open()
  run(kept, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 50, powerW: 100 })])

  const chart = ask(kept, begin + minute, begin + 9 * minute, 1000)

  expect(chart.stepMs).toBe(1000)
  expect(knownOf(chart.load.mean)).toHaveLength(chart.times.length)
  expect(chart.gaps).toEqual([])
  expect(chart.totals.energyWh).toBeCloseTo((100 * 8) / 60, 0)
})

test('readings that come a little late leave no hole', async () => {
  const kept = await open()
  run(kept, 20 * minute, 10_700, () => [cardOf({ utilizationPct: 50 })], 10_000)

  const chart = ask(kept, begin + minute, begin + 19 * minute, 100)

  expect(knownOf(chart.load.mean)).toHaveLength(chart.times.length)
})

test('what a card does not tell is null, and the card is not missing for that', async () => {
  const kept = await open()
  run(kept, 5 * minute, 10_000, () => [cardOf()])

  const chart = ask(kept, begin + minute, begin + 4 * minute)

  expect(knownOf(chart.load.mean)).toEqual([])
  expect(chart.gaps).toEqual([])
  expect(chart.totals).toMatchObject({ energyWh: null, hottest: null })
})

test('eight cards are kept apart, and one that is lost leaves a gap of its own', async () => {
  const kept = await open()
  const uuid = (index: number) => `GPU-00000000-0000-0000-0000-00000000000${index}`
  run(kept, 5 * minute, 10_000, () =>
    Array.from({ length: 8 }, (_, index) => cardOf({ index, uuid: uuid(index), utilizationPct: index * 10 })),
  )
  run(kept, 5 * minute, 10_000, () => [cardOf({ index: 0, uuid: uuid(0), utilizationPct: 0 })])

  const seventh = ask(kept, begin + minute, begin + 10 * minute, 400, uuid(7))

  expect(new Set(knownOf(seventh.load.mean))).toEqual(new Set([70]))
  expect(seventh.gaps).toEqual([{ from: begin + 5 * minute + 10_000, to: begin + 10 * minute, why: 'no-reading' }])
  expect(ask(kept, begin + minute, begin + 10 * minute, 400, uuid(0)).gaps).toEqual([])
})

test('a month: minutes are kept for 30 days and no longer, seconds for two hours', async () => {
  const kept = await open(day)
  run(kept, hour, 1000, () => [cardOf({ utilizationPct: 80 })])
  run(kept, 31 * day, 60_000, () => [cardOf({ utilizationPct: 20 })])
  const now = clock.now()

  const month = ask(kept, now - 30 * day, now)

  expect(month.stepMs).toBe(108 * minute)
  expect(knownOf(month.load.mean).every((load) => load === 20)).toBe(true)
  expect(ask(kept, begin, begin + hour).totals.knownMs).toBe(0)
})

test('what slowed a card is told with its reasons, and for how long', async () => {
  const kept = await open()
  run(kept, 10 * minute, 1000, (at) => {
    const isSlowed = at > begin + 5 * minute
    return [
      cardOf({ slowedBy: isSlowed ? ['heat'] : [], clockReasons: isSlowed ? ['heat', 'heat-hardware'] : ['idle'] }),
    ]
  })

  const { slowed, totals } = ask(kept, begin, begin + 10 * minute)

  expect(slowed).toHaveLength(1)
  expect(slowed[0]).toMatchObject({ to: begin + 10 * minute, reasons: ['heat', 'heat-hardware'] })
  expect(totals.slowedMs / minute).toBeCloseTo(5, 0)
})

test('after a restart everything is there, and the time between is told', async () => {
  const first = await open()
  run(first, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 60 })])
  first.close()
  clock.moveTo(clock.now() + hour)
  const second = await open()
  run(second, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 30 })])

  const chart = ask(second, begin + minute, clock.now())

  expect(new Set(knownOf(chart.load.mean))).toEqual(new Set([60, 30]))
  expect(chart.gaps).toHaveLength(1)
  const [gap] = chart.gaps
  expect(gap?.why).toBe('regie-off')
  // A gap is as exact as the points of the chart.
  expect(Math.abs((gap?.from ?? 0) - (begin + 10 * minute))).toBeLessThanOrEqual(chart.stepMs)
  expect(Math.abs((gap?.to ?? 0) - (begin + 70 * minute))).toBeLessThanOrEqual(chart.stepMs)
})

test('where the machine was off that is said, and only what it was on for is Regie’s', async () => {
  const first = await open()
  run(first, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 60 })])
  first.close()
  booted = clock.now() + 2 * hour
  clock.moveTo(clock.now() + 3 * hour)
  const second = await open()
  run(second, minute, 10_000, () => [cardOf({ utilizationPct: 30 })])

  const { gaps } = ask(second, begin + minute, clock.now(), 2000)

  expect(gaps.map(({ why }) => why)).toEqual(['machine-off', 'regie-off'])
  expect(gaps[0]?.to).toBe(booted)
})

test('a sleep is told as one', async () => {
  const kept = await open()
  run(kept, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 60 })])
  clock.moveTo(clock.now() + 2 * hour)
  run(kept, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 60 })])

  expect(ask(kept, begin + minute, clock.now(), 2000).gaps.map(({ why }) => why)).toEqual(['asleep'])
})

test('a clock that is set forward is no sleep; one that is set back writes over what was there', async () => {
  const kept = await open()
  run(kept, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 60 })])
  notUp = hour
  clock.moveTo(clock.now() + hour)
  run(kept, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 60 })])
  const forward = ask(kept, begin + minute, clock.now(), 2000)
  notUp = -hour
  clock.moveTo(begin)
  run(kept, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 60 })])
  const back = ask(kept, begin + minute, begin + 10 * minute)

  expect(forward.gaps.map(({ why }) => why)).toEqual(['clock'])
  expect(new Set(knownOf(back.load.mean))).toEqual(new Set([60]))
  expect(back.times).toEqual(back.times.toSorted((a, b) => a - b))
  expect(back.gaps).toEqual([])
})

test('a clock that is set back by a year, and a restart after that: what is recorded then is told, and what was is kept', async () => {
  const year = 365 * day
  const kept = await open()
  run(kept, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 60 })])
  kept.flush()
  notUp = -year
  clock.moveTo(begin - year)
  run(kept, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 20 })])
  kept.close()
  booted = clock.now() - hour
  notUp = 0
  const again = await open()
  run(again, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 30 })])

  const back = ask(again, begin - year, clock.now(), 2000)
  expect(new Set(knownOf(back.load.mean))).toEqual(new Set([20, 30]))
  expect(back.gaps.filter(({ from, to }) => to < from)).toEqual([])
  expect(knownOf(ask(again, begin, begin + 10 * minute).load.mean)).toContain(60)

  // Set right an hour later.
  notUp = year
  clock.moveTo(begin + hour)
  run(again, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 40 })])
  again.flush()
  const right = knownOf(ask(again, begin, clock.now(), 2000).load.mean)
  expect([right.includes(60), right.includes(40)]).toEqual([true, true])

  // Believed after a day: what was written under the wrong clock is dropped then.
  run(again, 25 * hour, 10 * minute, () => [cardOf({ utilizationPct: 40 })])
  again.flush()
  expect(knownOf(ask(again, begin - year, begin - year + hour).load.mean)).toEqual([])
})

test('256 cards are kept and told apart', async () => {
  const kept = await open()
  const uuidOf = (index: number) => `GPU-${String(index).padStart(8, '0')}`
  const cards = Array.from({ length: 256 }, (_, index) => cardOf({ index, uuid: uuidOf(index), memoryUsedMiB: index }))
  run(kept, 2 * minute, 10_000, () => cards)
  kept.flush()
  for (const index of [0, 1, 128, 255])
    expect(new Set(knownOf(ask(kept, begin, clock.now(), 50, uuidOf(index)).memory.high))).toEqual(new Set([index]))
})

test('a driver that is gone is a gap with its reason', async () => {
  const kept = await open()
  run(kept, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 60 })])
  kept.take({ state: 'absent', sampledAt: clock.now(), gpus: [], reason: reason('gpu.driver-not-loaded') }, 10_000)
  clock.moveTo(clock.now() + minute)
  for (let at = 0; at < 30; at++) clock.moveTo(clock.now() + minute)
  run(kept, 10 * minute, 10_000, () => [cardOf({ utilizationPct: 60 })])

  const { gaps } = ask(kept, begin + minute, clock.now(), 2000)

  expect(gaps).toMatchObject([{ why: 'no-driver', reason: { problem: 'gpu.driver-not-loaded' } }])
})

test('when services worked is kept through a restart, without anybody’s name', async () => {
  const first = await open()
  first.working('comfyui', ['a'])
  clock.moveTo(begin + minute)
  first.working('comfyui', ['a', 'b'])
  clock.moveTo(begin + 5 * minute)
  first.working('comfyui', [])
  clock.moveTo(begin + 10 * minute)
  first.working('comfyui', ['c'])
  clock.moveTo(begin + 12 * minute)
  first.close()
  clock.moveTo(begin + hour)
  const second = await open()

  expect(second.workOf('comfyui', begin, clock.now())).toEqual([
    { serviceId: 'comfyui', from: begin, to: begin + 5 * minute, jobs: 2 },
    { serviceId: 'comfyui', from: begin + 10 * minute, to: begin + 12 * minute, jobs: 1 },
  ])
  expect(second.workOf('forge', begin, clock.now())).toEqual([])
})

test('of a card that was never seen nothing is told', async () => {
  expect((await open()).read('GPU-none', { from: begin - hour, to: begin, points: 100 })).toBeNull()
})

test('30 days of eight cards stay below 60 MiB', async () => {
  const kept = await open(day / 2)
  const cards = Array.from({ length: 8 }, (_, index) =>
    cardOf({ index, uuid: `GPU-00000000-0000-0000-0000-00000000000${index}`, utilizationPct: 50, powerW: 300.25 }),
  )
  // Three days: a tenth.
  run(kept, 3 * day, 60_000, () => cards)
  kept.close()
  history = undefined

  const mib = statSync(path.join(folder.path, 'gpus.db')).size / 1024 ** 2
  console.log(`three days of eight cards: ${mib.toFixed(2)} MiB`)
  expect(mib).toBeLessThan(6)
})
