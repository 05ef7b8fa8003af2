import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { breakages } from '../../support/update-breakages'
import { assertProven, playBreakage } from '../../support/update-round'
import { startUpdating, type Updating } from '../../support/updating'

/** The rest is played by `npm run torture -- update`. */
const played = process.env['REGIE_ALL_BREAKAGES']
  ? breakages
  : breakages.filter(({ name }) => ['the build fails', 'it ends at its start', 'the picture is black'].includes(name))

await describeWithDocker('a stack’s update', (docker: TestDocker) => {
  let world: Updating
  let service: Awaited<ReturnType<Updating['deploy']>>

  beforeAll(async () => {
    world = await startUpdating(docker)
    service = await world.deploy('upd')
  }, 120_000)
  afterAll(async () => {
    await world.remove()
  })

  test('switches to the new version, and goes back by one call', async () => {
    const before = await world.contentOf(service.folder, ['outputs'])
    await world.offer({ name: 'two', settings: "NEW_SETTING='of two'\n" })
    const offer = await world.see(service.id)
    expect(offer).toMatchObject({ state: 'available', from: '0.0.1', reasons: [], envKeys: ['NEW_SETTING'] })
    const { id } = await world.begin(service.id)
    const update = await world.ended(id)
    expect(update.reason).toBe(undefined)
    expect(update).toMatchObject({ state: 'switched', answering: 'new' })
    expect(update.steps.map((step) => `${step.id} ${step.state}`)).toEqual(
      ['snapshot', 'build', 'start', 'verify', 'switch', 'keep'].map((step) => `${step} done`),
    )
    expect(await service.read('.env')).toContain("NEW_SETTING='of two'")
    expect(await service.read('README.md')).toBe('version two\n')

    const back = await world.rest('POST', `updates/${id}/roll-back`)
    expect(back.status).toBe(200)
    expect(back.body).toMatchObject({
      state: 'rolled-back',
      answering: 'old',
      lastUndo: { tookMs: expect.any(Number) as number },
    })
    expect(await world.contentOf(service.folder, ['outputs'])).toEqual(before)
    await assertProven(world, service.id)
  }, 120_000)

  test.each(played)(
    '$name: noticed and undone',
    async (breakage) => {
      await playBreakage(world, service, breakage)
    },
    120_000,
  )
})
