import { cp, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { Golden, Service, Update } from '../../../shared/contract'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { long } from '../../support/long'
import { breakages } from '../../support/update-breakages'
import { assertProven, playBreakage } from '../../support/update-round'
import { until } from '../../support/until'
import { startUpdating, type Updating } from '../../support/updating'

const Refused = z.object({ data: z.object({ problem: z.string() }) })

/** The rest is played by `npm run torture -- update`. */
const played = process.env['REGIE_ALL_BREAKAGES']
  ? breakages
  : breakages.filter(({ name }) => ['it ends at its start', 'the build fails', 'the picture is black'].includes(name))

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

  test(
    'asks about changed files, switches, and goes back with the secret of the day',
    { timeout: 120_000 },
    async () => {
      await writeFile(path.join(service.folder, 'README.md'), 'my own words\n')
      await bendToOwnTaste()
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
      // A build by hand sends it with its rights, and another user reads it in the container.
      expect((await stat(path.join(service.folder, 'guard.py'))).mode & 0o777).toBe(0o644)
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
    },
  )

  /** What people do: a folder elsewhere, files of their own that are named from here, and a file that is not there yet. */
  const bendToOwnTaste = async () => {
    const at = (...names: string[]) => path.join(service.folder, ...names)
    await rename(at('user'), path.join(world.root, 'user-elsewhere'))
    await symlink(path.join(world.root, 'user-elsewhere'), at('user'))
    await writeFile(path.join(world.root, 'shared.txt'), 'shared')
    await writeFile(at('token.txt'), 'a token')
    await writeFile(
      at('compose.override.yaml'),
      `services:
  comfyui-qwen:
    secrets: [token]
    volumes: [{ type: bind, source: ../shared.txt, target: /shared.txt }]
secrets: { token: { file: ./token.txt } }
`,
    )
    const manifest = JSON.parse(await service.read('.regie-stack.json')) as { files: Record<string, string> } // of the panel
    delete manifest.files['guard.py']
    await writeFile(at('.regie-stack.json'), JSON.stringify(manifest))
    await rm(at('guard.py'))
  }

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

  const [one, ...others] = played
  const undone = '$name: noticed and undone'
  const play = async (breakage: (typeof played)[number]) => {
    await playBreakage(world, service, breakage)
  }
  test.each(one ? [one] : [])(undone, { timeout: 120_000 }, play)
  test.each(others)(undone, { ...long, timeout: 120_000 }, play)

  test(
    'kept for good, the old image and the snapshot are gone, and there is no way back',
    { ...long, timeout: 60_000 },
    async () => {
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
    },
  )

  test(
    'is followed by a golden check where that is wished; one from before a recreation proves nothing',
    { timeout: 180_000 },
    async () => {
      const checked = await world.deploy('golden')
      const golden = async () => Golden.parse((await world.rest('GET', `services/${checked.id}/golden`)).body)
      const rung = async () => Service.parse((await world.rest('GET', `services/${checked.id}`)).body).health.proved
      const params = { steps: 4, width: 64, height: 64 }
      const set = await world.rest('PATCH', `services/${checked.id}/golden`, { afterUpdate: true, params })
      expect(set.status).toBe(200)
      const asked = await world.rest('POST', `services/${checked.id}/golden/checks`, {})
      expect(asked).toMatchObject({ status: 200, body: { state: 'passed', trigger: 'asked' } })
      await until('it is proved', async () => (await rung())?.state === 'proven')

      expect((await world.rest('POST', `services/${checked.id}/recreate`)).status).toBe(200)
      await world.ready(checked.id)
      expect(await rung()).toMatchObject({ state: 'waiting', before: 'recreated' })
      // A recreation is no update.
      expect((await golden()).checks).toHaveLength(1)

      await world.offer({ name: 'two' })
      const { id } = await world.begin(checked.id)
      expect(await world.ended(id)).toMatchObject({ state: 'switched' })
      const { checks } = await until('the check after the update', async () => {
        const read = await golden()
        return read.checks.length > 1 && read
      })
      expect(checks).toMatchObject([{ trigger: 'update', state: 'passed', by: null }, { trigger: 'asked' }])
      await until('it is proved again', async () => (await rung())?.checkId === checks[0]?.id)
      expect(await rung()).toMatchObject({ state: 'proven' })
    },
  )

  test('of a service that is gone can be let go, and never touches another one of its id', async () => {
    await world.age(service.folder)
    await world.offer({ name: 'four' })
    const { id } = await world.begin(service.id)
    expect((await world.ended(id)).state).toBe('switched')
    const { kind, url } = Service.parse((await world.rest('GET', `services/${service.id}`)).body)
    const backOrKeep = async (which: 'roll-back' | 'keep') => {
      const { status, body } = await world.rest('POST', `updates/${id}/${which}`)
      return `${status} ${status === 200 ? Update.parse(body).state : Refused.parse(body).data.problem}`
    }
    await world.rest('POST', `services/${service.id}/down`)
    expect((await world.rest('DELETE', `services/${service.id}`)).status).toBe(200)
    expect(await backOrKeep('roll-back')).toBe('404 service.not-found')

    const other = path.join(world.root, 'other')
    await mkdir(other)
    await cp(path.join(service.folder, 'compose.yaml'), path.join(other, 'compose.yaml'))
    const compose = { file: path.join(other, 'compose.yaml'), service: 'comfyui-qwen' }
    const another = { id: service.id, kind, url, runtime: 'compose', credentialId: service.id, compose }
    expect((await world.rest('POST', 'services', another)).status).toBe(201)
    expect((await world.see(service.id)).reasons).toMatchObject([{ problem: 'updates.not-a-stack' }])
    expect(await backOrKeep('roll-back')).toBe('409 updates.other-stack')
    expect((await world.rest('DELETE', `services/${service.id}`)).status).toBe(200)

    expect(await backOrKeep('keep')).toBe('200 kept')
    const tags = (await docker.client.listImages()).flatMap(({ RepoTags }) => RepoTags ?? [])
    expect(tags.filter((tag) => tag.includes(id.replaceAll('-', '').slice(0, 12)))).toEqual([])
  }, 60_000)
})
