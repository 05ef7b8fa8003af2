import assert from 'node:assert/strict'
import { Proof, type Update } from '../../shared/contract'
import type { Breakage } from './update-breakages'
import type { Updating } from './updating'

type Service = Awaited<ReturnType<Updating['deploy']>>

/** The old version is to be back within this, in ms. */
const minute = 60_000

const runningOf = async (world: Updating, id: string) => {
  const [container] = await world.containersOf(id)
  assert.ok(container, 'the service has no container')
  return { id: container.Id, image: container.ImageID, state: container.State }
}

/** Nothing of a service's updates is left in Docker but what its way back needs. Others share the engine. */
export async function assertNothingBeside({ docker }: Updating, id: string): Promise<void> {
  const filters = { label: ['io.regie.update'] }
  const isOurs = (labels: Record<string, string> | undefined) =>
    labels?.['com.docker.compose.project']?.startsWith(`${id}-update-`) === true
  const containers = await docker.client.listContainers({ all: true, filters })
  assert.deepEqual(
    containers.filter(({ Labels }) => isOurs(Labels)).map(({ Names }) => Names),
    [],
  )
  const networks = await docker.client.listNetworks({ filters })
  assert.deepEqual(
    networks.filter(({ Labels }) => isOurs(Labels)).map(({ Name }) => Name),
    [],
  )
}

export async function assertProven(world: Updating, id: string): Promise<void> {
  const proof = Proof.parse((await world.rest('POST', `credentials/${id}/verify`)).body)
  assert.equal(proof.outcome, 'proven', JSON.stringify(proof.reason))
}

/** Lets an update go wrong in one way, and makes sure that it is noticed, and that all is as it was. */
export async function playBreakage(world: Updating, service: Service, breakage: Breakage): Promise<Update> {
  const { id, folder } = service
  const leftOut = ['outputs', 'cache']
  const before = { files: await world.contentOf(folder, leftOut), container: await runningOf(world, id) }
  await world.offer({ name: 'two', ...breakage.version })
  const asItWas = await breakage.before?.(world)
  const begun = await world.begin(id, breakage.order)
  const takeBack = await breakage.meanwhile?.(world, service, begun.id)
  let update = await world.ended(begun.id)
  await takeBack?.()
  await asItWas?.()
  const told = `${update.state} at ${update.failedStep ?? '–'}: ${JSON.stringify(update.notBack ?? update.reason)}`
  if (breakage.ends === 'switched') {
    assert.equal(update.state, 'switched', told)
    await assertProven(world, id)
    const { status, body } = await world.rest('POST', `updates/${begun.id}/roll-back`)
    assert.equal(status, 200, JSON.stringify(body))
    update = await world.get(begun.id)
    assert.equal(update.state, 'rolled-back')
  } else {
    assert.equal(update.state, 'rolled-back', told)
    assert.equal(update.failedStep, breakage.ends.step, told)
    assert.match(update.reason?.problem ?? '', breakage.ends.problem, told)
  }
  const back = update.steps.find((step) => step.id === 'roll-back')
  assert.ok(back?.tookMs !== null && (back?.tookMs ?? minute) < minute, `back after ${back?.tookMs ?? '?'} ms`)
  const after = await runningOf(world, id)
  assert.equal(after.image, before.container.image, 'another image runs')
  assert.equal(after.state, 'running')
  if (breakage.ends !== 'switched' && breakage.keepsContainer !== false)
    assert.equal(after.id, before.container.id, 'the old container was replaced')
  assert.deepEqual(await world.contentOf(folder, leftOut), before.files)
  assert.equal(update.answering, breakage.staysDown === true ? null : 'old')
  await assertNothingBeside(world, id)
  await assertProven(world, id)
  return update
}
