import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { findDocker } from '../support/docker/find'
import { breakages } from '../support/update-breakages'
import { assertNothingBeside, assertProven, playBreakage } from '../support/update-round'
import { littlePatience, startUpdating, type Updating, type UpdatingPanel } from '../support/updating'
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
    life = startPanelProcess(order, { dataFolder, env: process.env, updatePatience: littlePatience })
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

/** With its image gone the old version cannot come back: that is said before anything is touched, and the new one stays. */
async function playImageGone(world: Updating, service: Service): Promise<void> {
  await world.offer({ name: 'two' })
  const [old] = await world.containersOf(service.id)
  const { id } = await world.begin(service.id)
  assert.equal((await world.ended(id)).state, 'switched')
  await world.docker.client.getImage(old?.ImageID ?? '').remove({ force: true })
  const { status, body } = await world.rest('POST', `updates/${id}/roll-back`)
  assert.equal(status, 409)
  assert.match(JSON.stringify(body), /updates\.image-gone/)
  assert.equal((await world.get(id)).state, 'switched')
  await assertProven(world, service.id)
}

/** Services of one stack share the names of its images: each gets its own all the same, and each goes back alone. */
async function playTwoAtOnce(world: Updating, one: Service): Promise<void> {
  const other = await world.deploy('other')
  await world.offer({ name: 'two' })
  const imageOf = async ({ id }: Service) => (await world.containersOf(id))[0]?.ImageID
  const before = await Promise.all([one, other].map(imageOf))
  const begun = await Promise.all([one, other].map(({ id }) => world.begin(id)))
  const ended = await Promise.all(begun.map(({ id }) => world.ended(id)))
  assert.deepEqual(
    ended.map(({ state }) => state),
    ['switched', 'switched'],
    JSON.stringify(ended.map((update) => update.reason)),
  )
  const after = await imageOf(other)
  assert.equal((await world.rest('POST', `updates/${begun[0]?.id ?? ''}/roll-back`)).status, 200)
  assert.deepEqual(await Promise.all([one, other].map(imageOf)), [before[0], after])
  assert.equal((await world.rest('POST', `services/${other.id}/recreate`)).status, 200)
  assert.equal(await imageOf(other), after, 'the other one lost its image to the first')
  assert.equal((await world.rest('POST', `updates/${begun[1]?.id ?? ''}/roll-back`)).status, 200)
  assert.equal(await imageOf(other), before[1])
  await Promise.all([one, other].map(({ id }) => assertProven(world, id)))
}

type Kill = Extract<Failpoint, { at: 'journal' }>
const allKills = steps.flatMap((step) =>
  (['before', 'after'] as const).map((when): Kill => ({ at: 'journal', step, when })),
)
const nameOf = ({ step, when }: Kill) => `killed ${when} ${step}`

/** Kills the panel around one line of the journal; the next life finishes or rolls back, and one version answers. */
async function playKill(
  { world, service, lives }: { world: Updating; service: Service; lives: Killable },
  failpoint: Kill,
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
  await assertNothingBeside(world, service.id)
  return id === undefined ? 'not begun' : ((await world.list()).find((one) => one.id === id)?.state ?? 'not noted')
}

/**
 * Plays every breakage once, then a kill before and after each line of the journal; of both those whose name has `match`.
 * True when nothing was lost.
 */
export async function tortureUpdates(signal: AbortSignal, match = ''): Promise<boolean> {
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
  const chosen = breakages.filter(({ name }) => name.includes(match))
  const kills = allKills.filter((one) => nameOf(one).includes(match))
  const programs = await bundleTorture('quick')
  const data = await mkdtemp(path.join(os.tmpdir(), 'regie-torn-updates-'))
  const lives = killable(programs, data)
  const world = await startUpdating(docker, (stacks) => lives.open(stacks))
  try {
    const service = await world.deploy('torn')
    for (const breakage of chosen) {
      if (signal.aborted) break
      if (await play(breakage.name, () => playBreakage(world, service, breakage))) tally.breakages++
    }
    for (const kill of kills) {
      if (signal.aborted) break
      if (await play(nameOf(kill), () => playKill({ world, service, lives }, kill))) tally.kills++
    }
    const two = 'two services of one stack at once'
    if (two.includes(match) && !signal.aborted) await play(two, () => playTwoAtOnce(world, service))
    const last = 'the old image is removed after the switch'
    if (last.includes(match) && !signal.aborted) await play(last, () => playImageGone(world, service))
  } finally {
    await world.remove()
    await programs.remove()
    await rm(data, { recursive: true, force: true })
  }
  const counts = `${tally.breakages} of ${chosen.length} breakages and ${tally.kills} of ${kills.length} kills`
  console.log(`Updates: ${counts} noticed and undone`)
  for (const loss of tally.losses) console.log(`LOST ${loss}`)
  return tally.losses.length === 0
}
