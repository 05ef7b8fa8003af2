import { afterEach, beforeEach, expect, it } from 'vitest'
import { closedStages } from '../../../electron/gateway'
import { withCounting } from '../../../electron/gateway/counting'
import type { Admitted, Ending, Route, Stages } from '../../../electron/gateway/stages'
import { openLedger, type Ledger } from '../../../electron/ledger'
import { createCalendar, createUsage, type Usage } from '../../../electron/usage'
import { handClock } from '../../support/hand-clock'
import { temporaryFolder } from '../../support/programs'

const noon = Date.UTC(2026, 10, 27, 12)
const limits = { concurrentJobs: 1, jobsPerDay: null, gpuSecondsPerDay: null }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let ledger: Ledger
let usage: Usage
let stages: Stages
let clock: ReturnType<typeof handClock>

beforeEach(async () => {
  folder = await temporaryFolder()
  clock = handClock(noon)
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
}

function asking(wanted: Wanted): Admitted {
  const { serviceId = 'forge', method = 'POST', path = '/sdapi/v1/txt2img', rule = 'job', jobId = null } = wanted
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
    },
    guest: { account: 'amina', name: 'Amina', role: 'user', keyId: 'k1', services: null, limits },
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
