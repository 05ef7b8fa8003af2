import { appendFile, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAudit } from '../../../electron/vault'
import { verifyAudit } from '../../../electron/vault/audit'
import { temporaryFolder } from '../../support/programs'

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

    expect(audit.damage).toBeNull()
    expect(verifyAudit(await readFile(file, 'utf8'))).toMatchObject({ damagedAt: null, last: { seq: 4, who: 'eve' } })
    expect((await audit.history('c', 2)).map(({ action, seq }) => [action, seq])).toEqual([
      ['three', 3],
      ['two', 2],
    ])
  })

  it.each<[string, number, (lines: string[]) => string[]]>([
    ['a changed word', 2, (lines) => lines.map((line, i) => (i === 1 ? line.replace('ann', 'bob') : line))],
    ['a removed line', 2, (lines) => lines.filter((_, i) => i !== 1)],
    ['two swapped lines', 1, ([a = '', b = '', c = '']) => [b, a, c]],
    ['a line that is no entry', 3, ([a = '', b = '', c = '']) => [a, b, 'nonsense', c]],
  ])('shows %s', async (_, line, tamper) => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'audit.jsonl')
    await writeFile(file, `${tamper(await threeEntries(file)).join('\n')}\n`)

    const audit = await openAudit(file)

    expect(audit.damage).toMatchObject({ problem: 'vault.audit-damaged', params: { line } })
  })

  it('goes on after a line that a crash cut short', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'audit.jsonl')
    await threeEntries(file)
    await appendFile(file, '{"seq":4,"at"')

    const audit = await openAudit(file)
    await audit.append({ who: 'ann', action: 'four', target: 'c' })

    expect((await audit.history('c', 1))[0]).toMatchObject({ action: 'four', seq: 4 })
    expect(verifyAudit(await readFile(file, 'utf8'))).toMatchObject({ damagedAt: 4, last: { seq: 4 } })
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

  it('sees what was altered after the start', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'audit.jsonl')
    await threeEntries(file)
    const audit = await openAudit(file)
    expect(await audit.check()).toMatchObject({ entries: 3, damage: null })

    await writeFile(file, (await readFile(file, 'utf8')).replace('two', 'six'))

    expect(await audit.check()).toMatchObject({ entries: 3, damage: { params: { line: 2 } } })
  })
})
