import fc from 'fast-check'
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { keychainKeeper, keyFileKeeper, type KeyKeeper } from '../../../electron/vault/keepers'
import { testRounds } from '../../support/long'
import { temporaryFolder } from '../../support/programs'
import { openTestVault, problemOf, quickPassphrase } from './support'

const right = 'a right passphrase'
const newSecret = { id: 'one', scheme: 'basic', password: 'kept-password' } as const

/** Changes the vault file's JSON as somebody would who knows its shape. */
async function editVault(file: string, edit: (content: Record<string, unknown>) => void) {
  const content = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown> // our own file
  edit(content)
  await writeFile(file, JSON.stringify(content))
}

/** Another character in the middle of a base64 text. */
const flip = (text: string) => {
  const at = text.length >> 1
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
}

describe('opening a vault', () => {
  it.each([
    ['a passphrase', () => quickPassphrase(right)],
    ['a key file', (folder: string) => keyFileKeeper(`${folder}/data/vault.key`)],
    [
      'the keychain',
      () =>
        keychainKeeper({
          encrypt: (text) => Promise.resolve(Buffer.from(`sealed:${text}`)),
          decrypt: (sealed) => Promise.resolve({ text: sealed.toString().replace('sealed:', ''), outdated: false }),
        }),
    ],
  ])('finds again with %s what it kept, and nothing of it in the clear', async (_, keeperIn) => {
    await using folder = await temporaryFolder()
    const first = await openTestVault(folder.path, { keeper: keeperIn(folder.path) })
    await first.credentials.create(newSecret, 'ann')

    const second = await openTestVault(folder.path, { keeper: keeperIn(folder.path) })

    expect(second.vault.status().state).toBe('open')
    expect(await second.credentials.withSecret('one', ({ password }) => password)).toBe('kept-password')
    expect(second.redactor.redact('kept-password')).not.toContain('kept')
    expect(await readFile(second.paths.vault, 'latin1')).not.toContain('kept-password')
  })

  it.runIf(process.platform !== 'win32')('keeps its files for their owner only', async () => {
    await using folder = await temporaryFolder()
    const { paths, credentials } = await openTestVault(folder.path)
    await credentials.create(newSecret, 'ann')

    for (const file of [paths.vault, paths.vaultKey, paths.audit]) {
      expect((await stat(file)).mode & 0o777).toBe(0o600)
    }
  })

  it('is empty until the first passphrase, which creates it, and locked at the next start', async () => {
    await using folder = await temporaryFolder()
    const first = await openTestVault(folder.path, { withoutKeeper: true })
    expect(first.vault.status()).toEqual({ state: 'empty', keeper: 'passphrase' })
    expect((await problemOf(first.credentials.list())).id).toBe('vault.locked')

    await first.vault.unlock(right)
    await first.credentials.create(newSecret, 'ann')
    const second = await openTestVault(folder.path, { withoutKeeper: true })

    expect(second.vault.status()).toEqual({ state: 'locked', keeper: 'passphrase' })
    expect((await problemOf(second.credentials.lendSecret('one')(() => 'lent'))).id).toBe('vault.locked')
    expect((await second.vault.unlock(right)).state).toBe('open')
    expect(second.credentials.has('one')).toBe(true)
    expect(second.events).toContainEqual({ type: 'vault', vault: { state: 'open', keeper: 'passphrase' } })
  })

  it('refuses a wrong passphrase, changes nothing, and writes the attempt down', async () => {
    await using folder = await temporaryFolder()
    const first = await openTestVault(folder.path, { keeper: quickPassphrase(right) })
    await first.credentials.create(newSecret, 'ann')
    const before = await readFile(first.paths.vault)

    const { vault, paths } = await openTestVault(folder.path, { withoutKeeper: true })
    const problem = await problemOf(vault.unlock('a wrong passphrase'))

    expect(problem.id).toBe('vault.wrong-key')
    expect(vault.status().state).toBe('locked')
    expect(await readFile(paths.vault)).toEqual(before)
    expect(await readFile(paths.audit, 'utf8')).toContain('vault.unlock-refused')
    expect((await vault.unlock(right)).state).toBe('open')
  })

  it('stays locked, and told, when the key file is missing or another one', async () => {
    await using folder = await temporaryFolder()
    const { paths, credentials } = await openTestVault(folder.path)
    await credentials.create(newSecret, 'ann')
    const before = await readFile(paths.vault)

    const missing = await openTestVault(folder.path, { keeper: keyFileKeeper(`${paths.vaultKey}.gone`) })
    await writeFile(paths.vaultKey, Buffer.alloc(32, 7).toString('base64url'))
    const other = await openTestVault(folder.path)

    expect(missing.vault.status()).toMatchObject({ state: 'locked', reason: { problem: 'vault.key-missing' } })
    expect(other.vault.status()).toMatchObject({ state: 'locked', reason: { problem: 'vault.wrong-key' } })
    expect(await readFile(paths.vault)).toEqual(before)
  })

  it('asks for the passphrase when another keeper is offered', async () => {
    await using folder = await temporaryFolder()
    await openTestVault(folder.path, { keeper: quickPassphrase(right) })

    const { vault } = await openTestVault(folder.path)

    expect(vault.status()).toEqual({ state: 'locked', keeper: 'passphrase' })
    expect((await vault.unlock(right)).state).toBe('open')
  })
})

describe('a vault file that is not as it was written', () => {
  it.each<[string, (content: Record<string, unknown>) => void]>([
    ['a record with a flipped byte', (c) => edit(c, (record) => ({ ...record, sealed: flip(record.sealed) }))],
    ['a record under another id', (c) => edit(c, (record) => ({ ...record, id: 'two' }))],
    ['a record of an older revision', (c) => edit(c, (record) => ({ ...record, revision: 7 }))],
    ['a removed record', (c) => (c['records'] = [])],
    ['a flipped manifest', (c) => (c['manifest'] = flip(String(c['manifest'])))],
    ['a missing part', (c) => delete c['manifest']],
  ])('with %s is moved aside, told and never overwritten', async (_, damage) => {
    await using folder = await temporaryFolder()
    const { paths, credentials } = await openTestVault(folder.path)
    await credentials.create(newSecret, 'ann')
    await editVault(paths.vault, damage)
    const damaged = await readFile(paths.vault)

    const second = await openTestVault(folder.path)

    const kept = (await readdir(paths.root)).filter((name) => name.startsWith('vault.json.unreadable-'))
    expect(second.vault.status()).toMatchObject({ state: 'unreadable', reason: { problem: 'vault.unreadable' } })
    expect(kept).toHaveLength(1)
    expect(await readFile(`${paths.root}/${kept[0] ?? ''}`)).toEqual(damaged)
    expect((await problemOf(second.credentials.create(newSecret, 'ann'))).id).toBe('vault.unreadable')
    expect(await readdir(paths.root)).not.toContain('vault.json')
  })

  it.each(['', '{', '{"format":"regie-vault"', 'null', '{"format":"other","version":1}'])(
    'that reads %j is moved aside, and no vault is begun in its place unless somebody says so',
    async (text) => {
      await using folder = await temporaryFolder()
      const { paths } = await openTestVault(folder.path)
      await writeFile(paths.vault, text)

      const second = await openTestVault(folder.path)
      const third = await openTestVault(folder.path)

      expect(second.vault.status().state).toBe('unreadable')
      expect(third.vault.status()).toMatchObject({ state: 'unreadable', reason: { problem: 'vault.gone' } })
      expect(await readdir(paths.root)).not.toContain('vault.json')
      expect(await third.vault.accept('ann')).toMatchObject({ state: 'open', reason: { problem: 'vault.kept-aside' } })
      expect((await third.audit.history('', 9)).map(({ action, who }) => [action, who])).toContainEqual([
        'vault.begun-anew',
        'ann',
      ])
    },
  )

  it('and was moved aside makes way for an empty vault, or for a copy that is put back, when somebody says so', async () => {
    await using folder = await temporaryFolder()
    const first = await openTestVault(folder.path)
    await first.credentials.create(newSecret, 'ann')
    const good = await readFile(first.paths.vault)

    await writeFile(first.paths.vault, '{')
    const second = await openTestVault(folder.path)
    expect(second.vault.status()).toMatchObject({ state: 'unreadable', reason: { problem: 'vault.unreadable' } })
    await writeFile(first.paths.vault, good)
    expect((await second.vault.accept('ann')).state).toBe('open')
    expect(second.credentials.has('one')).toBe(true)

    await writeFile(first.paths.vault, '{')
    const third = await openTestVault(folder.path)
    expect((await third.vault.accept('ann')).state).toBe('open')
    expect(await third.credentials.list()).toEqual([])
    const told = (await third.audit.history('', 20)).map(({ action }) => action)
    expect(told.filter((action) => action === 'vault.begun-anew')).toHaveLength(1)
  })

  it('of a newer format is refused and left as it is', async () => {
    await using folder = await temporaryFolder()
    const { paths } = await openTestVault(folder.path)
    await editVault(paths.vault, (content) => (content['version'] = 2))
    const before = await readFile(paths.vault)

    const { vault } = await openTestVault(folder.path)

    expect(vault.status()).toMatchObject({ state: 'unreadable', reason: { problem: 'vault.newer' } })
    expect((await problemOf(vault.unlock(right))).id).toBe('vault.newer')
    expect(await readFile(paths.vault)).toEqual(before)
  })

  it('that asks for a costly or a weak key derivation is refused before it is tried, and left as it is', async () => {
    await using folder = await temporaryFolder()
    const { paths } = await openTestVault(folder.path, { keeper: quickPassphrase(right) })
    const good = await readFile(paths.vault, 'utf8')
    for (const cost of [{ N: 2 ** 30 }, { N: 2 }]) {
      const { key, ...content } = JSON.parse(good) as { key: object } // our own file
      const text = JSON.stringify({ ...content, key: { ...key, ...cost } })
      await writeFile(paths.vault, text)

      const { vault } = await openTestVault(folder.path, { withoutKeeper: true })

      expect((await problemOf(vault.unlock(right))).id).toBe('vault.key-cost')
      expect(vault.status().state).toBe('locked')
      expect(await readFile(paths.vault, 'utf8')).toBe(text)
    }
  })

  it('that is a folder is left as it is', async () => {
    await using folder = await temporaryFolder()
    await mkdir(`${folder.path}/data/vault.json`, { recursive: true })

    const { vault } = await openTestVault(folder.path)

    expect(vault.status()).toMatchObject({ state: 'unreadable', reason: { problem: 'vault.no-access' } })
  })
})

/** A vault of two states: what lay there before the last change, and what lies there now. */
async function twoStates(folder: string, keeper?: KeyKeeper) {
  const first = await openTestVault(folder, keeper ? { keeper } : {})
  await first.credentials.create(newSecret, 'ann')
  await copyFile(first.paths.vault, `${folder}/older`)
  await first.credentials.create({ ...newSecret, id: 'two' }, 'ann')
  await first.vault.settle()
  return first
}

describe('a vault file with flipped bits', () => {
  const neverLost = 'opens whole or is refused with a clear reason, and is never lost'
  describe.each<[string, Record<'few' | 'all', number>, (folder: string) => KeyKeeper]>([
    ['a key file', { few: 40, all: 150 }, (folder) => keyFileKeeper(`${folder}/data/vault.key`)],
    ['a passphrase', { few: 20, all: 60 }, () => quickPassphrase(right)],
  ])('key by %s', (_, rounds, keeperIn) => {
    testRounds(neverLost, rounds, async (numRuns) => {
      await using folder = await temporaryFolder()
      const keeper = keeperIn(folder.path)
      const { paths, credentials } = await openTestVault(folder.path, { keeper })
      await credentials.create(newSecret, 'ann')
      const good = await readFile(paths.vault)
      const ids = new Set<string>()

      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(good.length * 8 - 1), { minLength: 1, maxLength: 3 }), async (bits) => {
          const bad = Buffer.from(good)
          for (const bit of new Set(bits)) bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          await writeFile(paths.vault, bad)
          await rm(`${paths.vault}.newest`, { force: true })

          const second = await openTestVault(folder.path, { keeper })
          const { state, reason } = second.vault.status()

          const names = await readdir(paths.root)
          const aside = names.filter((name) => name.startsWith('vault.json.unreadable-'))
          const lies = await readFile(aside[0] ? `${paths.root}/${aside[0]}` : paths.vault)
          // The last bits of a base64 text may say nothing; everything else is refused.
          if (state === 'open')
            expect(await second.credentials.withSecret('one', (s) => s.password)).toBe('kept-password')
          else {
            expect(lies).toEqual(bad)
            ids.add(reason?.problem ?? state)
          }
          for (const name of aside) await rm(`${paths.root}/${name}`)
          await second.vault.close()
        }),
        { numRuns },
      )
      const known = [
        'vault.unreadable',
        'vault.wrong-key',
        'vault.newer',
        'vault.other-keeper',
        'vault.key-cost',
        'locked',
      ]
      expect([...ids].filter((id) => !known.includes(id))).toEqual([])
      expect(ids).toContain('vault.unreadable')
    })
  })

  it('or cut at any byte is refused, told and kept', async () => {
    await using folder = await temporaryFolder()
    const { paths, credentials } = await openTestVault(folder.path)
    await credentials.create(newSecret, 'ann')
    const good = await readFile(paths.vault)

    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 3), async (length) => {
        await writeFile(paths.vault, good.subarray(0, length))
        const second = await openTestVault(folder.path)
        const aside = (await readdir(paths.root)).filter((name) => name.startsWith('vault.json.unreadable-'))
        expect(second.vault.status()).toMatchObject({ state: 'unreadable', reason: { problem: 'vault.unreadable' } })
        expect(await readFile(`${paths.root}/${aside[0] ?? ''}`)).toEqual(good.subarray(0, length))
        await rm(`${paths.root}/${aside[0] ?? ''}`)
      }),
      { numRuns: 15 },
    )
  })
})

describe('an older copy of the vault file in its place', () => {
  it.each<[string, (root: string) => Promise<void>]>([
    ['the note beside it', (root) => rm(`${root}/backups`, { recursive: true })],
    ['its backups', (root) => rm(`${root}/vault.json.newest`)],
  ])('is told by %s, and opened only when somebody says so', async (_, leave) => {
    await using folder = await temporaryFolder()
    const { paths } = await twoStates(folder.path)
    await copyFile(`${folder.path}/older`, paths.vault)
    await leave(paths.root)
    const older = await readFile(paths.vault)

    const { vault, credentials, audit } = await openTestVault(folder.path)

    expect(vault.status()).toMatchObject({ state: 'unreadable', reason: { problem: 'vault.rolled-back' } })
    expect(String(vault.status().reason?.params['of'])).toMatch(/^20\d\d-/)
    expect((await problemOf(credentials.create({ ...newSecret, id: 'three' }, 'ann'))).id).toBe('vault.rolled-back')
    expect(await readFile(paths.vault)).toEqual(older)
    expect((await vault.accept('ann')).state).toBe('open')
    expect((await credentials.list()).map(({ id }) => id)).toEqual(['one'])
    expect((await audit.history('', 2)).map(({ action, who }) => [action, who])).toEqual([
      ['vault.older-accepted', 'ann'],
      ['vault.rolled-back', 'regie'],
    ])
    expect((await openTestVault(folder.path)).vault.status().state).toBe('open')
    expect((await problemOf(vault.accept('ann'))).id).toBe('vault.nothing-to-accept')
  })

  it('gives way to the newest backup, with what was lost', async () => {
    await using folder = await temporaryFolder()
    const { paths } = await twoStates(folder.path)
    await copyFile(`${folder.path}/older`, paths.vault)

    const { vault, credentials } = await openTestVault(folder.path)
    const [newest] = await vault.backups()
    await vault.restoreBackup({ id: newest?.id ?? '', who: 'ann' })

    expect((await credentials.list()).map(({ id }) => id)).toEqual(['one', 'two'])
    expect((await openTestVault(folder.path)).vault.status().state).toBe('open')
  })

  it('is told once the passphrase is given', async () => {
    await using folder = await temporaryFolder()
    const { paths } = await twoStates(folder.path, quickPassphrase(right))
    await copyFile(`${folder.path}/older`, paths.vault)

    const { vault } = await openTestVault(folder.path, { withoutKeeper: true })

    expect(vault.status().state).toBe('locked')
    expect((await problemOf(vault.unlock(right))).id).toBe('vault.rolled-back')
    expect((await vault.accept('ann')).state).toBe('open')
  })

  it('that an earlier Regie wrote, or that lags behind its note by nothing, is no older copy', async () => {
    await using folder = await temporaryFolder()
    const { paths } = await twoStates(folder.path)
    const now = await readFile(paths.vault)

    expect((await openTestVault(folder.path)).vault.status().state).toBe('open')
    expect(await readFile(paths.vault)).toEqual(now)
  })
})

describe('a vault file that is gone', () => {
  it('while there are backups, is not silently followed by an empty vault', async () => {
    await using folder = await temporaryFolder()
    const { paths } = await twoStates(folder.path)
    await rm(paths.vault)

    const { vault, credentials } = await openTestVault(folder.path)

    expect(vault.status()).toMatchObject({ state: 'unreadable', reason: { problem: 'vault.missing' } })
    expect(await readdir(paths.root)).not.toContain('vault.json')
    const [newest] = await vault.backups()
    await vault.restoreBackup({ id: newest?.id ?? '', who: 'ann' })
    expect((await credentials.list()).map(({ id }) => id)).toEqual(['one', 'two'])
  })

  it('is begun anew when somebody says so, also with a passphrase', async () => {
    await using folder = await temporaryFolder()
    const { paths } = await twoStates(folder.path, quickPassphrase(right))
    await rm(paths.vault)

    const { vault, credentials, audit } = await openTestVault(folder.path, { withoutKeeper: true })

    expect((await problemOf(vault.unlock(right))).id).toBe('vault.missing')
    expect((await vault.accept('ann')).state).toBe('empty')
    expect((await vault.unlock('another passphrase')).state).toBe('open')
    expect(await credentials.list()).toEqual([])
    expect((await audit.history('', 9)).map(({ action }) => action)).toContain('vault.begun-anew')
    expect((await openTestVault(folder.path, { withoutKeeper: true })).vault.status().state).toBe('locked')
  })

  it.each<[string, (root: string) => string, string[]]>([
    ['a vault that was moved aside', (root) => `${root}/vault.json.unreadable-7`, ['vault.json.newest', 'audit']],
    ['the note of its newest state', (root) => `${root}/vault.json.newest`, ['audit']],
    ['a damaged note', (root) => `${root}/vault.json.newest`, ['audit']],
    ['the audit log', (root) => `${root}/audit.jsonl`, ['vault.json.newest']],
    ['a configuration with credentials', (root) => `${root}/config.json`, ['vault.json.newest', 'audit']],
  ])('is told by %s alone, and not silently followed by an empty one', async (what, traceIn, remove) => {
    await using folder = await temporaryFolder()
    const first = await openTestVault(folder.path)
    await first.vault.close()
    const { root, vault: file } = first.paths
    const trace = traceIn(root)
    if (trace.includes('unreadable')) await copyFile(file, trace)
    if (what === 'a damaged note') await writeFile(trace, '{')
    const isConfig = trace.endsWith('config.json')
    for (const name of await readdir(root))
      if (name === 'vault.json' || name === 'backups' || remove.some((one) => name.startsWith(one)))
        await rm(`${root}/${name}`, { recursive: true })

    const { vault, credentials } = await openTestVault(folder.path, { linkedIn: () => (isConfig ? trace : null) })

    expect(vault.status()).toMatchObject({
      state: 'unreadable',
      reason: { problem: 'vault.gone', params: { file: trace } },
    })
    expect((await problemOf(credentials.create(newSecret, 'ann'))).id).toBe('vault.gone')
    expect(await readdir(root)).not.toContain('vault.json')
    expect((await vault.accept('ann')).state).toBe('open')
  })

  it('after the start, is not made anew by the passphrase', async () => {
    await using folder = await temporaryFolder()
    const { paths } = await twoStates(folder.path, quickPassphrase(right))
    const { vault } = await openTestVault(folder.path, { withoutKeeper: true })
    await rm(paths.vault)

    expect((await problemOf(vault.unlock('a typed passphrase'))).id).toBe('vault.missing')
    expect(await readdir(paths.root)).not.toContain('vault.json')
  })
})

interface FileRecord {
  id: string
  revision: number
  sealed: string
}

const edit = (content: Record<string, unknown>, change: (record: FileRecord) => FileRecord) => {
  content['records'] = (content['records'] as FileRecord[]).map(change) // our own file
}
