import { onTestFinished, test, expect } from 'vitest'
import { createPlainLines } from '../../../electron/cards'
import type { Guest, Stages } from '../../../electron/gateway'
import { refuse } from '../../../electron/gateway/admission/refusing'
import { withCounting } from '../../../electron/gateway/counting'
import { withTurns } from '../../../electron/gateway/turns'
import { startForgeSimulator } from '../../../electron/simulator/forge'
import { createUsage, type Usage } from '../../../electron/usage'
import { guest } from '../../support/front-door'
import { temporaryFolder } from '../../support/programs'
import { administrator, startThroughGateway } from '../../support/through-gateway'
import { until } from '../../support/until'

const noLimits = { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null }
const people: Record<string, Guest> = {
  maya: { ...guest, account: 'maya', keyId: null, limits: { ...noLimits, concurrentJobs: 1 } },
  noah: { ...guest, account: 'noah', keyId: null },
  chief: administrator,
}

/** A Forge behind a gateway that counts, limits, and gives turns; with pages of people. */
async function startPages(stepMs: number) {
  const folder = await temporaryFolder()
  const simulator = await startForgeSimulator({ folder: folder.path, protect: 'none', behaviour: { stepMs } })
  let usage: Usage | null = null
  const cards = createPlainLines()
  const through = await startThroughGateway({
    ...{ kind: 'forge', url: simulator.url },
    admit: ({ headers }) => people[headers.authorization?.slice('Bearer '.length) ?? ''] ?? guest,
    stages(ruled, ledger) {
      const failed = (error: unknown) => {
        throw error
      }
      usage = createUsage({ ledger, failed, studioJobs: () => [], memoryOf: () => null, hasEnded: () => false })
      const told: Stages = { ...ruled, refuse: (asked, refused) => refuse(asked, refused, null) }
      return withCounting(withTurns(told, { cards, isLocked: () => true }), usage)
    },
  })
  onTestFinished(async () => {
    usage?.close()
    await through[Symbol.asyncDispose]()
    await simulator.close()
    await folder[Symbol.asyncDispose]()
  })
  const as = (who: string, path: string, body?: object, signal?: AbortSignal) =>
    fetch(through.url + path, {
      headers: { authorization: `Bearer ${who}`, 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  return {
    ...{ as, through, cards, simulator },
    usage: () => usage,
    /** The Generate button of somebody's page. */
    join: async (who: string, task: string, session = who) => {
      const data = [`task(${task})`, 'a house', 1, 1]
      const answer = await as(who, '/queue/join', { data, fn_index: 0, session_hash: session, trigger_id: 1 })
      return { status: answer.status, ...((await answer.json()) as { event_id: string }) }
    },
    /** What the stream of somebody's page tells, until it ends. */
    stream: async (who: string, signal?: AbortSignal, session = who) =>
      (await as(who, `/queue/data?session_hash=${session}`, undefined, signal)).text(),
    progress: async (who: string, task: string) =>
      (await as(who, '/internal/progress', { id_task: `task(${task})` })).json() as Promise<Record<string, unknown>>,
    openOf: (who: string) => usage?.standing(who).openJobs,
  }
}

test('a job of Forge’s page takes limits and its turn, until it has ended, and is counted', async () => {
  const { join, stream, progress, openOf, usage, through } = await startPages(200)
  const first = await join('maya', 'hers')
  const told = stream('maya')
  expect(openOf('maya')).toBe(1)
  const second = await join('maya', 'hers2')
  expect(second.status).toBe(200)
  const waiting = join('noah', 'his')
  await until('his job to wait', async () => (await progress('noah', 'his'))['queued'] === true)
  expect((await progress('noah', 'his'))['textinfo']).toBe('Waiting for its turn')
  expect((await progress('maya', 'hers'))['active']).toBe(true)
  const text = await told
  expect(text).toContain(`"msg":"process_completed","event_id":"${second.event_id}","output":{"error":"`)
  expect(text).toMatch(/your limit is 1 at once/)
  expect(text).toMatch(new RegExp(`"event_id":"${first.event_id}".*"success":true`))
  // His begins when hers has ended, and tells of itself in his own stream.
  expect((await waiting).status).toBe(200)
  expect(await stream('noah')).toContain('"success":true')
  await until('both to be counted', () => openOf('maya') === 0 && openOf('noah') === 0)
  expect(usage()?.standing('maya')).toMatchObject({ jobsToday: 1 })
  expect(usage()?.standing('maya').gpuMsToday).toBeGreaterThan(500)
  expect(through.door.bugs).toEqual([])
})

test('a job whose page has gone holds its place until Forge has ended it, and is never held for longer', async () => {
  const { join, stream, progress, openOf, through } = await startPages(400)
  await join('maya', 'hers')
  const page = new AbortController()
  const told = stream('maya', page.signal).catch(() => 'left')
  await until('her job to run', async () => (await progress('maya', 'hers'))['active'] === true)
  page.abort()
  expect(await told).toBe('left')
  await until('the gateway to see it gone', () => through.door.gateway.inside.count('qwen', 'request') === 0)
  const refused = await join('maya', 'again')
  expect(await stream('maya')).toContain(refused.event_id)
  expect(openOf('maya')).toBe(1)
  await until('her job to end', async () => (await progress('maya', 'hers'))['completed'] === true)
  await until('its place to be free', () => openOf('maya') === 0)
  // In another page: gradio never ends the stream of a session that was left in the middle.
  const next = await join('maya', 'third', 'another')
  expect(await stream('maya', undefined, 'another')).toMatch(
    new RegExp(`"event_id":"${next.event_id}".*"success":true`),
  )
})

test('a page that leaves while its job waits leaves the line', async () => {
  const { as, join, stream, openOf, cards } = await startPages(400)
  await join('maya', 'hers')
  const told = stream('maya')
  const gone = new AbortController()
  const data = ['task(his)', 'a house', 1, 1]
  const waiting = as('noah', '/queue/join', { data, fn_index: 0, session_hash: 'noah' }, gone.signal).catch(
    () => 'left',
  )
  await until('his job to wait', () => cards.waiting().length === 1)
  gone.abort()
  expect(await waiting).toBe('left')
  await until('him to be gone', () => cards.waiting().length === 0 && openOf('noah') === 0)
  expect(await told).toContain('"success":true')
})
