import { afterAll, beforeAll, expect, test } from 'vitest'
import { Rotation, type Gateway, type ServiceIdle, type TimelineEntry } from '../../../shared/contract'
import { neverSleeps } from '../../../shared/service-idle'
import { bundlePanelPrograms } from '../../support/panel'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'
import { clockAhead } from '../../support/hand-clock'
import { smallJob, startWakingPanel, type WakingPanel } from '../../support/waking'
import { sdxl } from '../simulator/support'

const minuteMs = 60_000
const forge = 'forge-demo'

const sleepClock = clockAhead()

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let house: WakingPanel
let forgeUrl: string
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  house = await startWakingPanel({ ...programs, sleepClock })
  const port = await freePort()
  forgeUrl = `http://127.0.0.1:${port}`
  await house.running.rest('PATCH', `services/${forge}`, {
    gateway: { enabled: true, host: '127.0.0.1', port, tls: 'off' },
  })
  await house.running.panel.parts.gateway.settled()
})
afterAll(async () => {
  await house.stop()
  await programs.remove()
})

const rest = async <T>(at: string) => (await house.running.rest('GET', at)).body as T
const stateOf = (id: string) => house.running.panel.parts.services.get(id).health.state
const is = (id: string, state: ReturnType<typeof stateOf>) => until(`${id} is ${state}`, () => stateOf(id) === state)
const sleeperOf = async (id: string) =>
  (await rest<Gateway>('gateway')).sleepers.find(({ serviceId }) => serviceId === id)
/** What Regie did by itself, or left, the newest first. */
const words = async (id: string) => {
  const { items } = await rest<{ items: TimelineEntry[] }>(`services/${id}/timeline`)
  return items.flatMap(({ kind, name, reason }) => (reason ? [`${kind} ${String(name)} ${reason.problem}`] : []))
}
/** Time passes, and Regie looks each minute. */
const pass = async (minutes: number) => {
  for (let left = minutes; left > 0; left -= 1) {
    sleepClock.goAhead(minuteMs)
    await house.running.panel.parts.sleeping.look()
  }
}
const setIdle = async (id: string, idle: Partial<ServiceIdle>) => {
  const { status } = await house.running.rest('PATCH', `services/${id}`, {
    idle: { ...neverSleeps, wake: true, ...idle },
  })
  expect(status).toBe(200)
}
const paint = async () => {
  const response = await fetch(`${forgeUrl}/sdapi/v1/txt2img`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'x', steps: 1, width: 64, height: 64 }),
  })
  return response.status
}
const work: Record<string, () => Promise<number>> = {
  'comfyui-demo': async () => (await house.ask('/prompt', { body: { prompt: smallJob(1) } })).status,
  [forge]: paint,
}

test.each(['comfyui-demo', forge])(
  '%s is woken by a job, has its models unloaded and is stopped when nobody works with it, and wakes again',
  async (id) => {
    await setIdle(id, { unloadAfterMin: 2, stopAfterMin: 5 })
    expect(await work[id]?.()).toBe(200)
    await is(id, 'ready')
    await until('it is told as idle', async () => (await sleeperOf(id))?.next?.step === 'unload')
    expect(await sleeperOf(id)).toMatchObject({ state: 'awake', why: { problem: 'waking.request' } })
    await pass(3)
    await until('it is told', async () => (await words(id))[0] === 'unloaded idle sleeping.unloaded')
    expect(await sleeperOf(id)).toMatchObject({ state: 'awake', isUnloaded: true, next: { step: 'stop' } })
    await pass(4)
    await is(id, 'stopped')
    await until('it is told', async () => (await words(id))[0] === 'stopped idle sleeping.stopped')
    expect(await sleeperOf(id)).toMatchObject({ state: 'asleep', why: { params: { minutes: 5 } }, next: null })

    expect(await work[id]?.()).toBe(200)
    expect((await words(id))[0]).toBe('started gateway waking.request')
    await setIdle(id, {})
  },
)

test('what works for anybody is neither unloaded nor stopped: a job of a client, one of the Studio, a rotation', async () => {
  const { id, running } = house
  await setIdle(id, { unloadAfterMin: 1, stopAfterMin: 2 })
  expect((await house.ask('/prompt', { body: { prompt: sdxl(7, 20) } })).status).toBe(200)
  await pass(4)
  expect((await words(id))[0]).toMatch(/^not-(unloaded|stopped) idle sleeping\.busy$/)
  const { generations } = running.panel.parts
  const params = { prompt: 'x', width: 256, height: 256, steps: 2 }
  const studio = await generations.create({ by: 'admin', serviceId: id, params })
  await pass(4)
  expect([stateOf(id), generations.get(studio.id).state]).not.toContain('stopped')
  await until('both are done', () => generations.get(studio.id).state === 'succeeded')

  // Between its restart and its end nothing runs there: it is left alone all the same.
  const rotated = running.rest('POST', `credentials/${id}/rotate`)
  let looks = 0
  const looking = setInterval(() => {
    sleepClock.goAhead(3 * minuteMs)
    looks += 1
    void running.panel.parts.sleeping.look()
  }, 20)
  const { startedAt, finishedAt, state } = Rotation.parse((await rotated).body)
  clearInterval(looking)
  expect(state).toBe('committed')
  expect(looks).toBeGreaterThan(3)
  // What is done after its end, when all is over, is right.
  const meanwhile = (await house.timeline()).filter(({ at }) => at >= startedAt && at < (finishedAt ?? 0))
  expect(meanwhile.filter(({ kind, name }) => kind === 'stopped' && name === 'idle')).toEqual([])
  await setIdle(id, {})
})

test('its hours start it, keep it awake, and let it sleep when they are over', async () => {
  const { id } = house
  await house.act('stop')
  await is(id, 'stopped')
  const opens = new Date(sleepClock.now() + 90 * minuteMs)
  opens.setMinutes(0, 0, 0)
  const clockTime = (at: Date) => `${String(at.getHours()).padStart(2, '0')}:00`
  const closes = new Date(opens.getTime() + 60 * minuteMs)
  const windows = [{ from: clockTime(opens), to: clockTime(closes), days: [1, 2, 3, 4, 5, 6, 7] }]
  await setIdle(id, { stopAfterMin: 1, schedule: { windows, start: true } })
  const { look } = house.running.panel.parts.sleeping
  await look()
  expect(await sleeperOf(id)).toMatchObject({ state: 'asleep', next: { step: 'start', at: opens.getTime() } })
  sleepClock.goAhead(opens.getTime() - sleepClock.now())
  await look()
  await is(id, 'ready')
  expect((await words(id))[0]).toBe('started schedule sleeping.scheduled')
  await pass(20)
  expect(stateOf(id)).toBe('ready')
  sleepClock.goAhead(closes.getTime() - sleepClock.now())
  await pass(2)
  await is(id, 'stopped')
  await until('it is told', async () => (await words(id))[0] === 'stopped idle sleeping.stopped')
})
