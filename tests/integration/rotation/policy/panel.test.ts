import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { Credential, Rotation, RotationPlan, RotationRound, RotationSchedule } from '../../../../shared/contract'
import { long } from '../../../support/long'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../../support/panel'
import { until } from '../../../support/until'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
const service = { comfyui: 'comfyui-demo', forge: 'forge-demo' } as const
const ids = Object.values(service)

const rest = async (method: string, at: string, body?: unknown) => {
  const answer = await running.rest(method, at, body)
  if (answer.status >= 400) throw new Error(`${method} ${at}: ${JSON.stringify(answer.body)}`)
  return answer.body
}
const problem = async (method: string, at: string, body?: unknown) => {
  const { status, body: answer } = await running.rest(method, at, body)
  return { status, problem: z.object({ data: z.object({ problem: z.string() }) }).parse(answer).data.problem }
}
const credential = async (id: string) => Credential.parse(await rest('GET', `credentials/${id}`))
const plan = async (id: string) => RotationPlan.parse(await rest('GET', `credentials/${id}/rotation-plan`))
const schedule = async (id: string) =>
  z
    .array(RotationSchedule)
    .parse(await rest('GET', 'rotation-schedules'))
    .find(({ credentialId }) => credentialId === id)
const last = async (id: string) => Rotation.parse(await rest('GET', `credentials/${id}/rotation`))
const round = async () => RotationRound.parse(await rest('GET', 'rotation-round'))

beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel({ programs: programs.programs })
  await rest('POST', 'services/start-all')
  for (const id of ids)
    await until(`${id} to be ready`, () => running.panel.parts.services.get(id).health.state === 'ready')
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

/** A job of another client: straight to Forge, past Regie. Resolves when it runs; `answer` is its status when the pictures are done. */
async function foreignJob(steps: number) {
  const { url } = running.panel.parts.services.get(service.forge)
  const header = await running.panel.parts.credentials.withSecret(
    service.forge,
    ({ username, password }) => `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`,
  )
  const answer = fetch(`${url}/sdapi/v1/txt2img`, {
    method: 'POST',
    headers: { authorization: header, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'somebody else’s', steps, width: 64, height: 64 }),
  }).then(({ status }) => status)
  await until('the job to run', async () => (await plan(service.forge)).services[0]?.load.state === 'busy')
  return { answer }
}

describe('before a rotation', () => {
  it('says what is written, who is away for how long, and who was noted as using it; nothing is changed', async () => {
    const consumers = [{ name: 'Notebooks', note: 'MyIA.AI.Notebooks/GenAI/.env' }]
    await rest('PUT', `credentials/${service.comfyui}/consumers`, { consumers })
    const said = await plan(service.comfyui)
    expect(said).toMatchObject({
      services: [{ id: service.comfyui, action: 'restart', asked: true, load: { state: 'idle', own: 0 } }],
      generations: [],
      consumers,
    })
    expect(said.sinks).toHaveLength((await credential(service.comfyui)).sinks.length)
    // It has started once in this panel: that is what its absence is judged by.
    expect(said.services[0]?.expectedMs).toBeGreaterThan(0)
    expect(said.services[0]?.samples).toBeGreaterThan(0)
    expect((await credential(service.comfyui)).version).toBe(1)
  })
})

describe('a rotation that waits until nothing runs', () => {
  it('waits for another client’s job too, loses nothing of it, and begins by itself when it has ended', async () => {
    // Long enough for all that is asked while it runs, also on a busy machine.
    const job = await foreignJob(24)
    const asked = RotationSchedule.parse(await rest('POST', `credentials/${service.forge}/rotate-when-idle`, {}))
    expect(asked).toMatchObject({
      state: 'postponed',
      reason: { problem: 'rotation.service-busy', params: { service: service.forge, running: 1 } },
    })
    const withdrawn = await rest('POST', `credentials/${service.forge}/rotate-when-idle`, { wanted: false })
    expect(withdrawn).toMatchObject({ state: 'off', wanted: null })
    await rest('POST', `credentials/${service.forge}/rotate-when-idle`, {})
    expect((await plan(service.forge)).services[0]?.load).toMatchObject({ state: 'busy', own: 0, running: 1 })
    expect((await credential(service.forge)).version).toBe(1)

    expect(await job.answer).toBe(200)
    const endedAt = Date.now()
    // A look at the service tells that its queue is empty; pages that are open have it done.
    await until('the rotation', async () => {
      await rest('POST', `services/${service.forge}/probe`)
      return (await credential(service.forge)).version === 2
    })
    const rotation = await until('its end', async () => {
      const one = await last(service.forge)
      return one.state === 'committed' ? one : null
    })
    expect(rotation.startedAt).toBeGreaterThanOrEqual(endedAt - 1000)
    expect(
      await until('the wish to be gone', async () => ((await schedule(service.forge))?.wanted === null ? 'yes' : null)),
    ).toBe('yes')
  })
})

describe('several rotations', () => {
  it(
    'go one after the other when nothing runs; one that fails keeps no other from its turn; the rest can be stopped',
    long,
    async () => {
      const token = path.join(running.dataFolder, 'services', 'token')
      await rest('POST', 'credentials', { id: 'broken', scheme: 'token', sinks: [{ type: 'file', path: token }] })
      await rm(token)
      await mkdir(token)
      const mine = await rest('POST', 'generations', {
        serviceId: service.forge,
        // Long enough to be under way when the turn comes to its service, also on a busy machine.
        params: { prompt: 'mine', steps: 40, width: 64, height: 64 },
      })
      const generation = z.object({ id: z.string() }).parse(mine)
      expect((await plan(service.forge)).generations).toMatchObject([{ id: generation.id, prompt: 'mine' }])

      await rest('POST', 'rotation-round', { ids: ['broken', service.forge, service.comfyui], whenIdle: true })
      expect(await problem('POST', 'rotation-round', { ids })).toEqual({
        status: 409,
        problem: 'rotation.round-running',
      })
      const stateOf = async (id: string) => (await round()).items.find((item) => item.credentialId === id)
      await until('the one that waits', async () => {
        const item = await stateOf(service.forge)
        return item?.state === 'waiting-idle' && item.reason?.problem === 'rotation.service-busy'
      })
      await until('its turn', async () => (await stateOf(service.forge))?.state === 'running')
      await rest('DELETE', 'rotation-round')
      const ended = await until('the end of the round', async () => {
        const now = await round()
        return now.state === 'ended' ? now : null
      })

      expect(ended.items.map(({ credentialId, state }) => [credentialId, state])).toEqual([
        ['broken', 'rolled-back'],
        [service.forge, 'committed'],
        [service.comfyui, 'skipped'],
      ])
      expect(await rest('GET', `generations/${generation.id}`)).toMatchObject({ state: 'succeeded' })
      expect((await last(service.forge)).startedAt).toBeGreaterThanOrEqual(
        (await last('broken')).finishedAt ?? Infinity,
      )
      expect(await problem('DELETE', 'rotation-round')).toEqual({ status: 409, problem: 'rotation.round-none' })
    },
  )
})
