import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/programs'
import { everythingIn, openTestVault, problemOf, quickPassphrase } from './support'

const right = 'a right passphrase'
const credential = (id: string) => ({ id, scheme: 'basic', password: `password-of-${id}` }) as const
const passwordOf = ({ credentials }: Pick<Awaited<ReturnType<typeof openTestVault>>, 'credentials'>, id: string) =>
  credentials.withSecret(id, ({ password }) => password)

describe('backups of the vault', () => {
  it('keep the last ten states that it came to rest in, and no secret in the clear', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, paths } = await openTestVault(folder.path)
    for (let i = 0; i < 12; i++) {
      await credentials.create(credential(`c${i}`), 'ann')
      await vault.settle()
    }

    const kept = await vault.backups()

    expect(kept).toHaveLength(10)
    expect(kept.map(({ at }) => at)).toEqual([...kept.map(({ at }) => at)].sort((a, b) => b - a))
    expect(await everythingIn(paths.backups)).not.toContain('password-of-')
  })

  it('bring an earlier state back, and the later one after it', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, audit } = await openTestVault(folder.path)
    await credentials.create(credential('one'), 'ann')
    await vault.settle()
    const [early] = await vault.backups()
    await credentials.remove('one', 'ann')
    await credentials.create(credential('two'), 'ann')

    await vault.restoreBackup({ id: early?.id ?? '', who: 'ann' })

    expect((await credentials.list()).map(({ id }) => id)).toEqual(['one'])
    expect(await passwordOf({ credentials }, 'one')).toBe('password-of-one')
    const later = (await vault.backups())[0]
    await vault.restoreBackup({ id: later?.id ?? '', who: 'ann' })
    expect((await credentials.list()).map(({ id }) => id)).toEqual(['two'])
    expect((await audit.history('', 9)).map(({ action }) => action)).toContain('vault.restored')
    const again = await openTestVault(folder.path)
    expect((await again.credentials.list()).map(({ id }) => id)).toEqual(['two'])
  })

  it('open a vault again whose file was damaged, with the passphrase of the time; what was damaged is kept', async () => {
    await using folder = await temporaryFolder()
    const first = await openTestVault(folder.path, { keeper: quickPassphrase(right) })
    await first.credentials.create(credential('one'), 'ann')
    await first.vault.settle()
    await writeFile(first.paths.vault, (await readFile(first.paths.vault, 'utf8')).slice(0, 200))

    const { vault, credentials, paths } = await openTestVault(folder.path, { withoutKeeper: true })
    expect(vault.status().state).toBe('unreadable')
    const id = (await vault.backups())[0]?.id ?? ''
    expect((await problemOf(vault.restoreBackup({ id, who: 'ann' }))).id).toBe('vault.passphrase-needed')
    expect((await problemOf(vault.restoreBackup({ id, passphrase: 'a wrong one', who: 'ann' }))).id).toBe(
      'vault.wrong-key',
    )
    const status = await vault.restoreBackup({ id, passphrase: right, who: 'ann' })

    expect(status).toMatchObject({ state: 'open', reason: { problem: 'vault.kept-aside' } })
    expect(await passwordOf({ credentials }, 'one')).toBe('password-of-one')
    expect((await readdir(paths.root)).filter((name) => name.includes('unreadable'))).toHaveLength(1)
  })

  it('refuse a name that is none, and a copy that was altered', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, paths } = await openTestVault(folder.path)
    await credentials.create(credential('one'), 'ann')
    await vault.settle()
    const id = (await vault.backups())[0]?.id ?? ''
    expect((await problemOf(vault.restoreBackup({ id: '../vault.json', who: 'eve' }))).id).toBe('vault.no-backup')

    const file = path.join(paths.backups, id)
    const content = JSON.parse(await readFile(file, 'utf8')) as { records: unknown[] } // our own file
    await writeFile(file, JSON.stringify({ ...content, records: [] }))

    expect((await problemOf(vault.restoreBackup({ id, who: 'ann' }))).id).toBe('vault.tampered')
    expect(await passwordOf({ credentials }, 'one')).toBe('password-of-one')
  })
})

describe('an exported vault', () => {
  it('is opened by its own passphrase alone, and adds what is missing elsewhere', async () => {
    await using here = await temporaryFolder()
    await using there = await temporaryFolder()
    const from = await openTestVault(here.path)
    await from.credentials.create(credential('one'), 'ann')
    const sink = path.join(from.stack, '.env')
    await from.credentials.create(
      { ...credential('two'), sinks: [{ type: 'env', path: sink, key: 'TWO', field: 'password' }] },
      'ann',
    )
    const text = await from.vault.exportWith(right, 'ann')
    expect(text).not.toContain('password-of-')

    const to = await openTestVault(there.path)
    await to.credentials.create({ id: 'one', scheme: 'basic', password: 'another-password' }, 'bob')
    expect((await problemOf(to.credentials.importFrom({ text, passphrase: 'a wrong one', who: 'bob' }))).id).toBe(
      'vault.wrong-key',
    )
    const imported = await to.credentials.importFrom({ text, passphrase: right, who: 'bob' })

    expect(imported.credentials).toEqual([
      { id: 'one', outcome: 'exists' },
      { id: 'two', outcome: 'added' },
    ])
    expect(await passwordOf(to, 'one')).toBe('another-password')
    expect(await passwordOf(to, 'two')).toBe('password-of-two')
    expect((await to.credentials.get('two')).sinks).toMatchObject([{ path: sink, key: 'TWO' }])
  })

  it('leaves out a sink that another credential holds here, and says so', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, stack } = await openTestVault(folder.path)
    const sinks = [{ type: 'env', path: path.join(stack, '.env'), key: 'ONE', field: 'password' }] as const
    await credentials.create({ ...credential('one'), sinks: [...sinks] }, 'ann')
    const text = await vault.exportWith(right, 'ann')
    await credentials.remove('one', 'ann')
    await credentials.create({ ...credential('rival'), sinks: [...sinks] }, 'ann')

    const imported = await credentials.importFrom({ text, passphrase: right, who: 'ann' })

    expect(imported.credentials).toMatchObject([
      { id: 'one', outcome: 'added-without-sinks', reason: { problem: 'sink.taken', params: { id: 'rival' } } },
    ])
  })
})

describe('the keeper of the key', () => {
  it('changes from a file to a passphrase, to another one, and back', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, events } = await openTestVault(folder.path)
    await credentials.create(credential('one'), 'ann')

    await vault.changeKeeper({ passphrase: 'the first passphrase', who: 'ann' })
    expect(events.at(-1)).toMatchObject({ type: 'vault', vault: { keeper: 'passphrase' } })
    const to = { passphrase: right, who: 'ann' }
    expect((await problemOf(vault.changeKeeper(to))).id).toBe('vault.passphrase-needed')
    expect((await problemOf(vault.changeKeeper({ ...to, current: 'a wrong one' }))).id).toBe('vault.wrong-key')
    await vault.changeKeeper({ ...to, current: 'the first passphrase' })

    const asked = await openTestVault(folder.path, { withoutKeeper: true })
    expect((await problemOf(asked.vault.unlock('the first passphrase'))).id).toBe('vault.wrong-key')
    await asked.vault.unlock(right)
    expect(await passwordOf(asked, 'one')).toBe('password-of-one')
    expect((await problemOf(asked.vault.changeKeeper({ passphrase: null, current: right, who: 'ann' }))).id).toBe(
      'vault.no-other-keeper',
    )
    // The panel that was started with a key file takes the key back.
    expect((await vault.changeKeeper({ passphrase: null, current: right, who: 'ann' })).keeper).toBe('key-file')
    expect((await openTestVault(folder.path)).vault.status().state).toBe('open')
  })
})
