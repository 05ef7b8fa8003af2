import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { findDocker } from '../support/docker/find'
import { breakages } from '../support/update-breakages'
import { assertProven, playBreakage } from '../support/update-round'
import { startUpdating, type Updating, type UpdatingPanel } from '../support/updating'
import type { Failpoint } from './failpoints'
import { bundleTorture, Refusal, startPanelProcess, type PanelProcess, type TorturePrograms } from './process'

type Service = Awaited<ReturnType<Updating['deploy']>>

/** The panel in a process of its own, of which the next life begins when this one was killed. */
function killable(programs: TorturePrograms, dataFolder: string) {
  let stacks = ''
  let life: PanelProcess | null = null
  const panel = () => life ?? assert.fail('no panel runs')
  const begin = async () => {
    const order = { ...programs, programs: { ...programs.programs, stacks } }
    life = startPanelProcess(order, { dataFolder, env: process.env })
    await life.listening()
  }
  return {
    begin,
    panel,
    async open(templates: string): Promise<UpdatingPanel> {
      stacks = templates
      await begin()
      return {
        dataFolder,
        async rest(method, at, body) {
          try {
            return { status: 200, body: await panel().call(method, at, body) }
          } catch (error) {
            if (error instanceof Refusal) return { status: error.status, body: error.body }
            throw error
          }
        },
        stop: () => panel().stop(),
      }
    },
  }
}
type Killable = ReturnType<typeof killable>

/** The journal's lines of an update that is rolled back at its end, and of one that goes through. */
const steps = ['snapshot', 'build', 'start', 'verify', 'switch', 'keep', 'end', 'roll-back'] as const

/** Kills the panel around one line of the journal; the next life finishes or rolls back, and one version answers. */
async function playKill(
  { world, service, lives }: { world: Updating; service: Service; lives: Killable },
  failpoint: Extract<Failpoint, { at: 'journal' }>,
): Promise<string> {
  const leftOut = ['outputs', 'cache']
  const before = await world.contentOf(service.folder, leftOut)
  await world.offer({ name: 'two', ...(failpoint.step === 'roll-back' && { behaviour: { picture: 'black' } }) })
  await lives.panel().arm(failpoint)
  // Armed at the first line, it does not live to answer.
  const begun = await world.begin(service.id).catch(() => null)
  await lives.panel().gone
  await lives.begin()
  const updates = await world.list()
  const found = updates.find(({ serviceId, state }) => serviceId === service.id && state !== 'rolled-back')
  const id = begun?.id ?? found?.id
  if (id !== undefined) {
    const update = updates.some((one) => one.id === id) ? await world.ended(id) : null
    assert.ok(update === null || update.state === 'switched' || update.state === 'rolled-back', JSON.stringify(update))
    await world.ready(service.id)
    await assertProven(world, service.id)
    if (update?.state === 'switched') {
      const { status, body } = await world.rest('POST', `updates/${id}/roll-back`)
      assert.equal(status, 200, JSON.stringify(body))
    }
  }
  await world.ready(service.id)
  await assertProven(world, service.id)
  assert.deepEqual(await world.contentOf(service.folder, leftOut), before)
  const filters = { label: ['io.regie.update'] }
  assert.deepEqual(await world.docker.client.listContainers({ all: true, filters }), [])
  return id === undefined ? 'not begun' : ((await world.list()).find((one) => one.id === id)?.state ?? 'not noted')
}

/** Plays every breakage once, then a kill before and after each line of the journal. True when nothing was lost. */
export async function tortureUpdates(signal: AbortSignal): Promise<boolean> {
  const { docker, reason } = await findDocker()
  if (!docker) {
    console.log(`Without Docker: ${reason}`)
    return true
  }
  const tally = { breakages: 0, kills: 0, losses: [] as string[] }
  const play = async (what: string, work: () => Promise<unknown>): Promise<boolean> => {
    const began = performance.now()
    const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
    try {
      const how = await work()
      console.log(`  ${what}: noticed and undone${typeof how === 'string' ? ` (${how})` : ''}, ${seconds()}`)
      return true
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      tally.losses.push(`${what}: ${why}`)
      console.log(`  LOST ${what} after ${seconds()}: ${why}`)
      return false
    }
  }
  const world = await startUpdating(docker)
  try {
    const service = await world.deploy('torture')
    for (const breakage of breakages) {
      if (signal.aborted) break
      if (await play(breakage.name, () => playBreakage(world, service, breakage))) tally.breakages++
    }
  } finally {
    await world.remove()
  }
  tally.kills = await playKills(docker, { play, signal })
  console.log(
    `Updates: ${tally.breakages} of ${breakages.length} breakages and ${tally.kills} of ${2 * steps.length} kills undone`,
  )
  for (const loss of tally.losses) console.log(`LOST ${loss}`)
  return tally.losses.length === 0
}

async function playKills(
  docker: Parameters<typeof startUpdating>[0],
  { play, signal }: { play: (what: string, work: () => Promise<unknown>) => Promise<boolean>; signal: AbortSignal },
): Promise<number> {
  const programs = await bundleTorture('quick')
  const data = await mkdtemp(path.join(os.tmpdir(), 'regie-update-kills-'))
  const lives = killable(programs, data)
  const world = await startUpdating(docker, lives.open)
  let kills = 0
  try {
    const service = await world.deploy('kills')
    for (const step of steps)
      for (const when of ['before', 'after'] as const) {
        if (signal.aborted) continue
        const failpoint = { at: 'journal', step, when } as const
        if (await play(`killed ${when} ${step}`, () => playKill({ world, service, lives }, failpoint))) kills++
      }
  } finally {
    await world.remove()
    await programs.remove()
    await rm(data, { recursive: true, force: true })
  }
  return kills
}
