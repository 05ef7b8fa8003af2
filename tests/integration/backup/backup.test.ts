import { readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { Backups, Credential, Key, RestorePlan } from '../../../shared/contract'
import { passphraseKeeper } from '../../../electron/vault/keepers'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

const key = { passphrase: 'one passphrase for all backups' }
const vaultPassphrase = 'the passphrase of the vault'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let root: string
const at = (...parts: string[]) => path.join(root, ...parts)
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  root = await mkdtemp(path.join(os.tmpdir(), 'regie-backups-'))
})
afterAll(async () => {
  await programs.remove()
  await rm(root, { recursive: true, force: true })
})

const quick = (passphrase: string) => passphraseKeeper(passphrase, 2 ** 14)
const startIn = (name: string, keeper: string | null, simulators = false) =>
  startPanel({
    ...programs,
    dataFolder: at(name),
    demo: simulators,
    keeper: () => (keeper === null ? null : quick(keeper)),
  })

async function call<T>(running: RunningPanel, schema: z.ZodType<T>, method: string, place: string, body?: unknown) {
  const answer = await running.rest(method, place, body)
  expect(answer.status, `${method} ${place}: ${JSON.stringify(answer.body)}`).toBeLessThan(300)
  return schema.parse(answer.body)
}
const read = (running: RunningPanel) => call(running, Backups, 'GET', 'backups')

async function made(running: RunningPanel): Promise<Backups> {
  const { list } = await read(running)
  await call(running, Backups, 'POST', 'backups')
  await until('the backup to end', async () => (await read(running)).run === null, 30_000)
  const after = await read(running)
  expect(after.failed).toBeNull()
  expect(after.list.length).toBe(list.length + 1)
  return after
}

describe('a panel’s backups', { timeout: 300_000 }, () => {
  test('bring everything back into an empty folder, with nothing but the passphrase', async () => {
    for (const name of ['first', 'second', 'stack']) await mkdir(at(name))
    const env = at('stack', '.env')
    await writeFile(env, 'STUDIO_PASSWORD=password-of-the-studio\n')
    const running = await startIn('first', vaultPassphrase)
    const before = await read(running)
    expect(before).toMatchObject({ list: [], settings: { folder: null, opensBy: null }, nextAt: null })
    expect(await running.rest('POST', 'backups')).toMatchObject({ status: 409 })

    const sinks = [{ type: 'env', path: env, key: 'STUDIO_PASSWORD', field: 'password', requires: 'nothing' }]
    await call(running, Credential, 'POST', 'credentials', {
      ...{ id: 'studio', scheme: 'basic', username: 'ann', password: 'password-of-the-studio', sinks },
    })
    await call(running, z.unknown(), 'POST', 'users', { id: 'zoe', name: 'Zoe', role: 'user' })
    await call(running, z.unknown(), 'POST', 'keys', { userId: 'zoe', name: 'script' })

    const set = { folder: at('kept'), keep: { daily: 2, weekly: 0, monthly: 0 }, seal: key }
    const settings = await call(running, Backups, 'PATCH', 'backups/settings', set)
    expect(settings.settings).toMatchObject({ folder: at('kept'), opensBy: 'passphrase', daily: null })
    const { list } = await made(running)
    expect(list[0]).toMatchObject({ isOwn: true, checked: { by: 'made' }, opensBy: 'passphrase' })
    const name = list[0]?.name ?? ''

    // No secret is in what it wrote, nor in what it keeps.
    for (const file of [at('kept', name), at('first', 'backup.json'), at('first', 'backup-state.json')])
      for (const secret of ['password-of-the-studio', key.passphrase, 'AGE-SECRET-KEY'])
        expect((await readFile(file)).includes(secret), `${secret} in ${file}`).toBe(false)
    expect(readdirSync(at('first'))).not.toContain('backup-work')
    await running.stop()
    await rm(at('first'), { recursive: true })
    const envBefore = await readFile(env, 'utf8')
    await rm(env)

    const fresh = await startIn('second', null)
    await call(fresh, Backups, 'PATCH', 'backups/settings', { folder: at('kept') })
    expect((await read(fresh)).list).toMatchObject([{ name, isOwn: false, checked: null }])
    const wrong = await fresh.rest('POST', `backups/${name}/plan`, { key: { passphrase: 'another one' } })
    expect(wrong).toMatchObject({ status: 422, body: { data: { problem: 'backup.wrong-key' } } })
    const plan = await call(fresh, RestorePlan, 'POST', `backups/${name}/plan`, { key })
    expect(plan.needsVaultPassphrase).toBe(true)
    expect(plan.counts).toContainEqual({ what: 'credentials', backup: 1, now: null })
    expect(plan.outside).toContainEqual({ path: env, state: 'missing' })
    expect(await fresh.rest('POST', `backups/${name}/restore`, { key })).toMatchObject({
      body: { data: { problem: 'backup.needs-passphrase' } },
    })
    const order = { key, vaultPassphrase: 'another passphrase of the vault', missingFiles: true }
    const ready = await call(fresh, Backups, 'POST', `backups/${name}/restore`, order)
    expect(ready.restoring).toMatchObject({ name })
    // Until the next start everything is as it was.
    expect(JSON.stringify((await fresh.rest('GET', 'users')).body)).not.toContain('Zoe')
    await fresh.stop()

    const restored = await startIn('second', 'another passphrase of the vault')
    expect(restored.panel.parts.vault.status()).toMatchObject({ state: 'open' })
    const secret = await restored.rest('POST', 'credentials/studio/reveal')
    expect(JSON.stringify(secret.body)).toContain('password-of-the-studio')
    expect(JSON.stringify((await restored.rest('GET', 'users')).body)).toContain('Zoe')
    const keys = await call(restored, z.array(Key), 'GET', 'keys')
    expect(keys.map((each) => each.name)).toContain('script')
    expect(await readFile(env, 'utf8')).toBe(envBefore)
    expect((await restored.rest('GET', 'audit/check')).body).toMatchObject({ damage: null, brokenBefore: null })
    const told = JSON.stringify((await restored.rest('GET', 'about')).body)
    expect(told).toContain('backup.restored')
    expect(JSON.stringify((await restored.rest('GET', 'audit')).body)).toContain('backup.restored')
    expect((await restored.rest('GET', 'generations')).status).toBeLessThan(300)

    // From here on it makes its own again, by the same passphrase: those of the other folder are another Regie's.
    await call(restored, z.unknown(), 'POST', 'metrics-token')
    const { list: later } = await made(restored)
    expect(later.map(({ isOwn, opensBy }) => [isOwn, opensBy])).toEqual([
      [true, 'passphrase'],
      [false, 'passphrase'],
    ])

    // What there is now is backed up before one of the same day is restored: that one must not be thinned out by it.
    const own = later[0]?.name ?? ''
    const script = keys.find((each) => each.name === 'script')?.id ?? ''
    await call(restored, z.unknown(), 'DELETE', `keys/${script}`)
    await call(restored, z.unknown(), 'DELETE', 'metrics-token')
    const { ended } = await call(restored, RestorePlan, 'POST', `backups/${own}/plan`, { key })
    expect(ended).toEqual([
      { what: 'key', id: script, name: 'script', person: 'Zoe' },
      { what: 'metrics-token', id: '', name: '', person: null },
    ])
    const again = await call(restored, Backups, 'POST', `backups/${own}/restore`, { key, missingFiles: false })
    expect(again.restoring).toMatchObject({ name: own })
    expect(again.list.map((each) => each.name)).toContain(own)
    // Ended after it was made ready, and before it is done.
    await call(restored, z.unknown(), 'PATCH', 'users/zoe', { suspended: true })
    await restored.stop()

    const last = await startIn('second', 'another passphrase of the vault')
    const after = await call(last, z.array(Key), 'GET', 'keys')
    expect(after.find(({ id }) => id === script)?.state).toBe('ended')
    expect((await last.rest('GET', 'metrics-token')).body).toMatchObject({ madeAt: null })
    expect((await last.rest('GET', 'users')).body).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'zoe', suspended: true })]),
    )
    expect(JSON.stringify((await last.rest('GET', 'about')).body)).toContain('backup.ended-kept')
    const noted = JSON.stringify((await last.rest('GET', 'audit')).body)
    for (const what of ['key', 'metrics-token', 'suspension']) expect(noted).toContain(`"what":"${what}"`)
    expect((await last.rest('GET', 'audit/check')).body).toMatchObject({ damage: null, brokenBefore: null })
    await last.stop()
  })

  test('are an administrator’s alone, ask for a proof, and refuse what is no place for them', async () => {
    await mkdir(at('third'))
    const running = await startIn('third', vaultPassphrase)
    const problemOf = async (body: object) =>
      (await running.rest('PATCH', 'backups/settings', body)).body as { data?: { problem?: string } }
    expect(await problemOf({ folder: 'relative' })).toMatchObject({ data: { problem: 'backup.folder' } })
    expect(await problemOf({ folder: at('third', 'inside') })).toMatchObject({
      data: { problem: 'backup.folder-inside' },
    })
    expect(await problemOf({ folder: at('no', 'such', 'parent') })).toMatchObject({
      data: { problem: 'backup.folder-missing' },
    })
    expect(await problemOf({ seal: { recipient: 'age1qqqq' } })).toMatchObject({
      data: { problem: 'backup.recipient' },
    })
    expect(await problemOf({ daily: '03:30' })).toMatchObject({ data: { problem: 'backup.not-set-up' } })
    expect(await running.rest('POST', 'backups/restore/discard')).toMatchObject({ status: 409 })
    const missing = 'regie-aaaaaaaa-20260101T000000Z.tar.age'
    await call(running, Backups, 'PATCH', 'backups/settings', { folder: at('other-kept') })
    expect(await running.rest('DELETE', `backups/${missing}`)).toMatchObject({ status: 404 })
    const stranger = await fetch(new URL('api/v1/backups', running.url))
    expect(stranger.status).toBe(401)
    await running.stop()
  })
})
