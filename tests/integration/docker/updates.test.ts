import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
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

  test('asks about changed files, switches, and goes back with the secret of the day', async () => {
    await writeFile(path.join(service.folder, 'README.md'), 'my own words\n')
    const before = await world.contentOf(service.folder, ['outputs', 'login'])
    await world.offer({ name: 'two', settings: "NEW_SETTING='of two'\n" })
    const offer = await world.see(service.id)
    expect(offer).toMatchObject({ state: 'available', from: '0.0.1', reasons: [], envKeys: ['NEW_SETTING'] })
    expect(offer.files.filter(({ isChanged }) => isChanged)).toMatchObject([
      { path: 'README.md', change: 'replaced', diff: '@@ -1 +1 @@\n-my own words\n+version two' },
    ])
    await expect(world.begin(service.id)).rejects.toThrow('updates.files-undecided')

    const { id } = await world.begin(service.id, { files: { 'README.md': 'keep' } })
    expect((await world.rest('POST', `services/${service.id}/restart`)).body).toMatchObject({
      data: { problem: 'updates.running' },
    })
    const update = await world.ended(id)
    expect(update.reason).toBe(undefined)
    expect(update).toMatchObject({ state: 'switched', answering: 'new', to: offer.to })
    expect(update.steps.map((step) => `${step.id} ${step.state}`)).toEqual(
      ['snapshot', 'build', 'start', 'verify', 'switch', 'keep'].map((step) => `${step} done`),
    )
    expect(update.checks.filter(({ state }) => state === 'failed')).toEqual([])
    expect(await service.read('.env')).toContain("NEW_SETTING='of two'")
    expect([await service.read('README.md'), await service.read('serve.py')]).toEqual([
      'my own words\n',
      expect.stringContaining('version two'),
    ])

    const reveal = () => world.rest('POST', `credentials/${service.id}/reveal`)
    const secrets = [(await reveal()).body, await rotated(), (await reveal()).body]
    const back = await world.rest('POST', `updates/${id}/roll-back`)
    expect(back.status).toBe(200)
    expect(back.body).toMatchObject({
      state: 'rolled-back',
      answering: 'old',
      lastUndo: { tookMs: expect.any(Number) as number },
    })
    expect(await world.contentOf(service.folder, ['outputs', 'login'])).toEqual(before)
    await assertProven(world, service.id)
    await assertNoSecret(secrets)
    await writeFile(path.join(service.folder, 'README.md'), 'version one\n')
  }, 120_000)

  const rotated = async () => {
    const { status, body } = await world.rest('POST', `credentials/${service.id}/rotate`)
    expect(status).toBe(200)
    return body
  }
  /** Neither the journal nor what is kept of updates holds a secret. */
  const assertNoSecret = async (revealed: readonly unknown[]) => {
    const values = revealed.flatMap((one) => {
      const { password, token } = one as { password?: string; token?: string } // a rotation has neither
      return [password, token].filter((value) => typeof value === 'string')
    })
    expect(values.length).toBeGreaterThan(1)
    const kept = [await readFile(path.join(world.dataFolder, 'updates.jsonl'), 'latin1')]
    kept.push(...Object.values(await world.contentOf(path.join(world.dataFolder, 'updates'))))
    for (const value of values) expect(kept.some((text) => text.includes(value))).toBe(false)
  }

  test.each(played)(
    '$name: noticed and undone',
    async (breakage) => {
      await playBreakage(world, service, breakage)
    },
    120_000,
  )

  test('kept for good, the old image and the snapshot are gone, and there is no way back', async () => {
    await world.offer({ name: 'three' })
    const { id } = await world.begin(service.id)
    expect((await world.ended(id)).state).toBe('switched')
    expect((await world.see(service.id)).state).toBe('up-to-date')
    const kept = await world.rest('POST', `updates/${id}/keep`)
    expect(kept.body).toMatchObject({ state: 'kept', keptUntil: null })
    const tags = (await docker.client.listImages()).flatMap(({ RepoTags }) => RepoTags ?? [])
    expect(tags).toContain(`regie-update-test/${world.mark}:three`)
    expect(tags).not.toContain(`regie-update-test/${world.mark}:one`)
    expect(tags.filter((tag) => tag.includes(id.replaceAll('-', '').slice(0, 12)))).toEqual([])
    expect(await world.contentOf(path.join(world.dataFolder, 'updates', id, 'old')).catch(() => 'gone')).toBe('gone')
    const refused = await world.rest('POST', `updates/${id}/roll-back`)
    expect(refused.body).toMatchObject({ data: { problem: 'updates.cannot-undo' } })
    await assertProven(world, service.id)
  }, 60_000)
})
