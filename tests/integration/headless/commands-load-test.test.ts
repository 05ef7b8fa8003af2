import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import { runCommand } from '../../../electron/command/run'
import { startComfyuiSimulator, type Simulator } from '../../../electron/simulator/comfyui'
import { LoadTestReport } from '../../../shared/contract'
import { startHeadless, type HeadlessPanel } from '../../support/headless'
import { machine } from '../../support/machine'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { regie } from '../../support/regie'
import { until } from '../../support/until'

let panel: HeadlessPanel
let comfyui: Simulator
let folder: Awaited<ReturnType<typeof temporaryFolder>>
/** An administrator's key, and one of a person who is none. */
let keys: { admin: string; user: string }

beforeAll(async () => {
  await ensureBuilt()
  folder = await temporaryFolder('regie-load')
  const behaviour = { stepMs: 20, loadMs: 0, preview: 'none' } as const
  comfyui = await startComfyuiSimulator({ folder: path.join(folder.path, 'c'), withoutLogin: true, behaviour })
  panel = await startHeadless()
  await panel.client.services.create({ id: 'far', kind: 'comfyui', runtime: 'external', url: comfyui.url })
  const closed = `http://127.0.0.1:${await freePort()}`
  await panel.client.services.create({ id: 'nowhere', kind: 'comfyui', runtime: 'external', url: closed })
  const { id: userId } = await panel.client.users.create({ id: 'ada', name: 'Ada', role: 'user' })
  keys = {
    admin: (await panel.client.keys.create({ userId: 'admin', name: 'pipeline', panel: true })).key,
    user: (await panel.client.keys.create({ userId, name: 'hers' })).key,
  }
  const isReady = async () => (await panel.client.services.get({ id: 'far' })).health.state === 'ready'
  await until('the service is ready', isReady)
}, 120_000)
afterAll(async () => {
  await panel.stop()
  await comfyui.close()
  await folder[Symbol.asyncDispose]()
})

const envOf = (key: string) => ({ HOME: folder.path, APPDATA: folder.path, REGIE_URL: panel.url, REGIE_KEY: key })
const small = ['--steps', '2', '--width', '64', '--height', '64']
async function run(words: readonly string[], { key = keys.admin, typed = '', isTty = false, service = 'far' } = {}) {
  const asked = { platform: process.platform, env: envOf(key), home: folder.path, typed, isTty }
  const { place, out, err } = machine(asked)
  const code = await runCommand(['load-test', service, ...small, ...words], place)
  expect(`${out()}${err()}`).not.toContain(key)
  return { code, out: out(), err: err() }
}
const tests = () => panel.client.loadTests.list({ id: 'far' })

describe('regie load-test', () => {
  it('tells the report of the panel as JSON and as CSV, and how far it is meanwhile', async () => {
    const csv = path.join(folder.path, 'report.csv')
    const { code, out } = await run(['--images', '4', '--concurrency', '2', '--csv', csv, '--json'])
    expect(code).toBe(0)
    const report = LoadTestReport.parse(JSON.parse(out))
    expect(report).toMatchObject({
      state: 'completed',
      order: { count: 4, concurrency: 2 },
      figures: { done: 4, errors: 0 },
    })
    expect(report).toEqual(await panel.client.loadTests.get({ id: 'far', testId: report.id }))
    expect(readFileSync(csv, 'utf8')).toContain(`figure,images_per_minute,,,,,${report.figures.perMinute},`)
    expect(
      readFileSync(csv, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('image,')),
    ).toHaveLength(4)

    const shown = await run(['--images', '2', '--concurrency', '2'], { isTty: true })
    expect(shown.err).toMatch(/Expected time: .*far: (?:waiting|running), \d of 2, 0 errors/s)
    expect(shown.out).toMatch(/completed\nImages {2}2\/2, 2 ×\nErrors {2}0\n(?:.*\n)*p50 +\d+\.\d\d s +\d/)
  })

  it('ends with 1 where an image failed, with the errors by their kinds', async () => {
    comfyui.behave({ oomAtStep: 1 })
    const failed = await run(['--images', '2'])
    comfyui.behave({ oomAtStep: null })
    expect(failed.code).toBe(1)
    expect(failed.out).toMatch(/completed\nImages {2}0\/2, 1 ×\nErrors {2}2\n(?:.*\n)*2 × out-of-memory: .+\n$/)
  })

  it('is cancelled by Ctrl+C, and its report so far is kept', async () => {
    const words = ['load-test', 'far', '--images', '200', '--steps', '20', '--width', '64', '--height', '64']
    const isRunning = async () => ((await tests()).running?.figures.done ?? 0) > 0
    const left = await regie(words, { env: envOf(keys.admin), endWhen: () => until('an image is there', isRunning) })
    expect(left).toMatchObject({ code: 130, out: '' })
    const [, id = ''] = /load test (\S+) was cancelled/.exec(left.err) ?? []
    const { running, tests: all } = await tests()
    expect([running, all[0]?.id, all[0]?.state]).toEqual([null, id, 'cancelled'])
    expect(all[0]?.figures.done).toBeGreaterThan(0)
  })

  it('is cancelled when its time is over', async () => {
    const late = await run(['--images', '200', '--steps', '20', '--timeout', '1', '--yes'])
    expect(late.code).toBe(5)
    expect((await tests()).tests[0]?.state).toBe('cancelled')
  })

  it('is asked about where others work, and not begun without a yes', async () => {
    await panel.client.generations.create({
      serviceId: 'far',
      params: { prompt: 'slow', width: 64, height: 64, steps: 150 },
    })
    const before = (await tests()).tests.length
    const declined = await run(['--images', '1'], { typed: 'n\n', isTty: true })
    expect([declined.code, declined.err]).toEqual([1, expect.stringContaining('Go on?')])
    expect(await run(['--images', '1'])).toMatchObject({ code: 2 })
    expect((await tests()).tests).toHaveLength(before)
    expect((await run(['--images', '1', '--yes'])).code).toBe(0)
  })

  it('wakes a service that sleeps, where that is confirmed', async () => {
    await panel.client.services.update({ id: 'forge-demo', url: `http://127.0.0.1:${await freePort()}` })
    expect((await run(['--images', '1', '--yes'], { service: 'forge-demo' })).err).toContain('is not ready')
    await panel.client.services.update({ id: 'forge-demo', idle: { wake: true } })
    const asked = await run(['--images', '1'], { service: 'forge-demo', typed: 'n\n', isTty: true })
    expect(asked.err).toContain('“forge-demo” is asleep: the load test wakes it first.')
    expect((await panel.client.services.get({ id: 'forge-demo' })).health.state).toBe('stopped')
    const { code, out } = await run(['--images', '1', '--yes'], { service: 'forge-demo' })
    expect([code, out]).toEqual([0, expect.stringContaining('completed\nImages  1/1')])
  })

  it('is refused to a person’s key and where the service is not ready, and begins nothing that cannot be', async () => {
    const before = (await tests()).tests.length
    expect(await run(['--images', '1'], { key: keys.user })).toMatchObject({ code: 4, out: '' })
    for (const words of [[], ['--images', '0'], ['--images', '1001'], ['--images', '1', '--concurrency', '17']])
      expect(await run(words)).toMatchObject({ code: 2, out: '' })
    const file = path.join(folder.path, 'no', 'such', 'report.csv')
    expect((await run(['--images', '1', '--csv', file])).err).toContain('cannot be written (ENOENT)')
    expect(existsSync(file)).toBe(false)
    const refused = await run(['--images', '1'], { service: 'nowhere' })
    expect([refused.code, refused.out]).toEqual([1, ''])
    expect(refused.err).toContain('nowhere')
    expect((await tests()).tests).toHaveLength(before + 1)
  })

  it('is nothing that a person’s key can plan, begin, read, cancel or remove', async () => {
    const { id: testId } = (await tests()).tests[0] ?? { id: '' }
    expect(testId).not.toBe('')
    const body = JSON.stringify({ count: 1, concurrency: 1 })
    const asked = [
      ...[['GET', ''] as const, ['POST', '/plan'] as const, ['POST', ''] as const, ['POST', '/cancel'] as const],
      ...[['GET', `/${testId}`] as const, ['GET', `/${testId}/report.csv`] as const, ['DELETE', `/${testId}`] as const],
    ]
    const callers = [
      [keys.user, 403],
      ['rk_0123456789', 401],
      [null, 401],
    ] as const
    for (const [method, place] of asked)
      for (const [key, status] of callers) {
        const answer = await fetch(new URL(`api/v1/services/far/load-tests${place}`, panel.url), {
          method,
          headers: { 'content-type': 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) },
          ...(method === 'POST' && { body }),
        })
        expect([method, place, answer.status]).toEqual([method, place, status])
        expect(await answer.text()).not.toContain('perMinute')
      }
    const { running, tests: all } = await tests()
    expect([running, all.some(({ id }) => id === testId)]).toEqual([null, true])
  })
})
