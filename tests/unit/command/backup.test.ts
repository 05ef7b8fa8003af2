import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runBackup } from '../../../electron/command/backup'
import { lockDataFolder } from '../../../electron/storage/folder-lock'
import { dataPaths } from '../../../electron/storage/paths'
import { passphraseKeeper } from '../../../electron/vault/keepers'
import { parseVaultFile } from '../../../electron/vault/vault-file'
import { makeBackup } from '../../../electron/backup/make'
import { makeWorld, passphrase, readText, type World } from '../../support/backups'

const vaultPassphrase = 'a passphrase of the vault'

let world: World
let file: string
let root: string
beforeAll(async () => {
  world = await makeWorld()
  file = path.join(world.folder, (await world.make()).name)
  root = await mkdtemp(path.join(os.tmpdir(), 'regie-command-'))
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

/** Runs the command with these lines on its standard input; tells its code and what it printed. */
async function run(args: string[], lines: string[] = []) {
  const said = { out: '', err: '' }
  const code = await runBackup(args, {
    input: Readable.from([lines.join('\n')]),
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
  })
  return { code, ...said }
}

test(
  'a backup is checked and restored into an empty folder by its passphrase, with no panel running',
  { timeout: 60_000 },
  async () => {
    const data = path.join(root, 'empty')
    const checked = await run(['check', file, '--data', data, '--yes'], [passphrase])
    expect(checked).toMatchObject({ code: 0, err: '' })
    expect(checked.out).toContain('1 services, 0 credentials, 1 people, 2 images. It opens and is whole.')
    expect(await readdir(data)).not.toContain('people.json')

    const restored = await run(['restore', file, '--data', data, '--yes'], [passphrase, vaultPassphrase])
    expect(restored).toMatchObject({ code: 0, err: '' })
    const paths = dataPaths(data)
    expect(await readText(paths.people)).toContain('ann')
    const { key } = parseVaultFile(await readText(paths.vault))
    expect(await passphraseKeeper(vaultPassphrase).unwrap(key)).toHaveLength(32)
    expect(await readText(paths.audit)).toContain('backup.restored')
    for (const each of [paths.restore, paths.backupWork, paths.vaultKey]) expect(existsSync(each), each).toBe(false)
  },
)

test('what a backup tells of itself gives a terminal no orders', async () => {
  const version = '9.9\u001B[2J\u009B2J\nRestored.'
  const { name } = await makeBackup({ ...world.from, version }, world.order())
  const { out } = await run(
    ['check', path.join(world.folder, name), '--data', path.join(root, 'told'), '--yes'],
    [passphrase],
  )
  expect(out).toContain('by Regie 9.9[2J2J Restored. on')
  expect(out).not.toMatch(/[^\x20-\x7E\n]/)
})

test(
  'a wrong passphrase, a short one for the vault and a folder in use are refused, and nothing changes',
  { timeout: 60_000 },
  async () => {
    const data = path.join(root, 'refused')
    const restore = ['restore', file, '--data', data, '--yes']
    await expect(run(restore, ['another', vaultPassphrase])).rejects.toMatchObject({ id: 'backup.wrong-key' })
    await expect(run(restore, [passphrase, 'short'])).rejects.toThrow('8 characters')
    await expect(run(restore, [passphrase])).rejects.toThrow('No passphrase')
    expect(existsSync(dataPaths(data).people)).toBe(false)
    const lock = lockDataFolder(dataPaths(data).lock)
    await expect(run(restore, [passphrase, vaultPassphrase])).rejects.toMatchObject({ id: 'data-folder.in-use' })
    lock.release()
    expect((await run(['restore'])).code).toBe(2)
    expect((await run(['burn', file, '--yes'], [passphrase])).code).toBe(2)
  },
)
