import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { keyFileKeeper, passphraseKeeper } from '../../../electron/vault/keepers'
import { keepOnlyKeyOf, type WrappedKey } from '../../../electron/vault/keepers'
import { Problem } from '../../../shared/problems'
import { temporaryFolder } from '../../support/programs'

const dataKey = randomBytes(32)
const passphrase = passphraseKeeper('a right passphrase', 2 ** 14)

/** What became of an attempt: the data key, or the id of the Problem. */
const outcomeOf = (work: Promise<Buffer>) =>
  work.catch((error: unknown) => {
    if (error instanceof Problem) return error.id
    throw error
  })

describe('a passphrase', () => {
  it.each<[string, Partial<Extract<WrappedKey, { keeper: 'passphrase' }>>]>([
    ['all the machine’s memory', { N: 2 ** 30 }],
    ['more memory than is lent', { N: 2 ** 19 }],
    ['memory by its blocks', { r: 2 ** 20 }],
    ['hours', { p: 2 ** 20 }],
    ['a number that scrypt does not take', { N: 2 ** 14 + 2 }],
    ['next to no work', { N: 2 }],
    ['small blocks', { r: 1 }],
    ['no salt', { salt: '' }],
    ['a short salt', { salt: 'AAAAAAAA' }],
    ['an endless salt', { salt: 'A'.repeat(4000) }],
  ])('is not tried on a file that asks for %s', async (_, asked) => {
    const wrapped = await passphrase.wrap(dataKey)

    expect(await outcomeOf(passphrase.unwrap({ ...wrapped, ...asked } as WrappedKey))).toBe('vault.key-cost')
    expect(await outcomeOf(passphrase.unwrap(wrapped))).toEqual(dataKey)
  })

  it('opens what is sealed at the cost that Regie uses', async () => {
    const usual = passphraseKeeper('a right passphrase')

    expect(await outcomeOf(usual.unwrap(await usual.wrap(dataKey)))).toEqual(dataKey)
  })
})

describe('a key file', () => {
  it('holds the former key and the new one while a vault changes, and then the new one alone', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'vault.key')
    const keeper = keyFileKeeper(file)
    const before = await keeper.wrap(dataKey)
    const after = await keeper.wrap(dataKey, 'anew')
    expect(await outcomeOf(keeper.unwrap(before))).toEqual(dataKey)
    expect(await outcomeOf(keeper.unwrap(after))).toEqual(dataKey)

    await keepOnlyKeyOf(file, after)

    expect(await outcomeOf(keeper.unwrap(before))).toBe('vault.wrong-key')
    expect(await outcomeOf(keeper.unwrap(after))).toEqual(dataKey)
    await keepOnlyKeyOf(file, await passphrase.wrap(dataKey))
    expect(await outcomeOf(keeper.unwrap(after))).toBe('vault.key-missing')
  })

  it('is left as it is where it opens nothing of this vault', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'vault.key')
    const keeper = keyFileKeeper(file)
    const wrapped = await keeper.wrap(dataKey)
    await writeFile(file, randomBytes(32).toString('base64url'))

    await keepOnlyKeyOf(file, wrapped)

    expect(await outcomeOf(keeper.unwrap(wrapped))).toBe('vault.wrong-key')
  })
})
