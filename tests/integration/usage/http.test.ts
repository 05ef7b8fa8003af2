import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { UsageAnswer, UsageLine, UsageNow } from '../../../shared/contract'
import { bundlePanelPrograms, pageHeaders, startPanel, type RunningPanel } from '../../support/panel'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'

const password = 'the user password'
const service = 'comfyui-demo'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
const headers: Record<'user' | 'admin', Record<string, string>> = { user: {}, admin: {} }

const ask = (who: 'user' | 'admin', at: string) =>
  fetch(new URL(`api/v1/${at}`, running.url), { headers: headers[who] })

async function read(who: 'user' | 'admin', query = '') {
  const response = await ask(who, `usage${query}`)
  expect(response.status).toBe(200)
  return UsageAnswer.parse(await response.json())
}

/** Makes one picture with a seed of its own, and waits for its end. */
async function generate(by: 'user' | 'admin', seed: number) {
  const { generations } = running.panel.parts
  const params = { prompt: 'a lighthouse that nobody else may read of', steps: 1, width: 64, height: 64, seed }
  const { id } = await generations.create({ by, serviceId: service, params })
  for await (const event of generations.watch(id))
    if (event.type === 'update' && event.generation.finishedAt !== null)
      expect(event.generation.state).toBe('succeeded')
}

beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel(programs)
  const { access, services } = running.panel.parts
  await access.setPassword({ role: 'user', password, login: 'desktop', by: null, who: 'owner' })
  headers.user = pageHeaders(running.url, await running.sessions.signInWithPassword({ role: 'user', password }))
  headers.admin = pageHeaders(running.url, running.sessions.signIn(running.sessions.issueOneTimeToken()))
  await services.start(service)
  await generate('user', 1)
  await generate('admin', 2)
  await generate('admin', 3)
  // The same once more: it comes from the cache.
  await generate('admin', 3)
  await until('the last job to be counted', async () => (await read('admin')).total.jobs === 4)
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

describe('GET /usage', () => {
  it('tells an administrator of everybody, with services as parts and each day', async () => {
    const { rows, total, days, today, medianWaitMs } = await read('admin')
    expect(rows.map(({ id, name, figures }) => [id, name, figures.jobs, figures.images])).toEqual(
      expect.arrayContaining([
        ['admin', 'Admin', 3, 3],
        ['user', 'User', 1, 1],
      ]),
    )
    expect(total).toMatchObject({ jobs: 4, images: 4, failed: 0, unknownJobs: 0, refused: 0 })
    expect(total.gpuSeconds).toBeGreaterThan(0)
    for (const { parts, figures, days: own } of rows) {
      expect(parts).toEqual([
        { id: service, name: service, gpuSeconds: figures.gpuSeconds, images: figures.images, jobs: figures.jobs },
      ])
      expect(own?.at(-1)).toMatchObject({ day: today, jobs: figures.jobs })
    }
    expect(days.at(0)?.day).toBe(`${today.slice(0, 7)}-01`)
    expect(days.at(-1)).toMatchObject({ day: today, jobs: 4 })
    expect(medianWaitMs).not.toBeNull()
  })

  it('tells a user what is his own, whatever he asks for', async () => {
    for (const query of [
      '',
      '?by=key',
      '?user=admin',
      '?by=service',
      '?by=key&user=admin',
      '?from=2020-01-01&to=2024-12-31',
    ]) {
      const answer = await read('user', query)
      expect(answer.total.jobs).toBe(query.includes('from') ? 0 : 1)
      expect(JSON.stringify(answer.rows)).not.toMatch(/admin/i)
      expect(answer.days.reduce((jobs, day) => jobs + day.jobs, 0)).toBe(answer.total.jobs)
    }
    for (const at of ['usage/lines', 'usage/lines?user=admin', 'usage/lines?by=key&per=service&user=admin']) {
      const lines = UsageLine.array().parse(await (await ask('user', at)).json())
      expect(lines).toMatchObject([{ user: 'user', jobs: 1, machine: 'local' }])
    }
    expect(await (await ask('user', 'usage/lines.csv?user=admin')).text()).not.toMatch(/admin/i)
    expect((await ask('user', 'users/admin/usage')).status).toBe(403)
  })

  it('lets an administrator ask for one person alone', async () => {
    expect(await read('admin', '?user=user&by=service')).toMatchObject({
      total: { jobs: 1 },
      rows: [{ id: service, figures: { jobs: 1 }, parts: [{ id: 'user', name: 'User', jobs: 1 }] }],
    })
    expect(await read('admin', '?user=nobody')).toMatchObject({ total: { jobs: 0, gpuSeconds: 0 }, rows: [] })
  })

  it('takes no days that are none, and no time that ends before it begins', async () => {
    for (const query of [
      'from=2026-02-30',
      'from=yesterday',
      'from=2026-11-02&to=2026-11-01',
      'from=1990-01-01&to=2026-01-01',
      'by=prompt',
    ])
      expect((await ask('admin', `usage?${query}`)).status, query).toBe(400)
  })
})

describe('exports', () => {
  it('are lines a person and day, or a person and service, as JSON and for spreadsheets', async () => {
    const response = await ask('admin', 'usage/lines.csv?per=service')
    expect(response.headers.get('content-type')).toBe('text/csv')
    expect(response.headers.get('content-disposition')).toMatch(/regie-usage-user-service-\d{4}-\d\d-\d\d\.csv/)
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf')
    const rows = bytes.subarray(3).toString('utf8').split('\r\n')
    expect(rows[0]).toBe(
      'user,user_name,service,machine,requests,jobs,failed,images,gpu_seconds,unknown_jobs,bytes_in,bytes_out,refused',
    )
    expect(rows.slice(1, 3).sort()).toEqual([
      expect.stringMatching(/^admin,Admin,comfyui-demo,local,0,3,0,3,[\d.]+,0,0,0,0$/),
      expect.stringMatching(/^user,User,comfyui-demo,local,0,1,0,1,[\d.]+,0,0,0,0$/),
    ])
    const { today } = await read('admin')
    const lines = UsageLine.array().parse(await (await ask('admin', 'usage/lines?by=key')).json())
    expect(lines).toMatchObject(lines.map(() => ({ day: today, key: null, service: null })))
  })

  it('say nothing of prompts', async () => {
    for (const at of ['usage', 'usage?by=key', 'usage/lines', 'usage/lines.csv', 'me/usage', 'users/user/usage'])
      expect(await (await ask('admin', at)).text()).not.toMatch(/lighthouse/)
  })
})

it('GET /me/usage tells how somebody stands to his limits', async () => {
  const own = UsageNow.parse(await (await ask('user', 'me/usage')).json())
  expect(own).toMatchObject({ openJobs: 0, jobsToday: 1, passed: null, limits: { jobsPerDay: null } })
  expect(own.days).toHaveLength(14)
  expect(own.days.at(-1)).toMatchObject({ day: own.today, jobs: 1 })
  expect(own.resetsAt).toBeGreaterThan(Date.now())
  expect(UsageNow.parse(await (await ask('admin', 'users/user/usage')).json())).toMatchObject({ jobsToday: 1 })
})

describe('limits', () => {
  const limit = (limits: object) => running.rest('PATCH', 'users/user', { limits })
  const none = { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null }
  const send = (seed: number) =>
    fetch(new URL('api/v1/generations', running.url), {
      method: 'POST',
      headers: { ...headers.user, 'content-type': 'application/json', origin: new URL(running.url).origin },
      body: JSON.stringify({ serviceId: service, params: { prompt: 'x', steps: 1, width: 64, height: 64, seed } }),
    })

  it('hold in the Studio, with the words which one and who can change it, and are lifted at once', async () => {
    expect((await limit({ ...none, jobsPerDay: 1 })).status).toBe(200)
    const refused = await send(11)
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({
      message: 'You have had 1 jobs today; your limit is 1 a day.',
      data: { problem: 'limit.jobs-per-day', hint: expect.stringContaining('An administrator can change') as string },
    })
    expect(await (await ask('user', 'me/usage')).json()).toMatchObject({ passed: { limit: 'jobsPerDay' } })
    expect((await read('admin', '?user=user')).total).toMatchObject({ refused: 1, jobs: 1 })
    const { body } = await running.rest('GET', 'audit?topic=limit')
    expect(body).toMatchObject({ items: [{ action: 'limit.reached', target: 'user', details: { allowed: 1 } }] })
    expect((await limit(none)).status).toBe(200)
    expect((await send(12)).status).toBe(201)
    await until('it to be counted', async () => (await read('admin', '?user=user')).total.jobs === 2)
  })

  it('hold at the gateway in the service’s own form, with Retry-After, for the person’s keys', async () => {
    const { body } = await running.rest('POST', 'keys', { userId: 'user', name: 'laptop' })
    const { key } = z.object({ key: z.string() }).parse(body)
    const port = await freePort()
    const gateway = { enabled: true, host: '127.0.0.1', port, tls: 'off' }
    expect((await running.rest('PATCH', `services/${service}`, { gateway })).status).toBe(200)
    const graph = {
      1: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 0 } },
      2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'x' } },
    }
    const submit = () =>
      fetch(`http://127.0.0.1:${port}/prompt`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ prompt: graph }),
      })
    const first = await until('the gateway to let a job in', async () => {
      const answer = await submit()
      return answer.status === 200 ? answer : null
    })
    expect(await first.json()).toHaveProperty('prompt_id')
    const counted = await until('it to be counted', async () => {
      const { rows } = await read('user', '?by=key')
      return rows.find(({ id, figures }) => id !== null && figures.jobs > 0)
    })
    expect(counted).toMatchObject({
      name: 'laptop',
      user: { id: 'user' },
      figures: { requests: 1, jobs: 1, images: 1, unknownJobs: 0 },
    })

    await limit({ ...none, gpuSecondsPerDay: 0 })
    const refused = await submit()
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.text()).toContain('your limit is 0 s a day')
    await limit({ ...none, jobsPerDay: 50 })

    // The key’s own beside them.
    const ofKey = (limits: object) => running.rest('PATCH', `keys/${counted.id ?? ''}`, { limits })
    for (const [limits, said] of [
      [{ ...none, jobsPerDay: 1 }, /the key laptop has had 1, of 1 allowed; you have had \d+ in all, of 50\./],
      [{ ...none, concurrentJobs: 0 }, /with the key laptop 0 wait or run, of 0 allowed; of all of yours 0, of ∞/],
      [{ ...none, gpuSecondsPerDay: 0 }, /the key laptop has used \d+ s, of 0 s allowed; .* of ∞ s/],
    ] as const) {
      expect(await ofKey(limits)).toMatchObject({ status: 200, body: { limits } })
      const answer = await submit()
      expect([answer.status, await answer.text()]).toEqual([429, expect.stringMatching(said)])
    }
    const [stands] = UsageNow.parse(await (await ask('user', 'me/usage')).json()).keys
    expect(stands).toMatchObject({ name: 'laptop', jobsToday: 1, passed: { limit: 'gpuSecondsPerDay' } })
    expect(await (await running.rest('GET', 'audit?topic=limit')).body).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          ...{ action: 'limit.reached', target: 'user' },
          details: { limit: 'jobsPerDay', allowed: 1, key: counted.id, keyName: 'laptop' },
        }) as unknown,
      ]) as unknown,
    })
    await ofKey(none)
    expect((await submit()).status).toBe(200)
  })
})
