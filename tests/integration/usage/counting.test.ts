import path from 'node:path'
import { expect, it } from 'vitest'
import type { EndedJob, JobMemory } from '../../../electron/kinds'
import { openLedger } from '../../../electron/ledger'
import { createUsage, createCalendar, type UsageNeeds } from '../../../electron/usage'
import { handClock } from '../../support/hand-clock'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const failed = (error: unknown) => {
  throw error
}
const none = { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null }
const amina = { account: 'amina', key: 'k1', machine: 'local' }
const minute = 60_000
/** Friday 27 November 2026, 23:50 in Paris. */
const lateEvening = Date.UTC(2026, 10, 27, 22, 50)

/** A ComfyUI's queue and history, as a test wants them. */
function scriptedMemory() {
  const history = new Map<string, EndedJob>()
  const queue = { running: [] as string[], waiting: [] as string[] }
  let asked = 0
  const memory: JobMemory = {
    ended(id) {
      asked += 1
      return Promise.resolve(history.get(id) ?? null)
    },
    queued: () => Promise.resolve({ ...queue }),
  }
  return { memory, history, queue, asked: () => asked }
}

interface Setting {
  more?: Partial<UsageNeeds>
  scripted?: ReturnType<typeof scriptedMemory>
}

async function openUsage(folder: string, { more = {}, scripted = scriptedMemory() }: Setting = {}) {
  const clock = handClock(lateEvening)
  const ledger = await openLedger({ file: path.join(folder, 'gateway.db'), failed, clock })
  const usage = createUsage({
    ledger,
    studioJobs: () => [],
    memoryOf: () => scripted.memory,
    hasEnded: () => false,
    failed,
    clock,
    calendar: createCalendar('Europe/Paris'),
    ...more,
  })
  const close = () => {
    usage.close()
    ledger.close()
  }
  /** Lets the service be asked, until what is wanted is so. */
  const rounds = (isSo: () => boolean) =>
    until('the service to be asked', () => {
      clock.moveTo(clock.now() + 1000)
      return isSo()
    })
  const days = (account = 'amina') =>
    ledger.figures
      .read({ from: '2026-11-01', to: '2026-11-30', by: ['period'], account })
      .map(({ period, jobs, gpuMs, unknownJobs, images }) => ({ period, jobs, gpuMs, unknownJobs, images }))
  return { usage, ledger, clock, ...scripted, close, rounds, days }
}

const ended = (from: number, to: number, more: Partial<EndedJob> = {}): EndedJob => ({
  ...{ outcome: 'succeeded', cached: false, ran: { from, to }, images: 1 },
  ...more,
})

it('a job counts to the day that it began in, its time to the days that it worked in, its wait to neither', async () => {
  await using folder = await temporaryFolder()
  const { usage, history, close, rounds, days, ledger } = await openUsage(folder.path)
  usage.begun({ ...amina, service: 'comfyui', id: 'p1' })
  // It waits for 5 minutes, and works for 15, of which 10 lie in the next day.
  history.set('p1', ended(lateEvening + 5 * minute, lateEvening + 20 * minute, { images: 4 }))
  await rounds(() => usage.on('comfyui').length === 0)
  expect(days()).toEqual([
    { period: '2026-11-27', jobs: 1, gpuMs: 5 * minute, unknownJobs: 0, images: 4 },
    { period: '2026-11-28', jobs: 0, gpuMs: 10 * minute, unknownJobs: 0, images: 0 },
  ])
  const wait = ledger.waits.median({ from: '2026-11-27', to: '2026-11-27' })
  expect(Math.abs((wait ?? 0) - 5 * minute)).toBeLessThan(0.1 * 5 * minute)
  expect(ledger.waits.median({ from: '2026-11-27', to: '2026-11-27', account: 'jonas' })).toBeNull()
  close()
})

it('time counts on each card that a service has, and on one, told as unknown, where nobody knows how many', async () => {
  await using folder = await temporaryFolder()
  const cards: Record<string, number | null> = { two: 2, unsure: null }
  const cardsOf = (service: string) => cards[service] ?? null
  const first = await openUsage(folder.path, { more: { cardsOf } })
  first.usage.begun({ ...amina, service: 'two', id: 'p1' })
  first.usage.begun({ ...amina, service: 'unsure', id: 'p2' })
  first.close()

  // As many as it had when the job began, over a restart.
  const { usage, ledger, history, close, rounds } = await openUsage(folder.path)
  for (const id of ['p1', 'p2']) history.set(id, ended(lateEvening, lateEvening + minute))
  await rounds(() => usage.on('two').length + usage.on('unsure').length === 0)
  const told = ledger.figures
    .read({ from: '2026-11-01', to: '2026-11-30', by: ['service'] })
    .map(({ service, gpuMs, unknownJobs }) => [service, gpuMs, unknownJobs])
  expect(told).toEqual([
    ['two', 2 * minute, 0],
    ['unsure', minute, 1],
  ])
  close()
})

it('cached is 0, unknown is counted as unknown, never as 0', async () => {
  await using folder = await temporaryFolder()
  const { usage, history, close, rounds, days, queue } = await openUsage(folder.path)
  for (const id of ['cached', 'silent', 'gone']) usage.begun({ ...amina, service: 'comfyui', id })
  queue.running = ['gone']
  history.set('cached', ended(lateEvening, lateEvening + 900, { cached: true }))
  history.set('silent', ended(0, 0, { ran: null, images: 2 }))
  await rounds(() => usage.on('comfyui').length === 1)
  expect(usage.on('comfyui')).toMatchObject([{ id: 'gone', account: 'amina' }])
  queue.running = []
  await rounds(() => usage.on('comfyui').length === 0)
  expect(days()).toEqual([{ period: '2026-11-27', jobs: 3, gpuMs: 0, unknownJobs: 2, images: 3 }])
  close()
})

it('a service that has ended ends its jobs; one that does not answer ends none, and is asked again', async () => {
  await using folder = await temporaryFolder()
  let isAway = true
  let isStopped = false
  const scripted = scriptedMemory()
  const more: Partial<UsageNeeds> = {
    memoryOf: () => ({
      ...scripted.memory,
      ended: (id, signal) =>
        isAway ? Promise.reject(new DOMException('', 'TimeoutError')) : scripted.memory.ended(id, signal),
    }),
    hasEnded: () => isStopped,
  }
  const { usage, close, rounds, days } = await openUsage(folder.path, { more, scripted })
  scripted.queue.waiting = ['p1']
  usage.begun({ ...amina, service: 'comfyui', id: 'p1' })
  let turns = 0
  await rounds(() => (turns += 1) > 12)
  expect(usage.on('comfyui')).toHaveLength(1)
  isAway = false
  await rounds(() => scripted.asked() > 0)
  expect(usage.on('comfyui')).toHaveLength(1)
  isStopped = true
  await rounds(() => usage.on('comfyui').length === 0)
  expect(days()).toMatchObject([{ jobs: 1, unknownJobs: 1, gpuMs: 0 }])
  close()
})

it('a panel that was killed finds its jobs again, holds their places, and counts each once', async () => {
  await using folder = await temporaryFolder()
  const first = await openUsage(folder.path)
  first.usage.begun({ ...amina, service: 'comfyui', id: 'p1' })
  first.usage.begun({ ...amina, service: 'forge', id: 't1' })
  first.usage.begun({ ...amina, service: 'comfyui', id: 'p2' })
  first.usage.ended('comfyui', 'p2', ended(lateEvening, lateEvening + 1000))
  first.close()

  const scripted = scriptedMemory()
  const memoryOf = (service: string) => (service === 'comfyui' ? scripted.memory : null)
  const next = await openUsage(folder.path, { more: { memoryOf }, scripted })
  // Forge remembers nothing: how its job ended is not known.
  expect(next.usage.on('forge')).toEqual([])
  expect(next.usage.standing('amina')).toEqual({ openJobs: 1, jobsToday: 3, gpuMsToday: 1000 })
  const limits = { ...none, concurrentJobs: 1 }
  expect(next.usage.take({ ...amina, service: 'comfyui', limits })).toMatchObject({ retryAfterS: 10 })
  next.history.set('p1', ended(lateEvening, lateEvening + 2000))
  await next.rounds(() => next.usage.on('comfyui').length === 0)
  expect(next.days()).toMatchObject([{ jobs: 3, gpuMs: 3000, unknownJobs: 1 }])
  const lease = next.usage.take({ ...amina, service: 'comfyui', limits })
  expect(lease).not.toHaveProperty('refused')
  next.close()
})

it('places are held until a job is begun or is known to be none, and limits are each person’s own', async () => {
  await using folder = await temporaryFolder()
  const reached: string[] = []
  const { usage, close, clock, ledger } = await openUsage(folder.path, {
    more: {
      reached: (account, { limit }) => reached.push(`${account} ${limit}`),
      studioJobs: (account) => (account === 'amina' ? [{ createdAt: lateEvening }] : []),
      memoryOf: () => null,
    },
  })
  const limits = { ...none, concurrentJobs: 2, jobsPerDay: 3 }
  const take = (account = 'amina') => usage.take({ ...amina, account, service: 'forge', limits })
  const one = take()
  if (!('end' in one)) throw new Error('refused')
  // One in the Studio, one asked for.
  expect(take()).toMatchObject({ refused: { id: 'limit.concurrent-jobs' } })
  expect(take('jonas')).toHaveProperty('end')
  usage.begun({ ...amina, service: 'forge', id: 't1' })
  one.end()
  one.end()
  expect(take()).toMatchObject({ refused: { id: 'limit.concurrent-jobs' } })
  usage.ended('forge', 't1', { outcome: 'withdrawn', ran: null, cached: false, images: null })
  expect(usage.standing('amina')).toMatchObject({ openJobs: 1, jobsToday: 1 })

  usage.begun({ ...amina, service: 'forge', id: 't2' })
  usage.ended('forge', 't2', { outcome: 'failed', ran: null, cached: false, images: null })
  usage.ended('forge', 't2', { outcome: 'failed', ran: null, cached: false, images: null })
  usage.countEnded(
    { ...amina, service: 'forge', begunAt: lateEvening },
    { outcome: 'succeeded', ran: null, cached: true, images: 1 },
  )
  const refused = take()
  expect(refused).toMatchObject({
    refused: { id: 'limit.jobs-per-day', params: { used: 3, time: '00:00' } },
    retryAfterS: 600,
  })
  // Every refusal is counted, and each limit told of once a day.
  expect(ledger.figures.read({ from: '2026-11-27', to: '2026-11-27', by: ['service'] })).toMatchObject([
    { service: 'forge', refused: 3 },
  ])
  expect(reached).toEqual(['amina concurrentJobs', 'amina jobsPerDay'])
  clock.moveTo(lateEvening + 10 * minute)
  expect(take()).toHaveProperty('end')
  close()
})

it('days become sums of their month after thirteen months', async () => {
  await using folder = await temporaryFolder()
  const { usage, ledger, clock, close } = await openUsage(folder.path)
  const to = { ...amina, service: 'comfyui' }
  for (const day of ['2025-10-30', '2025-11-01', '2025-11-30']) ledger.figures.add(day, to, { requests: 1 })
  const kept = () =>
    ledger.figures.read({ from: '2025-01-01', to: '2026-12-31', by: ['period'] }).map(({ period }) => period)
  clock.moveTo(Date.UTC(2026, 10, 30, 22, 59))
  expect(kept()).toEqual(['2025-10-30', '2025-11-01', '2025-11-30'])
  clock.moveTo(Date.UTC(2026, 10, 30, 23, 0))
  expect(kept()).toEqual(['2025-10', '2025-11-01', '2025-11-30'])
  expect(usage.standing('amina').jobsToday).toBe(0)
  close()
})

it('tells each person of their own jobs one by one: what waits, runs and has ended, and with which key', async () => {
  await using folder = await temporaryFolder()
  const scripted = scriptedMemory()
  const more = { keyName: (id: string) => (id === 'k1' ? 'laptop' : null) }
  const { usage, close, clock } = await openUsage(folder.path, { scripted, more })
  const begin = (id: string, to: { account: string; key: string | null }) =>
    usage.begun({ machine: 'local', service: 'comfyui', id, ...to })
  begin('first', { account: 'amina', key: 'k1' })
  clock.moveTo(clock.now() + 1000)
  begin('second', { account: 'amina', key: null })
  begin('gone', { account: 'amina', key: 'k9' })
  begin('others', { account: 'jonas', key: 'k2' })
  scripted.queue.running = ['first', 'others']
  scripted.queue.waiting = ['second']
  const told = async (account: string) =>
    (await usage.ownJobs(account)).map(({ id, key, state, endedAt }) => [id, key?.name, state, endedAt !== null])
  expect(await told('amina')).toEqual([
    ['second', undefined, 'waiting', false],
    ['gone', null, 'unknown', false],
    ['first', 'laptop', 'running', false],
  ])
  usage.ended('comfyui', 'first', { outcome: 'failed', ran: null, cached: false, images: 0 })
  usage.ended('comfyui', 'gone', { outcome: 'withdrawn', ran: null, cached: false, images: null })
  // One that does not answer leaves it open how its jobs are.
  scripted.memory.queued = () => Promise.reject(new Error('no answer'))
  expect(await told('amina')).toEqual([
    ['second', undefined, 'unknown', false],
    ['first', 'laptop', 'failed', true],
  ])
  expect(await told('jonas')).toEqual([['others', null, 'unknown', false]])
  expect(await told('nobody')).toEqual([])
  close()
})
