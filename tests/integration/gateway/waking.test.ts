import { afterAll, beforeAll, expect, test } from 'vitest'
import { neverSleeps } from '../../../shared/service-idle'
import { long } from '../../support/long'
import { bundlePanelPrograms } from '../../support/panel'
import { until } from '../../support/until'
import { tell } from '../../support/tell'
import { smallJob, startWakingPanel, type WakingPanel } from '../../support/waking'
import { sdxl } from '../simulator/support'
import { askWhileRotated, askWhileStopped, describeAsked } from '../../torture/gateway'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let house: WakingPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  house = await startWakingPanel(programs)
})
afterAll(async () => {
  await house.stop()
  await programs.remove()
})

test('requests, a job and a socket for a stopped service wake it once, and all get their answers', async () => {
  await house.act('stop')
  await house.is('stopped')
  const socket = house.socket('one')
  const asked = Array.from({ length: 20 }, () => house.ask('/system_stats'))
  const job = house.ask('/prompt', { body: { prompt: smallJob(1), client_id: 'one' } })
  const answers = await Promise.all([...asked, job])
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(JSON.parse((await job).text)).toMatchObject({ node_errors: {} })
  const { messages, socket: open } = await socket
  await until('its job is told as done', () => messages.some(({ type }) => type === 'execution_success'))
  open.close()
  const started = (await house.timeline()).filter(({ kind }) => kind === 'started')
  expect(started[0]).toMatchObject({ actor: 'regie', name: 'gateway', reason: { problem: 'waking.request' } })
  expect(started).toHaveLength(1)
})

test('what is asked while a person restarts it waits, and a socket that is open stays', async () => {
  await house.is('ready')
  const { socket, messages, closed } = await house.socket('two')
  let isClosed = false
  void closed.then(() => (isClosed = true))
  const restarted = house.act('restart')
  const answers = await Promise.all(Array.from({ length: 10 }, () => house.ask('/queue')))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect((await restarted).status).toBe(200)
  await house.is('ready')
  const before = messages.length
  // Joined under its own name: the restarted program greets it, and tells it of its job.
  await until('it hears of the service again', () => messages.slice(before).length > 0 || messages.length > 1)
  await house.ask('/prompt', { body: { prompt: smallJob(2), client_id: 'two' } })
  await until('its job is told as done', () => messages.some(({ type }) => type === 'execution_success'))
  expect(isClosed).toBe(false)
  socket.close()
})

test('a page that was left open wakes nothing, and one whose policy says no is refused with the words', async () => {
  await house.act('stop')
  const left = await house.ask('/queue', { headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' } })
  expect([left.status, left.headers['retry-after']]).toEqual([503, '30'])
  await house.running.rest('PATCH', `services/${house.id}`, { idle: neverSleeps })
  const refused = await house.ask('/system_stats')
  expect(refused.status).toBe(503)
  expect(refused.text).toContain('requests may not start it')
  const page = await house.ask('/', { headers: { accept: 'text/html', 'accept-language': 'fr' } })
  expect(page.text).toContain('ne peut pas le démarrer')
  expect((await house.service()).health.state).toBe('stopped')
  await house.running.rest('PATCH', `services/${house.id}`, { idle: { wake: true } })
})

test('a browser gets the page, and then the service', async () => {
  const open = () => house.ask('/', { headers: { accept: 'text/html' } })
  const first = await open()
  expect([first.status, first.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8'])
  expect(first.text).toContain(`${house.id} is starting`)
  const last = await until('the service’s own page', async () => {
    const now = await open()
    return now.status !== 503 && now
  })
  expect(last.text).not.toContain('Regie gateway')
})

test('services that are stopped and restarted at random lose no request', long, async (context) => {
  const tally = await askWhileStopped(house, { requests: 60, atOnce: 8, seed: 7 })
  tell(context, `Gateway, service stopped at random: ${describeAsked(tally)}`)
  expect(tally.lost).toEqual([])
  expect([tally.taken > 1, tally.waited > 0]).toEqual([true, true])
})

test('a secret that is rotated at 50 requests a second fails none', async (context) => {
  const tally = await askWhileRotated(house, { rotations: 1, aSecond: 50, seed: 7 })
  tell(context, `Gateway, secret rotated under load: ${describeAsked(tally)}`)
  expect(tally.lost).toEqual([])
  expect(tally.asked).toBeGreaterThan(50)
})

const rotate = (whenBusy: 'wait' | 'interrupt') =>
  house.running.rest('POST', `credentials/${house.id}/rotate`, { whenBusy })
const held = () => house.running.panel.parts.gateway.read().listeners[0]?.held

/** A job of a few seconds that runs, and a client that is told of it. */
async function longJob(client: string) {
  await house.ask('/queue')
  const { socket, messages } = await house.socket(client)
  const { text } = await house.ask('/prompt', { body: { prompt: sdxl(1, 20), client_id: client } })
  const { prompt_id: id } = JSON.parse(text) as { prompt_id: string }
  await until('it runs', () => messages.some(({ type }) => type === 'execution_start'))
  const idsOf = (type: string) => messages.flatMap((one) => (one.type === type ? [one.data['prompt_id']] : []))
  return { id, socket, idsOf }
}

test('a rotation lets what runs end, and holds new jobs in their order, the Studio’s too; none is lost', async () => {
  const { id: running, socket, idsOf } = await longJob('drained')
  const rotated = rotate('wait')
  const asked: ReturnType<typeof house.ask>[] = []
  // The first may come before it has begun, and stands behind the one that runs.
  for (let before = 0; before < 3; before = held() ?? 0) {
    let isAnswered = false
    const job = house.ask('/prompt', { body: { prompt: smallJob(asked.length), client_id: 'drained' } })
    asked.push(job)
    void job.then(() => (isAnswered = true))
    await until('it is held, or on the service', () => isAnswered || held() === before + 1)
  }
  // What is no job goes on: the job that runs is seen.
  const { queue_running: seen } = JSON.parse((await house.ask('/queue')).text) as { queue_running: unknown[] }
  expect(JSON.stringify(seen)).toContain(running)
  const { generations } = house.running.panel.parts
  const params = { prompt: 'x', width: 256, height: 256, steps: 1 }
  const studio = await generations.create({ by: 'admin', serviceId: house.id, params })
  expect(generations.get(studio.id)).toMatchObject({
    ...{ state: 'queued', progress: { waitsFor: { problem: 'card.rotation' } } },
  })
  expect(idsOf('execution_success')).toEqual([])

  expect(await rotated).toMatchObject({ status: 200, body: { state: 'committed' } })
  const answers = (await Promise.all(asked)).map(({ text }) => JSON.parse(text) as { prompt_id: string })
  const ids = answers.map(({ prompt_id: id }) => id)
  await until('all of them have run', () => ids.every((id) => idsOf('execution_success').includes(id)))
  expect(idsOf('execution_success').slice(0, 1)).toEqual([running])
  expect(idsOf('execution_start').filter((id) => ids.includes(String(id)))).toEqual(ids)
  await until('the Studio’s has run', () => generations.get(studio.id).state === 'succeeded')
  socket.close()
})

test('a rotation that may interrupt waits for nobody', async () => {
  const { id: running, socket, idsOf } = await longJob('interrupted')
  expect(await rotate('interrupt')).toMatchObject({ status: 200, body: { state: 'committed' } })
  expect((await house.ask('/queue')).status).toBe(200)
  expect(idsOf('execution_success')).not.toContain(running)
  socket.close()
})
