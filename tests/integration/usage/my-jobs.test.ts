import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { Gateway, GatewayJob } from '../../../shared/contract'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'

// Jobs that people's programs have sent through the gateway: where each is told, and how it is ended before its time.

const comfyui = 'comfyui-demo'
const forge = 'forge-demo'
const people = ['maya', 'noah'] as const
type Person = (typeof people)[number]

const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'regie-jobs-'))
let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
const keys: Record<Person, string> = { maya: '', noah: '' }
const ports: Record<string, number> = {}

const ask = (who: Person, method: string, at: string) =>
  fetch(new URL(`api/v1/${at}`, running.url), { method, headers: { authorization: `Bearer ${keys[who]}` } })

const jobsOf = async (who: Person) => GatewayJob.array().parse(await (await ask(who, 'GET', 'me/jobs')).json())

const cancel = (who: Person, { serviceId, id }: Pick<GatewayJob, 'serviceId' | 'id'>) =>
  ask(who, 'POST', `services/${serviceId}/jobs/${encodeURIComponent(id)}/cancel`)

const send = (who: Person, service: string, at: string, body: object) =>
  fetch(`http://127.0.0.1:${ports[service]}${at}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys[who]}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const picture = (who: Person) => send(who, forge, '/sdapi/v1/txt2img', { prompt: 'secret words', steps: 100 })

/** Its line as administrators see it. */
const lineOf = async (service: string) =>
  Gateway.parse((await running.rest('GET', 'gateway')).body).services.find(({ serviceId }) => serviceId === service)
    ?.line ?? []

const cancelled = async () => {
  const { body } = await running.rest('GET', 'audit?topic=job')
  const { items } = z
    .object({
      items: z.array(z.object({ who: z.string(), action: z.string(), target: z.string(), details: z.unknown() })),
    })
    .parse(body)
  return items
}

beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel({ ...programs, dataFolder })
  for (const id of people) {
    expect((await running.rest('POST', 'users', { id, name: id.toUpperCase(), role: 'user' })).status).toBe(201)
    const { body } = await running.rest('POST', 'keys', { userId: id, name: `${id}’s laptop` })
    keys[id] = z.object({ key: z.string() }).parse(body).key
  }
  for (const service of [comfyui, forge]) {
    const own = path.join(dataFolder, 'services', service)
    mkdirSync(own, { recursive: true })
    writeFileSync(path.join(own, 'behaviour.json'), JSON.stringify({ stepMs: 200, loadMs: 10, preview: 'none' }))
    ports[service] = await freePort()
    const gateway = { enabled: true, host: '127.0.0.1', port: ports[service], tls: 'off' }
    const idle = { wake: true }
    expect((await running.rest('PATCH', `services/${service}`, { gateway, idle })).status).toBe(200)
  }
  await running.panel.parts.services.start(comfyui)
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
  rmSync(dataFolder, { recursive: true, force: true })
})

it('a job that wakes its service is told while it waits, and ends with its client told who ended it', async () => {
  const sent = picture('maya')
  const [job] = await until('the job to be told', async () => {
    const jobs = await jobsOf('maya')
    return jobs.length > 0 ? jobs : null
  })
  if (!job) throw new Error('no job')
  expect(job).toMatchObject({
    serviceId: forge,
    state: 'waiting',
    reason: { problem: 'job.waking' },
    isCancellable: true,
  })
  expect(job).toMatchObject({ key: { name: 'maya’s laptop' }, endedAt: null })
  expect(await lineOf(forge)).toMatchObject([{ by: 'maya', job: { id: job.id, from: 'gateway' } }])
  // Somebody else's is not there, whoever asks.
  expect((await cancel('noah', job)).status).toBe(404)
  expect(await jobsOf('noah')).toEqual([])

  expect(await (await cancel('maya', job)).json()).toEqual({ state: 'cancelled' })
  const refused = await sent
  expect(refused.status).toBe(409)
  expect(await refused.text()).toContain('MAYA cancelled this job before it began.')
  expect(await jobsOf('maya')).toEqual([])
  expect((await cancel('maya', job)).status).toBe(404)
})

it('on a service behind a lock one works and the next waits for its turn; each is ended by itself', async () => {
  await until('Forge to be ready', () => running.panel.parts.services.get(forge).health.state === 'ready')
  const first = picture('maya')
  await until('it to run', async () => (await jobsOf('maya'))[0]?.state === 'running')
  const second = picture('noah')
  const waiting = await until('the other to wait', async () => (await jobsOf('noah')).at(0))
  expect(waiting).toMatchObject({ state: 'waiting', reason: { problem: 'card.line' }, isCancellable: true })
  expect(await lineOf(forge)).toMatchObject([
    { by: 'maya', reason: null, job: { from: 'gateway' } },
    { by: 'noah', reason: { problem: 'card.line' }, job: { id: waiting.id, from: 'gateway' } },
  ])
  expect((await cancel('maya', waiting)).status).toBe(404)
  // An administrator ends anybody's.
  expect(await running.rest('POST', `services/${forge}/jobs/${waiting.id}/cancel`)).toMatchObject({
    body: { state: 'cancelled' },
  })
  expect((await second).status).toBe(409)

  const [works] = await jobsOf('maya')
  if (!works) throw new Error('it has ended')
  expect(works).toMatchObject({ state: 'running', isCancellable: true, isCancelling: false })
  expect((await cancel('noah', works)).status).toBe(404)
  expect((await cancel('maya', works)).status).toBe(200)
  expect((await first).status).toBe(200)
  await until('it to be told as cancelled', async () => (await jobsOf('maya'))[0]?.state === 'cancelled')
})

it('on ComfyUI a waiting prompt leaves its line uncounted, and one at work is interrupted; no other is touched', async () => {
  const graph = (seed: number, steps: number) => ({
    ...{ 1: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd_xl_base_1.0.safetensors' } } },
    ...{ 2: { class_type: 'CLIPTextEncode', inputs: { clip: ['1', 1], text: 'secret words' } } },
    ...{ 3: { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } } },
    4: {
      class_type: 'KSampler',
      inputs: {
        ...{ model: ['1', 0], positive: ['2', 0], negative: ['2', 0], latent_image: ['3', 0] },
        ...{ seed, steps, cfg: 5, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
      },
    },
    ...{ 5: { class_type: 'VAEDecode', inputs: { samples: ['4', 0], vae: ['1', 2] } } },
    ...{ 6: { class_type: 'SaveImage', inputs: { images: ['5', 0], filename_prefix: 'x' } } },
  })
  const submit = async (who: Person, seed: number, steps: number) => {
    const answer = await send(who, comfyui, '/prompt', { prompt: graph(seed, steps) })
    return z.object({ prompt_id: z.string() }).parse(await answer.json()).prompt_id
  }
  const one = await submit('maya', 1, 500)
  const other = await submit('noah', 2, 500)
  const late = await submit('maya', 3, 500)
  const stands = async (who: Person, id: string) => (await jobsOf(who)).find((job) => job.id === id)
  await until('one to run', async () => (await stands('maya', one))?.state === 'running')
  expect(await stands('maya', late)).toMatchObject({ state: 'waiting', isCancellable: true })

  expect((await cancel('noah', { serviceId: comfyui, id: late })).status).toBe(404)
  expect(await (await cancel('maya', { serviceId: comfyui, id: late })).json()).toEqual({ state: 'cancelled' })
  expect(await stands('maya', late)).toMatchObject({ state: 'cancelled', isCancellable: false })
  expect(await stands('maya', one)).toMatchObject({ state: 'running' })

  expect((await cancel('maya', { serviceId: comfyui, id: one })).status).toBe(200)
  await until('it to be told as cancelled', async () => (await stands('maya', one))?.state === 'cancelled')
  await until('the other to run', async () => (await stands('noah', other))?.state === 'running')
  expect((await running.rest('POST', `services/${comfyui}/jobs/${other}/cancel`)).status).toBe(200)
  await until('it to be told as cancelled', async () => (await stands('noah', other))?.state === 'cancelled')
  const { body } = await running.rest('GET', 'usage?by=service')
  const { rows } = z
    .object({ rows: z.array(z.object({ id: z.string(), figures: z.object({ jobs: z.number() }) })) })
    .parse(body)
  expect(rows.find(({ id }) => id === comfyui)?.figures.jobs).toBe(2)
})

it('all of it is audited without a prompt, and what has ended is still told after a restart', async () => {
  const items = await cancelled()
  expect(
    items.map(({ action, target, details }) => [action, target, (details as { account: string }).account]),
  ).toEqual([
    ['job.cancelled', comfyui, 'noah'],
    ['job.cancelled', comfyui, 'maya'],
    ['job.cancelled', comfyui, 'maya'],
    ['job.cancelled', forge, 'maya'],
    ['job.cancelled', forge, 'noah'],
    ['job.cancelled', forge, 'maya'],
  ])
  expect(JSON.stringify(items)).not.toContain('secret words')
  const before = await jobsOf('maya')
  expect(before).toHaveLength(3)
  await running.stop()
  running = await startPanel({ ...programs, dataFolder })
  expect(await jobsOf('maya')).toEqual(before)
  expect(await jobsOf('noah')).toHaveLength(1)
})
