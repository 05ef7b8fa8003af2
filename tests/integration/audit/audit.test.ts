import { appendFile, copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAudit } from '../../../electron/audit/audit'
import { verifyAudit } from '../../../electron/audit/chain'
import { temporaryFolder } from '../../support/programs'
import { openTestVault, problemOf } from '../vault/support'

/** A log of Regie 0.1.0, whose lines name no account. */
const earlier = path.resolve(import.meta.dirname, '../../cases/data-folders/0.1.0/demo/audit.jsonl')

async function threeEntries(file: string) {
  const audit = await openAudit(file)
  // At once: the log puts them in order.
  await Promise.all(
    ['one', 'two', 'three'].map((action) => audit.append({ who: 'ann', action, target: 'c', details: { n: 1 } })),
  )
  return (await readFile(file, 'utf8')).trimEnd().split('\n')
}

describe('the audit log', () => {
  it('chains every entry to the one before, over restarts', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'audit.jsonl')
    await threeEntries(file)

    const audit = await openAudit(file)
    await audit.append({ who: 'eve', action: 'four', target: 'd' })

    expect(audit.notices()).toEqual([])
    expect(verifyAudit(await readFile(file, 'utf8'))).toMatchObject({ damagedAt: null, last: { seq: 4, who: 'eve' } })
    expect((await audit.history('c', 2)).map(({ action, seq }) => [action, seq])).toEqual([
      ['three', 3],
      ['two', 2],
    ])
  })

  it('names the account of each entry, under the hash; older lines belong to the first, and stay as they are', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'audit.jsonl')
    const [line = ''] = (await readFile(earlier, 'utf8')).split('\n')
    await writeFile(file, `${line}\n`)

    const audit = await openAudit(file)
    for (const who of ['user (http 10.0.0.7)', 'owner', 'regie', 'stranger (http ::1)'])
      await audit.append({ who, action: 'next', target: 'c' })
    const accounts = (await audit.list({ limit: 9 })).items.map(({ account }) => account)
    const text = await readFile(file, 'utf8')

    expect(accounts).toEqual([null, null, 'admin', 'user', 'admin'])
    expect(text.startsWith(`${line}\n`)).toBe(true)
    expect(verifyAudit(text)).toMatchObject({ damagedAt: null, entries: 5 })
    expect(verifyAudit(text.replace('"account":"user"', '"account":"admin"')).damagedAt).toBe(2)
    expect(verifyAudit(text.replace('"account":"user",', '')).damagedAt).toBe(2)
    expect(verifyAudit(text.replace('"who":"regie"', '"who":"regie","account":"user"')).damagedAt).toBe(1)
  })

  it('goes on after a line that a crash cut short: the half is removed, told, and no tampering', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'audit.jsonl')
    const lines = await threeEntries(file)
    await appendFile(file, '{"seq":4,"at"')

    const audit = await openAudit(file)
    await audit.append({ who: 'ann', action: 'five', target: 'c' })

    expect(audit.notices()).toMatchObject([{ problem: 'audit.repaired', params: { line: 4 } }])
    expect((await audit.list({ limit: 2 })).items.map(({ action }) => action)).toEqual(['five', 'audit.repaired'])
    expect((await readFile(file, 'utf8')).startsWith(lines.join('\n'))).toBe(true)
    expect(await audit.check()).toMatchObject({ entries: 5, damage: null, brokenBefore: null })
    expect((await openAudit(file)).notices()).toEqual([])
  })

  it('takes a line that only lacks its end, and one that its note does not know yet, for what they are', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'audit.jsonl')
    await threeEntries(file)
    const note = await readFile(`${file}.head`)
    await (await openAudit(file)).append({ who: 'ann', action: 'four', target: 'c' })
    await writeFile(`${file}.head`, note)
    await writeFile(file, (await readFile(file, 'utf8')).trimEnd())

    const audit = await openAudit(file)
    await audit.append({ who: 'ann', action: 'five', target: 'c' })

    expect(audit.notices()).toEqual([])
    expect(await audit.check()).toMatchObject({ entries: 5, damage: null })
  })

  it('lists what is asked for, newest first, a page after the other', async () => {
    await using folder = await temporaryFolder()
    const audit = await openAudit(path.join(folder.path, 'audit.jsonl'))
    for (const target of ['a', 'b', 'c'])
      await audit.append({ who: 'ann', action: 'rotation.started', target, details: { new: 'f00d' } })
    await audit.append({ who: 'bob', action: 'credential.revealed', target: 'a' })

    const first = await audit.list({ topic: 'rotation', limit: 2 })
    expect(first.items.map(({ target }) => target)).toEqual(['c', 'b'])
    const second = await audit.list({ topic: 'rotation', limit: 2, cursor: first.nextCursor ?? '' })
    expect(second).toMatchObject({ items: [{ target: 'a', action: 'rotation.started' }], nextCursor: null })
    expect((await audit.list({ search: 'BOB', limit: 9 })).items).toHaveLength(1)
    expect((await audit.list({ search: 'f00d', limit: 9 })).items).toHaveLength(3)
  })
})

/** Three entries, and how the log lay when there were two. */
async function threeEntriesAndOld(file: string) {
  const audit = await openAudit(file)
  for (const action of ['one', 'two']) await audit.append({ who: 'ann', action, target: 'c' })
  await copyFile(file, `${file}.old`)
  await audit.append({ who: 'ann', action: 'three', target: 'c' })
  return (await readFile(file, 'utf8')).trimEnd().split('\n')
}

const joined = (lines: string[]) => `${lines.join('\n')}\n`

describe('an audit log that was tampered with', () => {
  it.each<[string, string, number | undefined, (file: string, lines: string[]) => Promise<void>]>([
    ['a changed word', 'audit.damaged', 2, (f, l) => writeFile(f, joined(l).replace('two', 'six'))],
    ['a line removed in the middle', 'audit.damaged', 2, (f, [a = '', , c = '']) => writeFile(f, joined([a, c]))],
    ['two swapped lines', 'audit.damaged', 1, (f, [a = '', b = '', c = '']) => writeFile(f, joined([b, a, c]))],
    ['a line that is no entry', 'audit.damaged', 3, (f, [a = '', b = '']) => writeFile(f, joined([a, b, 'nonsense']))],
    ['its last line cut off', 'audit.cut', 3, (f, [a = '', b = '']) => writeFile(f, joined([a, b]))],
    ['its last line cut in the middle', 'audit.cut', 3, (f, l) => writeFile(f, l.join('\n').slice(0, -20))],
    ['an older copy in its place', 'audit.cut', 3, (f) => copyFile(`${f}.old`, f)],
    ['the file removed', 'audit.gone', undefined, (f) => rm(f)],
    ['the file emptied', 'audit.gone', undefined, (f) => writeFile(f, '')],
    ['another whole chain in its place', 'audit.replaced', 1, forge],
  ])('with %s is kept aside and told, and a new chain names the break', async (_, problem, line, tamper) => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'audit.jsonl')
    await tamper(file, await threeEntriesAndOld(file))
    const tampered = await readFile(file).catch(() => null)

    const audit = await openAudit(file)
    await audit.append({ who: 'ann', action: 'after', target: 'c' })

    expect(audit.notices()[0]).toMatchObject({ problem, params: line === undefined ? { known: 3 } : { line } })
    const check = await audit.check()
    expect(check).toMatchObject({ entries: 2, damage: null, brokenBefore: { isAcknowledged: false } })
    expect(check.brokenBefore?.reason.problem).toBe(problem)
    if (tampered) expect(await readFile(check.brokenBefore?.kept ?? '')).toEqual(tampered)
    expect((await audit.list({ limit: 9 })).items.at(-1)).toMatchObject({
      action: 'audit.broken',
      details: { problem },
    })
    // It stands at every later start, until somebody says that it was seen.
    const later = await openAudit(file)
    expect(later.notices()[0]).toMatchObject({ problem })
    await later.acknowledge('ann')
    expect(later.notices()).toEqual([])
    expect((await openAudit(file)).notices()).toEqual([])
    expect((await problemOf(later.acknowledge('ann'))).id).toBe('audit.nothing-to-acknowledge')
    expect((await readdir(folder.path)).filter((name) => name.includes('unreadable'))).toHaveLength(tampered ? 1 : 0)
  })

  it('while Regie runs is seen by a check', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'audit.jsonl')
    const lines = await threeEntries(file)
    const audit = await openAudit(file)
    expect(await audit.check()).toMatchObject({ entries: 3, damage: null })

    await writeFile(file, joined(lines).replace('two', 'six'))
    expect((await audit.check()).damage).toMatchObject({ problem: 'audit.damaged', params: { line: 2 } })
    await writeFile(file, joined(lines.slice(0, 2)))
    expect((await audit.check()).damage).toMatchObject({ problem: 'audit.cut', params: { line: 3 } })
    await rm(file)
    expect((await audit.check()).damage).toMatchObject({ problem: 'audit.gone' })
  })

  it('together with its note, is given away by what the vault has sealed', async () => {
    await using folder = await temporaryFolder()
    const { credentials, paths, audit } = await openTestVault(folder.path)
    await credentials.create({ id: 'one', scheme: 'token' }, 'ann')
    await credentials.create({ id: 'two', scheme: 'token' }, 'ann')
    const lines = (await readFile(paths.audit, 'utf8')).trimEnd().split('\n')
    expect(audit.notices()).toEqual([])
    // Cut, with a note that fits what is left.
    await writeFile(paths.audit, joined(lines.slice(0, 1)))
    await rm(`${paths.audit}.head`)

    const second = await openTestVault(folder.path)

    expect(second.audit.notices()[0]).toMatchObject({ problem: 'audit.cut', params: { line: 2 } })
    const third = await openTestVault(folder.path)
    expect(third.audit.notices()[0]).toMatchObject({ problem: 'audit.cut' })
    expect((await third.audit.check()).damage).toBeNull()
  })

  it('by taking its note away alone, is told as well', async () => {
    await using folder = await temporaryFolder()
    const { credentials, paths } = await openTestVault(folder.path)
    await credentials.create({ id: 'one', scheme: 'token' }, 'ann')
    await credentials.create({ id: 'two', scheme: 'token' }, 'ann')
    await rm(`${paths.audit}.head`)

    const { audit } = await openTestVault(folder.path)

    expect(audit.notices()).toMatchObject([{ problem: 'audit.head-gone' }])
    expect((await audit.list({ limit: 1 })).items[0]?.action).toBe('audit.head-gone')
  })
})

/** A log that is whole in itself, but another one. */
async function forge(file: string) {
  const other = `${file}.other`
  const audit = await openAudit(other)
  for (const action of ['one', 'two', 'three', 'four']) await audit.append({ who: 'eve', action, target: 'c' })
  await copyFile(other, file)
}
