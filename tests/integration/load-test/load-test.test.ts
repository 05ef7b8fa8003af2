import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startComfyuiSimulator, type Simulator } from '../../../electron/simulator/comfyui'
import { startForgeSimulator } from '../../../electron/simulator/forge'
import { median } from '../../../shared/median'
import { LoadTest, LoadTestPlan, LoadTestReport } from '../../../shared/contract'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let comfyui: Simulator
let forge: Simulator
let running: RunningPanel

/** A pace at which a busy machine's own time is a small part: three seconds an image. */
const stepMs = 750
const steps = 4
const imageMs = stepMs * steps
const pace = { stepMs, loadMs: 0, preview: 'none' } as const
const params = { steps, width: 64, height: 64 }

const startAll = async () => {
  running = await startPanel({ programs: programs.programs, demo: false, dataFolder: path.join(folder.path, 'data') })
  for (const [id, { url }] of [
    ['comfyui', comfyui],
    ['forge', forge],
  ] as const) {
    await running.rest('POST', 'services', { id, kind: id, runtime: 'external', url })
    await until('it is ready', () => running.panel.parts.services.get(id).health.state === 'ready')
  }
}

beforeAll(async () => {
  programs = await bundlePanelPrograms()
  folder = await temporaryFolder('load-test')
  await mkdir(path.join(folder.path, 'data'))
  comfyui = await startComfyuiSimulator({ folder: path.join(folder.path, 'c'), withoutLogin: true, behaviour: pace })
  forge = await startForgeSimulator({ folder: path.join(folder.path, 'f'), protect: 'none', behaviour: pace })
  await startAll()
})
afterAll(async () => {
  await running.stop()
  await comfyui.close()
  await forge.close()
  await folder[Symbol.asyncDispose]()
  await programs.remove()
})

const start = (order: object, id = 'comfyui') =>
  running.rest('POST', `services/${id}/load-tests`, { count: 2, concurrency: 2, params, ...order })
const begun = async (order: object, id = 'comfyui') => {
  const { status, body } = await start(order, id)
  expect([status, body]).toEqual([201, expect.anything()])
  return LoadTest.parse(body)
}
const report = async (testId: string, id = 'comfyui') =>
  LoadTestReport.parse((await running.rest('GET', `services/${id}/load-tests/${testId}`)).body)
const list = async (id = 'comfyui') =>
  (await running.rest('GET', `services/${id}/load-tests`)).body as { running: LoadTest | null; tests: LoadTest[] } // the contract's answer
const ended = async (testId: string, id = 'comfyui') => {
  await until('it has ended', async () => (await report(testId, id)).finishedAt !== null, 60_000)
  return report(testId, id)
}
const queued = async (id = 'comfyui') => {
  const { running: now, waiting } = await running.panel.parts.backendOf(id).queueState(AbortSignal.timeout(5000))
  return now + (waiting ?? 0)
}
/** What is loaded for the first image is no pace. */
async function warmUp() {
  const brief = { count: 1, params: { ...params, steps: 1 } }
  const [one, other] = [await begun(brief), await begun(brief, 'forge')]
  await Promise.all([ended(one.id), ended(other.id, 'forge')])
}

/** What ComfyUI itself noted of the jobs that it has done, by its own clock, in the order in which it did them. */
async function notedByComfyui(): Promise<{ from: number; to: number }[]> {
  const Messages = z.array(z.tuple([z.string(), z.object({ timestamp: z.number() })]))
  const History = z.record(z.string(), z.object({ status: z.object({ messages: Messages }) }))
  const history = History.parse(await (await fetch(new URL('history', comfyui.url))).json())
  const ran = Object.values(history).map(({ status: { messages } }) => {
    const at = (type: string) => messages.find(([name]) => name === type)?.[1].timestamp ?? Number.NaN
    return { from: at('execution_start'), to: at('execution_success') }
  })
  return ran.sort((a, b) => a.from - b.from)
}
/** Within 5 %, and so many ms by which this machine itself is late now. */
const near = (value: number | null | undefined, wanted: number, lateMs = 0) => {
  expect(value).toBeGreaterThan(wanted * 0.95 - lateMs)
  expect(value).toBeLessThan(wanted * 1.05 + lateMs)
}
/** What a test before this one has cancelled is off the services. */
const quiet = () => until('nothing runs', async () => (await queued()) === 0 && (await queued('forge')) === 0, 20_000)

describe('a load test', () => {
  it('measures the pace and the line of both kinds of service; its images are nobody’s', async () => {
    await warmUp()
    const before = (await notedByComfyui()).length
    const [one, other] = [await begun({ count: 5 }), await begun({ count: 5 }, 'forge')]
    expect(one).toMatchObject({ state: 'waiting', by: 'admin', order: { count: 5, concurrency: 2 } })
    const [byComfyui, byForge] = [await ended(one.id), await ended(other.id, 'forge')]
    // Both have the same pace on this machine: what that is now, ComfyUI notes by its own clock.
    const noted = (await notedByComfyui()).slice(before)
    const [first, last] = [noted[0], noted.at(-1)]
    const spanMs = (last?.to ?? 0) - (first?.from ?? 0)
    const eachMs = median(noted.map(({ from, to }) => to - from)) ?? 0
    expect(eachMs).toBeGreaterThanOrEqual(imageMs)
    // What each image took longer there than its steps: a few ms on a quiet machine.
    const lateMs = eachMs - imageMs
    for (const { state, figures, images } of [byComfyui, byForge]) {
      expect(state).toBe('completed')
      expect(figures).toMatchObject({ done: 5, errors: 0, waitingMost: expect.toBeOneOf([1, 2]) as number })
      expect(images.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4])
      // One waits while another is at work.
      near(figures.p50?.ms, 2 * imageMs + lateMs, 2 * lateMs)
    }
    for (const { figures } of [byComfyui, byForge]) {
      near(figures.elapsedMs, spanMs, 5 * lateMs)
      near(figures.perMinute, (5 * 60_000) / figures.elapsedMs)
    }
    const onGpu = byComfyui.images.map(({ tookMs, queueMs }) => tookMs - (queueMs ?? Number.NaN))
    near(median(onGpu), eachMs, lateMs)
    // Each had its turn when the service says so.
    const turns = byComfyui.images.map(({ startedMs, queueMs }) => startedMs + (queueMs ?? Number.NaN))
    const inOrder = turns.sort((a, b) => a - b)
    for (const [at, turn] of inOrder.entries())
      near(turn - (inOrder[0] ?? 0), (noted[at]?.from ?? 0) - (first?.from ?? 0), 50 + lateMs)
    // Forge is asked again and again whose job runs: its turn is known to half a second.
    near(byForge.figures.p50?.queueMs, imageMs, 500 + 2 * lateMs)
    expect(byComfyui.conditions.version).toEqual(expect.any(String))
    expect((await running.rest('GET', 'generations')).body).toMatchObject({ items: [] })
    expect((await running.rest('GET', 'usage?by=user')).body).toMatchObject({ total: { jobs: 0, images: 0 } })
  })

  it('is told the same as JSON and as CSV', async () => {
    const [last] = (await list()).tests
    const { figures, images } = await report(last?.id ?? '')
    expect(last?.figures).toEqual(figures)
    const headers = { authorization: `Bearer ${adminToken}` }
    const answer = await fetch(new URL(`api/v1/services/comfyui/load-tests/${last?.id}/report.csv`, running.url), {
      headers,
    })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv'])
    const lines = (await answer.text()).split('\r\n')
    expect(lines).toContain(`figure,images_per_minute,,,,,${figures.perMinute},`)
    const { ms = 0, queueMs = 0, gpuMs = 0 } = figures.p95 ?? {}
    expect(lines).toContain(`figure,p95,,${ms / 1000},${(queueMs ?? 0) / 1000},${(gpuMs ?? 0) / 1000},,`)
    expect(lines.filter((line) => line.startsWith('image,'))).toHaveLength(images.length)
  })

  it('is reckoned from what the same took before, and not where nothing is known', async () => {
    const plan = async (order: object) => {
      const { status, body } = await running.rest('POST', 'services/comfyui/load-tests/plan', {
        ...{ count: 10, concurrency: 2, params },
        ...order,
      })
      expect([status, body]).toEqual([200, expect.anything()])
      return LoadTestPlan.parse(body)
    }
    const known = await plan({})
    expect(known).toMatchObject({ from: 'load-test', made: { width: 64, height: 64, steps } })
    const { elapsedMs } = (await list()).tests[0]?.figures ?? {}
    near(known.estimateMs, ((elapsedMs ?? 0) / 5) * 10)
    expect(known.confirm).toBeUndefined()
    expect(await plan({ params: { ...params, steps: 3 } })).toMatchObject({ estimateMs: null, from: null })
    expect(await plan({ concurrency: 1 })).toMatchObject({ estimateMs: null, from: null })
  })

  it('is cancelled at once, off the service; the figures so far stay', async () => {
    await quiet()
    comfyui.behave({ stepMs: 100 })
    const { id } = await begun({ count: 50, concurrency: 4 })
    await until('one is done', async () => (await report(id)).figures.done > 0)
    expect(await start({})).toMatchObject({ status: 409, body: { data: { problem: 'load-test.busy' } } })
    const { status, body } = await running.rest('POST', 'services/comfyui/load-tests/cancel', {})
    expect([status, body]).toMatchObject([200, { id, state: 'cancelled', reason: { problem: 'load-test.cancelled' } }])
    await until('its jobs are off the service', async () => (await queued()) === 0)
    const { figures } = await report(id)
    expect(figures.done).toBeGreaterThan(0)
    expect(figures.done).toBeLessThan(50)
    expect((await running.rest('POST', 'services/comfyui/load-tests/cancel', {})).status).toBe(409)
  })

  it('is refused while others work, unless that is confirmed; theirs is not touched', async () => {
    await quiet()
    comfyui.behave({ stepMs: 50 })
    const asked = { prompt: 'a person’s', width: 64, height: 64, steps: 60 }
    const { body } = await running.rest('POST', 'generations', { serviceId: 'comfyui', params: asked })
    const { id } = body as { id: string } // the contract's answer
    expect(await start({})).toMatchObject({ status: 409, body: { data: { problem: 'load-test.others-work' } } })
    const planned = await running.rest('POST', 'services/comfyui/load-tests/plan', { count: 1, concurrency: 1, params })
    expect(planned.body).toMatchObject({ confirm: { problem: 'load-test.others-work' } })
    const anyway = await begun({ anyway: true })
    await running.rest('POST', 'services/comfyui/load-tests/cancel', {})
    expect((await report(anyway.id)).state).toBe('cancelled')
    await until('the other has ended', () => running.panel.parts.generations.get(id).finishedAt !== null)
    expect(running.panel.parts.generations.get(id).state).toBe('succeeded')
  })

  it('tells errors by their kind, and gives up on a service that only fails', async () => {
    await quiet()
    comfyui.behave({ stepMs: 1, oomAtStep: 2 })
    const failing = await begun({ count: 40, concurrency: 2 })
    const { state, figures, reason } = await ended(failing.id)
    comfyui.behave({ oomAtStep: null, saysCached: true })
    expect([state, reason?.problem]).toEqual(['failed', 'load-test.given-up'])
    expect(figures.done).toBe(0)
    expect(figures.errors).toBeLessThan(15)
    expect(figures.errorsBy).toMatchObject([{ kind: 'out-of-memory', reason: { problem: 'backend.out-of-memory' } }])
    await quiet()
    const cached = await begun({})
    // An answer out of a cache is no measurement.
    expect((await ended(cached.id)).figures).toMatchObject({ done: 0, perMinute: null, errorsBy: [{ kind: 'cached' }] })
    await quiet()
    comfyui.behave({ saysCached: false, hangAtStep: 2 })
    const late = await begun({ count: 1, concurrency: 1, limitS: 1 })
    expect((await ended(late.id)).figures).toMatchObject({ errorsBy: [{ kind: 'late', count: 1 }] })
    comfyui.behave({ hangAtStep: null })
  })

  it('is for administrators, and within bounds', async () => {
    const stranger = await fetch(new URL('api/v1/services/comfyui/load-tests', running.url))
    expect(stranger.status).toBe(401)
    expect((await running.rest('GET', 'services/nobody/load-tests')).status).toBe(404)
    expect((await running.rest('GET', 'services/comfyui/load-tests/none')).status).toBe(404)
    for (const wrong of [{ count: 1001 }, { count: 0 }, { concurrency: 17 }, { concurrency: 0 }, { limitS: 0 }])
      expect((await start(wrong, 'forge')).status).toBe(400)
  })

  it('is removed when asked', async () => {
    const { tests } = await list()
    const gone = tests[0]?.id
    expect((await running.rest('DELETE', `services/comfyui/load-tests/${gone}`)).status).toBe(200)
    expect((await list()).tests).toHaveLength(tests.length - 1)
    expect((await running.rest('DELETE', `services/comfyui/load-tests/${gone}`)).status).toBe(404)
  })

  it('that the end of the panel cuts off is told as interrupted, with the figures so far', async () => {
    forge.behave({ stepMs: 50 })
    const { id } = await begun({ count: 100, params: { ...params, steps: 2 } }, 'forge')
    await until('one is done', async () => (await report(id, 'forge')).figures.done > 0)
    await running.stop()
    await startAll()
    const { state, figures, reason, finishedAt } = await report(id, 'forge')
    expect([state, reason?.problem]).toEqual(['interrupted', 'load-test.interrupted'])
    expect(finishedAt).not.toBeNull()
    expect(figures.done).toBeGreaterThan(0)
    expect((await list('forge')).running).toBeNull()
  })
})
