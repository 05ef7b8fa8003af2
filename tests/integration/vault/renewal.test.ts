import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { keychainKeeper, keyFileKeeper, type KeyKeeper } from '../../../electron/vault/keepers'
import { credentialRecords } from '../../../electron/credentials/record'
import { parseVaultFile, recordsIn } from '../../../electron/vault/vault-file'
import { temporaryFolder } from '../../support/programs'
import { openTestVault, problemOf, quickPassphrase } from './support'

const [first, second] = ['the first passphrase', 'the second passphrase']
const credential = (id: string) => ({ id, scheme: 'basic', password: `password-of-${id}` }) as const

type TestVault = Awaited<ReturnType<typeof openTestVault>>

/** A vault with two states in its backups, one of them with a credential more. */
async function vaultWith(folder: string, keeper?: KeyKeeper): Promise<TestVault> {
  const opened = await openTestVault(folder, keeper ? { keeper } : {})
  await opened.credentials.create(credential('one'), 'ann')
  await opened.vault.settle()
  await opened.credentials.create(credential('two'), 'ann')
  await opened.vault.settle()
  return opened
}

/** The vault file and its backups, as they lie there. */
async function textsOf({ paths }: Pick<TestVault, 'paths'>) {
  const names = (await readdir(paths.backups)).filter((name) => name.endsWith('.json'))
  return Promise.all(
    [paths.vault, ...names.map((name) => path.join(paths.backups, name))].map((file) => readFile(file, 'utf8')),
  )
}

/** Which of the texts somebody opens with a keeper, or with the data key that this keeper had in an old copy. */
async function openedWith(keeper: KeyKeeper, texts: readonly string[], copy: string | null): Promise<string[]> {
  const old = copy === null ? null : await keeper.unwrap(parseVaultFile(copy).key)
  const opens = async (text: string) => {
    const own = await keeper.unwrap(parseVaultFile(text).key).catch(() => null)
    return [own, old].some((key) => {
      try {
        return key !== null && recordsIn(credentialRecords.schema, text, key).length > 0
      } catch {
        return false
      }
    })
  }
  const found = await Promise.all(texts.map(async (text) => ((await opens(text)) ? [text] : [])))
  return found.flat()
}

describe('a new passphrase', () => {
  it('is another key: an old copy, with its passphrase, opens nothing later, the backups neither', async () => {
    await using folder = await temporaryFolder()
    const opened = await vaultWith(folder.path, quickPassphrase(first))
    const copy = await readFile(opened.paths.vault, 'utf8')
    expect(await openedWith(quickPassphrase(first), await textsOf(opened), copy)).toHaveLength(3)

    await opened.vault.changeKeeper({ passphrase: second, current: first, who: 'ann' })
    await opened.credentials.create(credential('three'), 'ann')
    await opened.vault.settle()

    const texts = await textsOf(opened)
    expect(texts.length).toBeGreaterThanOrEqual(4)
    expect(await openedWith(quickPassphrase(first), texts, copy)).toEqual([])
    expect(await openedWith(quickPassphrase(second), texts, null)).toEqual(texts)
    expect(await openedWith(quickPassphrase(first), [copy], null)).toEqual([copy])
  })

  it('leaves every state restorable, and the credentials as they were', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials } = await vaultWith(folder.path, quickPassphrase(first))
    const before = await credentials.list()
    await vault.changeKeeper({ passphrase: second, current: first, who: 'ann' })
    expect(await credentials.list()).toEqual(before)

    const oldest = (await vault.backups()).at(-1)
    await vault.restoreBackup({ id: oldest?.id ?? '', who: 'ann' })

    expect((await credentials.list()).map(({ id }) => id)).toEqual(['one'])
    const again = await openTestVault(folder.path, { keeper: quickPassphrase(second) })
    expect((await again.credentials.list()).map(({ id }) => id)).toEqual(['one'])
  })

  it('is never followed by a copy under the former key, not even of a state that waited to be copied', async () => {
    await using folder = await temporaryFolder()
    const opened = await vaultWith(folder.path, quickPassphrase(first))
    await opened.credentials.create(credential('three'), 'ann')

    const changed = opened.vault.changeKeeper({ passphrase: second, current: first, who: 'ann' })
    await opened.vault.settle()
    await changed
    await opened.vault.settle()

    const texts = await textsOf(opened)
    expect(await openedWith(quickPassphrase(second), texts, null)).toEqual(texts)
    expect(opened.vault.status().reason).toBeUndefined()
  })

  it('removes the demo’s key file: a kept copy of it opens nothing new', async () => {
    await using folder = await temporaryFolder()
    const opened = await vaultWith(folder.path)
    const kept = path.join(folder.path, 'kept.key')
    await copyFile(opened.paths.vaultKey, kept)
    const copy = await readFile(opened.paths.vault, 'utf8')

    await opened.vault.changeKeeper({ passphrase: first, who: 'ann' })
    await opened.vault.settle()

    expect(await readdir(opened.paths.root)).not.toContain('vault.key')
    const texts = await textsOf(opened)
    expect(await openedWith(keyFileKeeper(kept), texts, copy)).toEqual([])
    expect(await openedWith(quickPassphrase(first), texts, null)).toEqual(texts)
  })

  it('gives the demo’s vault another key file when it is taken back, or given anew', async () => {
    await using folder = await temporaryFolder()
    const opened = await vaultWith(folder.path)
    const kept = path.join(folder.path, 'kept.key')
    await copyFile(opened.paths.vaultKey, kept)
    const copy = await readFile(opened.paths.vault, 'utf8')

    await opened.vault.changeKeeper({ passphrase: null, who: 'ann' })

    const texts = await textsOf(opened)
    expect(await openedWith(keyFileKeeper(kept), texts, copy)).toEqual([])
    expect(await openedWith(keyFileKeeper(opened.paths.vaultKey), texts, null)).toEqual(texts)
    expect((await readFile(opened.paths.vaultKey, 'utf8')).trim().split('\n')).toHaveLength(1)
    expect((await openTestVault(folder.path)).vault.status().state).toBe('open')
  })
})

describe('what a new key finds beside the vault', () => {
  it('is set aside and told where no key opens it; what the former keeper opens is kept', async () => {
    await using folder = await temporaryFolder()
    const former = await vaultWith(folder.path)
    await former.vault.close()
    await rm(former.paths.vault)
    const anew = await openTestVault(folder.path)
    await anew.vault.accept('ann')
    await anew.credentials.create(credential('three'), 'ann')
    await anew.vault.settle()
    const damaged = path.join(anew.paths.backups, 'vault-1000000000000.json')
    await writeFile(damaged, '{}')

    await anew.vault.changeKeeper({ passphrase: first, who: 'ann' })

    const texts = await textsOf(anew)
    expect(await openedWith(quickPassphrase(first), texts, null)).toEqual(texts)
    expect(texts.some((text) => text.includes('"two"'))).toBe(true)
    expect((await readdir(anew.paths.backups)).filter((name) => name.includes('1000000000000'))).toEqual([
      expect.stringMatching(/^vault-1000000000000\.json\.unreadable-/),
    ])
    const [told] = await anew.audit.history('', 1)
    expect(told).toMatchObject({
      action: 'vault.keeper-changed',
      who: 'ann',
      details: { keeper: 'passphrase', aside: 1 },
    })
  })

  it('stops it while a vault that was moved aside may need the key file', async () => {
    await using folder = await temporaryFolder()
    const { vault, paths } = await vaultWith(folder.path)
    const before = await readFile(paths.vault)
    await writeFile(`${paths.vault}.unreadable-7`, 'half of a vault')

    expect((await problemOf(vault.changeKeeper({ passphrase: first, who: 'ann' }))).id).toBe('vault.aside-needs-key')

    expect(await readFile(paths.vault)).toEqual(before)
    expect(await readdir(paths.root)).toContain('vault.key')
    await rm(`${paths.vault}.unreadable-7`)
    expect((await vault.changeKeeper({ passphrase: first, who: 'ann' })).keeper).toBe('passphrase')
  })

  it('and cannot be written leaves vault, key file and copies as they were', async () => {
    await using folder = await temporaryFolder()
    const opened = await vaultWith(folder.path)
    const before = await textsOf(opened)
    const { vault, paths } = opened
    // A file where the folder of what is made ready must be.
    await writeFile(path.join(paths.backups, 'renewed'), '')

    expect((await problemOf(vault.changeKeeper({ passphrase: first, who: 'ann' }))).id).toBe('vault.write-failed')

    expect(await textsOf(opened)).toEqual(before)
    expect((await openTestVault(folder.path)).vault.status().state).toBe('open')
  })
})

describe('an export', () => {
  it('has a key of its own, which opens nothing but the export', async () => {
    await using folder = await temporaryFolder()
    const opened = await vaultWith(folder.path, quickPassphrase(first))
    const text = await opened.vault.exportWith(second, 'ann')
    await opened.vault.settle()

    const texts = await textsOf(opened)
    expect(await openedWith(quickPassphrase(second), texts, text)).toEqual([])
    expect(await openedWith(quickPassphrase(first), [text], texts[0] ?? '')).toEqual([])
    expect(await openedWith(quickPassphrase(second), [text], null)).toEqual([text])
  })

  it('is imported in one write, and refused where its key derivation is costly or weak', async () => {
    await using here = await temporaryFolder()
    await using there = await temporaryFolder()
    const from = await vaultWith(here.path)
    const text = await from.vault.exportWith(first, 'ann')
    const to = await openTestVault(there.path)
    const refusals: string[] = []
    for (const N of [2 ** 30, 2 ** 4]) {
      const { key, ...content } = JSON.parse(text) as { key: object } // our own file
      const bad = JSON.stringify({ ...content, key: { ...key, N } })
      refusals.push((await problemOf(to.credentials.importFrom({ text: bad, passphrase: first, who: 'bob' }))).id)
    }
    expect(refusals).toEqual(['vault.key-cost', 'vault.key-cost'])
    const noteOf = async () => JSON.parse(await readFile(`${to.paths.vault}.newest`, 'utf8')) as { generation: number } // our own file
    const before = (await noteOf()).generation

    await to.credentials.importFrom({ text, passphrase: first, who: 'bob' })

    expect((await noteOf()).generation).toBe(before + 1)
    expect((await to.credentials.list()).map(({ id }) => id)).toEqual(['one', 'two'])
  })
})

describe('a vault that Regie 0.1.0 began as a demo and then gave a passphrase', () => {
  const passphrase = 'a passphrase of 0.1.0'
  const fixture = path.resolve(import.meta.dirname, '../../cases/vault/of-0.1.0')

  it('opens with nothing lost, and gets a key that the demo’s key file does not open', async () => {
    await using folder = await temporaryFolder()
    const data = path.join(folder.path, 'data')
    await mkdir(data)
    await cp(fixture, data, { recursive: true })
    const kept = path.join(folder.path, 'kept.key')
    await copyFile(path.join(data, 'vault.key'), kept)
    const [demo = ''] = (await readdir(path.join(data, 'backups'))).sort()
    const copy = await readFile(path.join(data, 'backups', demo), 'utf8')
    expect(
      await openedWith(keyFileKeeper(kept), [await readFile(path.join(data, 'vault.json'), 'utf8')], copy),
    ).toHaveLength(1)

    const opened = await openTestVault(folder.path, { withoutKeeper: true })
    expect((await opened.vault.unlock(passphrase)).state).toBe('open')

    for (const [id, password] of [
      ['comfy', 'kept-since-0.1.0-a'],
      ['forge', 'kept-since-0.1.0-b'],
    ] as const)
      expect(await opened.credentials.withSecret(id, (secret) => secret.password)).toBe(password)
    expect(await readdir(data)).not.toContain('vault.key')
    const texts = await textsOf(opened)
    expect(await openedWith(keyFileKeeper(kept), texts, copy)).toEqual([])
    expect(await openedWith(quickPassphrase(passphrase), texts, null)).toEqual(texts)
    expect(await opened.audit.history('', 1)).toMatchObject([{ action: 'vault.key-renewed', who: 'regie' }])
    // Once: the next start finds the key its own.
    const written = await readFile(opened.paths.vault)
    await (await openTestVault(folder.path, { keeper: quickPassphrase(passphrase) })).vault.close()
    expect(await readFile(opened.paths.vault)).toEqual(written)
  })
})

describe('a keychain whose own key the system has replaced', () => {
  /** Seals with the newest of its keys, and opens what any of them sealed. */
  const keychain = (keys: readonly string[]) =>
    keychainKeeper({
      encrypt: (text) => Promise.resolve(Buffer.from(`${keys.at(-1) ?? ''}:${text}`)),
      decrypt: (sealed) => {
        const [by = '', text = ''] = sealed.toString().split(':')
        if (!keys.includes(by)) return Promise.reject(new Error('Error while decrypting the ciphertext'))
        return Promise.resolve({ text, outdated: by !== keys.at(-1) })
      },
    })

  it('is given the vault’s key anew, once, and the replaced key opens nothing any more', async () => {
    await using folder = await temporaryFolder()
    await vaultWith(folder.path, keychain(['first']))

    const renewals = async () => {
      const { audit, credentials } = await openTestVault(folder.path, { keeper: keychain(['first', 'second']) })
      expect((await credentials.list()).map(({ id }) => id)).toEqual(['one', 'two'])
      return (await audit.list({ topic: 'vault', limit: 100 })).items.filter(
        ({ action }) => action === 'vault.key-renewed',
      ).length
    }
    expect(await renewals()).toBe(1)
    expect(await renewals()).toBe(1)

    const late = await openTestVault(folder.path, { keeper: keychain(['first']) })
    expect(late.vault.status()).toMatchObject({ state: 'locked', reason: { problem: 'vault.wrong-key' } })
  })
})
