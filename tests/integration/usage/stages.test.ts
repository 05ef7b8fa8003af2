import { afterEach, beforeEach, expect, it } from 'vitest'
import { closedStages } from '../../../electron/gateway'
import { withCounting } from '../../../electron/gateway/counting'
import type { Admitted, Ending, Route, Stages } from '../../../electron/gateway/stages'
import type { Handling, WorkEnd } from '../../../electron/kinds/gateway'
import { openLedger, type Ledger } from '../../../electron/ledger'
import { createCalendar, createUsage, type LimitedKey, type Usage } from '../../../electron/usage'
import { handClock } from '../../support/hand-clock'
import { temporaryFolder } from '../../support/programs'

const noon = Date.UTC(2026, 10, 27, 12)
const noLimits = { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null }
const limits = { ...noLimits, concurrentJobs: 1 }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let ledger: Ledger
let usage: Usage
let stages: Stages
let clock: ReturnType<typeof handClock>
/** What the key k1 may by itself; null: as much as its person. */
let ofKey: LimitedKey | null

beforeEach(async () => {
  folder = await temporaryFolder()
  clock = handClock(noon)
  ofKey = null
  const failed = (error: unknown) => {
    throw error
  }
  ledger = await openLedger({ file: `${folder.path}/gateway.db`, failed, clock })
  const memory = { ended: () => Promise.resolve(null), queued: () => Promise.resolve({ running: [], waiting: [] }) }
  usage = createUsage({
    ...{ ledger, failed, clock, calendar: createCalendar('UTC') },
    studioJobs: () => [],
    memoryOf: (service) => (service === 'comfyui' ? memory : null),
    hasEnded: () => false,
    limitedKey: (id) => (ofKey?.keys.includes(id) ? ofKey : null),
  })
  stages = withCounting(closedStages, usage)
})
afterEach(async () => {
  usage.close()
  ledger.close()
  await folder[Symbol.asyncDispose]()
})

interface Wanted {
  serviceId?: string
  method?: string
  path?: string
  rule?: Route['rule']
  jobId?: string | null
  key?: string
}

function asking(wanted: Wanted): Admitted {
  const {
    serviceId = 'forge',
    method = 'POST',
    path = '/sdapi/v1/txt2img',
    rule = 'job',
    jobId = null,
    key = 'k1',
  } = wanted
  return {
    asked: {
      serviceId,
      kind: 'forge',
      machine: 'local',
      method,
      path,
      query: new URLSearchParams(),
      headers: {},
      from: '10.0.0.7',
      isUpgrade: false,
      wantsPage: false,
      signal: new AbortController().signal,
      origin: 'http://127.0.0.1',
      readBody: () => Promise.reject(new Error('nobody reads it')),
      holdBody: () => Promise.reject(new Error('nobody reads it')),
    },
    guest: {
      account: 'amina',
      name: 'Amina',
      role: 'user',
      keyId: key,
      services: null,
      limits: wanted.key ? noLimits : limits,
    },
    route: { rule, handling: { jobId: () => jobId, images: () => 4 } },
  }
}

const done: Ending = { status: 200, bytesIn: 10, bytesOut: 2000, isCut: false }

/** A request that takes so long at the service after it waited, and ends so. */
async function goThrough(wanted: Wanted, { waitMs = 0, tookMs = 0, ending = done } = {}) {
  const admitted = asking(wanted)
  const lease = await stages.limits(admitted)
  if (!('end' in lease)) return lease
  clock.moveTo(clock.now() + waitMs)
  const counted = stages.observer.begun(admitted)
  clock.moveTo(clock.now() + tookMs)
  lease.end()
  counted.ended(ending)
  return null
}
const figures = () => {
  const [row] = ledger.figures.read({
    from: '2026-11-27',
    to: '2026-11-27',
    by: ['account', 'key', 'service', 'machine'],
  })
  return row
}

it('work that goes on after its answer lasts until it has ended, as it says itself; where none was begun, it is no job', async () => {
  const through = async (outlives: NonNullable<Handling['outlives']>) => {
    const admitted = asking({ path: '/queue/join' })
    const route = { ...admitted.route, handling: { outlives } }
    const lease = await stages.limits({ ...admitted, route })
    if (!('end' in lease)) throw new Error('refused')
    const counted = stages.observer.begun({ ...admitted, route })
    counted.ended(done)
    lease.end()
  }
  let end: (end: WorkEnd) => void = () => {}
  const ended = new Promise<WorkEnd>((resolve) => (end = resolve))
  await through(() => ended)
  expect(usage.standing('amina').openJobs).toBe(1)
  expect(figures()).toMatchObject({ requests: 1, jobs: 0 })
  clock.moveTo(noon + 9000)
  end({ outcome: 'succeeded', images: 2, ran: { from: noon + 1000, to: noon + 9000 } })
  await ended
  await Promise.resolve()
  expect(usage.standing('amina').openJobs).toBe(0)
  expect(figures()).toMatchObject({ requests: 1, jobs: 1, images: 2, gpuMs: 8000 })
  await through(() => null)
  await new Promise((resolve) => setImmediate(resolve))
  expect(usage.standing('amina').openJobs).toBe(0)
  expect(figures()).toMatchObject({ requests: 2, jobs: 1 })
})

it('a job of Forge’s lasts from its turn to its answer, and is a person’s, a key’s and a service’s', async () => {
  await goThrough({}, { waitMs: 5000, tookMs: 3000 })
  expect(figures()).toMatchObject({
    ...{ account: 'amina', key: 'k1', service: 'forge', machine: 'local' },
    ...{
      requests: 1,
      jobs: 1,
      failed: 0,
      images: 4,
      gpuMs: 3000,
      unknownJobs: 0,
      bytesIn: 10,
      bytesOut: 2000,
      refused: 0,
    },
  })
  const wait = ledger.waits.median({ from: '2026-11-27', to: '2026-11-27' }) ?? 0
  expect(Math.abs(wait - 5000)).toBeLessThan(500)
})

it.each([
  ['what Forge refuses is no job', { ...done, status: 422 }, { jobs: 0, failed: 0, gpuMs: 0, unknownJobs: 0 }],
  [
    'what fails is one, with its time',
    { ...done, status: 500 },
    { jobs: 1, failed: 1, images: 0, gpuMs: 3000, unknownJobs: 0 },
  ],
  [
    'who goes away leaves it working, unknown how long',
    { ...done, isCut: true },
    { jobs: 1, gpuMs: 0, unknownJobs: 1 },
  ],
  ['no answer at all is unknown', { ...done, status: null }, { jobs: 1, gpuMs: 0, unknownJobs: 1 }],
])('%s', async (_, ending, counted) => {
  await goThrough({}, { tookMs: 3000, ending })
  expect(figures()).toMatchObject({ requests: 1, ...counted })
  expect(usage.standing('amina').openJobs).toBe(0)
})

it('a prompt of ComfyUI’s goes on after its request, and holds its place', async () => {
  const prompt = { serviceId: 'comfyui', path: '/prompt' }
  await goThrough({ ...prompt, jobId: 'refused' }, { ending: { ...done, status: 400 } })
  expect(usage.on('comfyui')).toEqual([])
  await goThrough({ ...prompt, jobId: 'p1' })
  expect(usage.on('comfyui')).toMatchObject([{ id: 'p1', account: 'amina', key: 'k1', begunAt: noon }])

  const refused = await goThrough({ ...prompt, jobId: 'p2' })
  expect(refused).toMatchObject({ status: 429, retryAfterS: 10, refused: { id: 'limit.concurrent-jobs' } })
  expect(await goThrough({})).toMatchObject({ status: 429 })
  // What starts no work is never refused.
  expect(await goThrough({ ...prompt, method: 'GET', path: '/history', rule: 'own' })).toBeNull()

  usage.ended('comfyui', 'p1', { outcome: 'succeeded', ran: { from: noon, to: noon + 500 }, cached: false, images: 2 })
  expect(await goThrough({ ...prompt, jobId: 'p2' })).toBeNull()
  const [comfyui] = ledger.figures.read({ from: '2026-11-27', to: '2026-11-27', by: ['service'] })
  expect(comfyui).toMatchObject({ service: 'comfyui', jobs: 1, images: 2, gpuMs: 500, refused: 1, requests: 3 })
})

it.each([
  ['concurrentJobs', 1, 'limit.key-concurrent-jobs'],
  ['jobsPerDay', 2, 'limit.key-jobs-per-day'],
  ['gpuSecondsPerDay', 3, 'limit.key-gpu-seconds-per-day'],
] as const)(
  'a key’s %s holds it back, with the one that it took the place of, and nobody else',
  async (limit, most, id) => {
    ofKey = { id: 'k2', name: 'nightly', limits: { ...noLimits, [limit]: most }, keys: ['k2', 'k1'] }
    await goThrough({ key: 'k1' }, { tookMs: 1500 })
    const first = await stages.limits(asking({ key: 'k2' }))
    if (!('end' in first)) throw new Error('refused already')
    if (limit !== 'concurrentJobs') {
      first.end()
      await goThrough({ key: 'k2' }, { tookMs: 1500 })
    }

    for (const key of ['k2', 'k1']) expect(await goThrough({ key })).toMatchObject({ status: 429, refused: { id } })
    expect(await goThrough({ key: 'k3' })).toBeNull()
  },
)

it('a key’s limits outlive a restart within the day', async () => {
  await goThrough({ key: 'k1' }, { tookMs: 1500 })
  expect(figures()).toMatchObject({ jobs: 1 }) // what was counted is written
  usage.close()
  ofKey = { id: 'k1', name: 'nightly', limits: { ...noLimits, jobsPerDay: 1 }, keys: ['k1'] }
  const again = createUsage({
    ...{ ledger, clock, calendar: createCalendar('UTC'), limitedKey: () => ofKey, studioJobs: () => [] },
    ...{ memoryOf: () => null, hasEnded: () => false, failed: () => undefined },
  })
  expect(again.keyStanding(ofKey)).toMatchObject({ standing: { jobsToday: 1, gpuMsToday: 1500 } })
  expect(await withCounting(closedStages, again).limits(asking({ key: 'k1' }))).toMatchObject({ status: 429 })
  again.close()
})

it('a request that never gets its turn gives its place back', async () => {
  const lease = await stages.limits(asking({}))
  expect(usage.standing('amina').openJobs).toBe(1)
  if ('end' in lease) lease.end()
  expect(usage.standing('amina')).toMatchObject({ openJobs: 0, jobsToday: 0 })
})

it.each([
  ['GET', '/queue', 0],
  ['GET', '/api/history', 0],
  ['GET', '/history/p1', 0],
  ['GET', '/system_stats', 0],
  ['POST', '/internal/progress', 0],
  ['GET', '/sdapi/v1/progress', 0],
  ['POST', '/queue', 1],
  ['GET', '/view', 1],
  ['GET', '/', 1],
])('%s %s, asked by a page that is open, counts as %d requests; its bytes do', async (method, path, requests) => {
  await goThrough({ method, path, rule: 'own' })
  expect(figures()).toMatchObject({ requests, bytesOut: 2000, jobs: 0 })
})
