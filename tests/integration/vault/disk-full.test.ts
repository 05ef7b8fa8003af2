import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openConfig } from '../../../electron/storage/config'
import { readPreferences, writePreferences } from '../../../electron/storage/preferences'
import { openDatabase } from '../../../electron/storage/database'
import { appendDurably, writeFileAtomic, writeInPlace } from '../../../electron/storage/files'
import { openLog } from '../../../electron/storage/log'
import { openAudit } from '../../../electron/audit/audit'
import { openJournal } from '../../../electron/rotation/journal'
import { canMountSmallDisk, mountSmallDisk, type SmallDisk } from '../../support/full-disk'
import { temporaryFolder } from '../../support/programs'
import { openTestVault, problemOf } from './support'

const smallDisk = (sizeKiB?: number): SmallDisk => {
  const disk = mountSmallDisk(sizeKiB)
  if (!disk) throw new Error('the disk could be mounted a moment ago')
  return disk
}

const leftovers = async (folder: string) =>
  (await readdir(folder, { recursive: true })).filter((name) => /\.tmp/.test(name))

/** A vault whose data folder lies on a small disk, and whose sinks lie on a roomy one. */
async function vaultOn(disk: SmallDisk, roomy: string) {
  await symlink(disk.path, path.join(roomy, 'data'))
  const opened = await openTestVault(roomy)
  const sink = path.join(opened.stack, '.env')
  await opened.credentials.create(
    { id: 'one', scheme: 'token', sinks: [{ type: 'env', path: sink, key: 'TOKEN' }] },
    'ann',
  )
  await opened.vault.settle()
  return { ...opened, sink, sinkId: (await opened.credentials.get('one')).sinks[0]?.id ?? '' }
}

describe.runIf(canMountSmallDisk())('a data folder on a full disk', () => {
  it('refuses every change of the vault by name, keeps the old content whole, and goes on when there is room', async () => {
    await using folder = await temporaryFolder()
    using disk = smallDisk()
    const { vault, credentials, paths, sink, sinkId, rotationsWith } = await vaultOn(disk, folder.path)
    const rotations = await rotationsWith({}, 500, () => undefined)
    await writeFileAtomic(sink, 'TOKEN=typed-by-hand\n')
    const before = await readFile(paths.vault)
    const sinkBefore = await readFile(sink)
    const acts = {
      create: () => credentials.create({ id: 'two', scheme: 'token' }, 'ann'),
      update: () => credentials.update({ id: 'one', sinks: [] }, 'ann'),
      remove: () => credentials.remove('one', 'ann'),
      adopt: () => credentials.adopt({ id: 'one', sinkId, who: 'ann' }),
      keeper: () => vault.changeKeeper({ passphrase: 'a new passphrase', who: 'ann' }),
    }
    disk.fill()

    for (const act of Object.values(acts)) {
      const problem = await problemOf(act())
      expect(problem.id).toBe('disk.full')
      expect(problem.params['path']).toBe(paths.vault)
    }
    const rotated = await problemOf(rotations.rotate({ id: 'one', who: 'ann' }))
    expect(rotated.params['cause']).toMatch(/has no room left/)

    expect(await readFile(paths.vault)).toEqual(before)
    expect(await readFile(sink)).toEqual(sinkBefore)
    expect(await leftovers(disk.path)).toEqual([])
    disk.free()
    await acts.create()
    await acts.adopt()
    expect((await rotations.rotate({ id: 'one', who: 'ann' })).state).toBe('committed')
    expect((await openTestVault(folder.path)).vault.status().state).toBe('open')
    await rotations.close()
    await vault.close()
  })

  it('whose room ends in the middle of the vault file leaves the old one', async () => {
    await using folder = await temporaryFolder()
    using disk = smallDisk()
    const { vault, credentials, paths } = await vaultOn(disk, folder.path)
    const sinks = Array.from({ length: 40 }, (_, i) => ({
      type: 'file' as const,
      path: path.join(folder.path, 'stack', `token-${i}`),
    }))
    const before = await readFile(paths.vault)
    disk.fill(1)

    expect((await problemOf(credentials.create({ id: 'large', scheme: 'token', sinks }, 'ann'))).id).toBe('disk.full')

    expect(await readFile(paths.vault)).toEqual(before)
    expect(await leftovers(disk.path)).toEqual([])
    expect(await readdir(path.join(folder.path, 'stack'))).toEqual(['.env'])
    await vault.close()
  })

  it('owes the audit log what was done, tells it, refuses more, and writes it in order when there is room', async () => {
    await using folder = await temporaryFolder()
    using disk = smallDisk()
    const { vault, credentials, audit, paths, stack } = await vaultOn(disk, folder.path)
    disk.fill()
    const lines = (await stat(paths.audit)).size
    const details = { padding: 'x'.repeat(3_000) }
    for (const action of ['a', 'b', 'c']) await audit.append({ who: 'ann', action, target: 'one', details })

    expect(audit.notices()).toMatchObject([{ problem: 'audit.owed', params: { path: paths.audit, code: 'ENOSPC' } }])
    expect((await audit.check()).damage).toBeNull()
    expect((await readFile(paths.audit, 'utf8')).endsWith('}\n')).toBe(true)
    expect((await stat(paths.audit)).size).toBeGreaterThanOrEqual(lines)
    const refused = [credentials.reveal('one', 'ann'), credentials.sync('one', { who: 'ann' }), audit.settle()]
    for (const refusal of refused) expect((await problemOf(refusal)).id).toBe('audit.write-failed')
    expect((await problemOf(credentials.create({ id: 'two', scheme: 'token' }, 'ann'))).id).toBe('audit.write-failed')
    expect(await readdir(stack)).toEqual(['.env'])
    disk.free()
    await credentials.reveal('one', 'ann')

    expect(audit.notices()).toEqual([])
    expect((await audit.history('one', 4)).map(({ action }) => action)).toEqual(['credential.revealed', 'c', 'b', 'a'])
    expect((await openAudit(paths.audit)).notices()).toEqual([])
    await vault.close()
  })

  it('keeps its backups, says that the newest lacks, and makes it up', async () => {
    await using folder = await temporaryFolder()
    using disk = smallDisk()
    const { vault, credentials, paths } = await vaultOn(disk, folder.path)
    const before = await vault.backups()
    await credentials.create({ id: 'two', scheme: 'token' }, 'ann')
    disk.fill()

    await vault.settle()

    expect(vault.status()).toMatchObject({ state: 'open', reason: { problem: 'disk.full' } })
    expect(vault.status().reason?.params['path']).toBe(paths.backups)
    expect(await vault.backups()).toEqual(before)
    expect(await leftovers(disk.path)).toEqual([])
    disk.free()
    await vault.settle()
    expect(await vault.backups()).toHaveLength(before.length + 1)
    expect(vault.status().reason).toBeUndefined()
    await vault.close()
  })

  it('keeps the settings that there were', () => {
    using disk = smallDisk()
    const config = openConfig(disk.path)
    writePreferences(config, 'admin', { theme: 'light' })
    disk.fill()

    expect(() => config.set('large', 'x'.repeat(9_000))).toThrow(/ENOSPC/)
    expect(() => writePreferences(config, 'admin', { theme: 'dark' })).toThrow(/ENOSPC/)

    expect(readPreferences(config, 'admin').theme).toBe('light')
    disk.free()
    expect(writePreferences(config, 'admin', { theme: 'dark' }).theme).toBe('dark')
    expect(readPreferences(openConfig(disk.path), 'admin').theme).toBe('dark')
  })

  it('keeps the database whole', async () => {
    using disk = smallDisk(2048)
    const file = path.join(disk.path, 'regie.db')
    const { database } = await openDatabase(file, ['CREATE TABLE t (text TEXT)'])
    const insert = database.prepare('INSERT INTO t VALUES (?)')
    insert.run('first')
    disk.fill()

    const fillUp = () => {
      for (let i = 0; i < 2_000; i++) insert.run('x'.repeat(4_000))
    }
    expect(fillUp).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }))
    // A transaction tells the same, and not that it could not be taken back: SQLite has done that by itself.
    const together = database.transaction(fillUp)
    expect(() => together.immediate()).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }))
    expect(database.inTransaction).toBe(false)

    disk.free()
    insert.run('last')
    expect(database.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' })
    database.close()
  })

  it('ends no panel because of its own log', async () => {
    using disk = smallDisk()
    const file = path.join(disk.path, 'panel.log')
    const { log, close } = openLog(file, (text) => text)
    log.info('before')
    await expect.poll(async () => (await stat(file)).size).toBeGreaterThan(0)
    disk.fill()
    for (let i = 0; i < 20; i++) log.info({ padding: 'x'.repeat(2_000) }, 'lost')
    await expect
      .poll(() => {
        log.info('lost too'.repeat(100))
        return stat(file).then(({ size }) => size % 4096)
      })
      .toBe(0)
    disk.free()

    await expect
      .poll(async () => {
        log.info('after')
        return readFile(file, 'utf8')
      })
      .toContain('after')
    await close()
  })
})

describe.runIf(canMountSmallDisk())('files on a full disk', () => {
  it('are rewritten in place wholly or not at all', async () => {
    using disk = smallDisk(64)
    const file = path.join(disk.path, 'mounted')
    await writeInPlace(file, 'old content\n')
    disk.fill()

    await expect(writeInPlace(file, 'new'.repeat(5_000))).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(await readFile(file, 'utf8')).toBe('old content\n')
    await writeInPlace(file, 'new content\n')
    expect(await readFile(file, 'utf8')).toBe('new content\n')
  })

  it('keep no half of what was appended', async () => {
    using disk = smallDisk(64)
    const file = path.join(disk.path, 'lines')
    await appendDurably(file, 'one\n')
    disk.fill()

    await expect(appendDurably(file, `${'two'.repeat(5_000)}\n`)).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(await readFile(file, 'utf8')).toBe('one\n')
  })

  it('glue nothing to a line whose end is missing, though there was no room for the end when they were opened', async () => {
    using disk = smallDisk(64)
    const file = path.join(disk.path, 'audit.jsonl')
    await (await openAudit(file)).append({ who: 'ann', action: 'one', target: 'c' })
    await writeFile(file, (await readFile(file, 'utf8')).trimEnd().padEnd(4_096))
    const journal = path.join(disk.path, 'rotations.jsonl')
    await writeFile(journal, 'x'.repeat(4_096))
    disk.fill()

    const audit = await openAudit(file)
    await audit.append({ who: 'ann', action: 'two', target: 'c' })
    expect(audit.notices()).toMatchObject([{ problem: 'audit.owed', params: { count: 1, code: 'ENOSPC' } }])
    const opened = await openJournal(journal)
    disk.free()
    await audit.settle()
    await opened.step({ rotationId: 'r', credentialId: 'c', step: 'prepare', at: 1 })

    expect(await audit.check()).toMatchObject({ entries: 2, damage: null })
    expect((await openJournal(journal)).unfinished()).toMatchObject([{ rotationId: 'r' }])
  })
})

describe.runIf(canMountSmallDisk())('a sink on a full disk', () => {
  it.each(['replace', 'in-place'] as const)('rolls the rotation back, the other sinks too: %s', async (mode) => {
    await using folder = await temporaryFolder()
    using disk = smallDisk(64)
    const { vault, credentials, stack, rotationsWith } = await openTestVault(folder.path)
    const roomy = path.join(stack, '.env')
    const tight = path.join(disk.path, '.env')
    const sinks = [roomy, tight].map((file) => ({ type: 'env' as const, path: file, key: 'PASSWORD' }))
    await credentials.create({ id: 'one', scheme: 'basic', password: 'short', sinks }, 'ann')
    // Its last page is nearly full, so that a longer value needs another.
    const room = 4_094 - (await stat(tight)).size
    await appendDurably(tight, `# ${'x'.repeat(room - 3)}\n`)
    const before = [await readFile(roomy), await readFile(tight)]
    const rotations = await rotationsWith({ writeMode: () => Promise.resolve(mode) })
    disk.fill()

    const password = 'a-new-password-'.repeat(60)
    const problem = await problemOf(rotations.rotate({ id: 'one', password, who: 'ann' }))

    expect(problem.id).toBe('rotation.rolled-back')
    expect(problem.params).toMatchObject({ step: 'write' })
    expect(problem.params['cause']).toContain(tight)
    expect([await readFile(roomy), await readFile(tight)]).toEqual(before)
    expect(await leftovers(disk.path)).toEqual([])
    expect((await credentials.drift('one')).drifted).toBe(0)
    disk.free()
    expect((await rotations.rotate({ id: 'one', who: 'ann' })).state).toBe('committed')
    expect((await credentials.drift('one')).drifted).toBe(0)
    await rotations.close()
    await vault.close()
  })
})
