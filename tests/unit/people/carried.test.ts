import { readFile, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withoutEnded, type People } from '../../../electron/people'
import { anna, anyKey, testPeople } from '../../support/people'

let at: Awaited<ReturnType<typeof testPeople>>
let people: People
let keys: Record<string, { id: string; key: string }>
let before: Buffer
beforeEach(async () => {
  at = await testPeople()
  people = await at.open()
  await people.create({ ...anna, password: 'first password of Anna' }, 'admin')
  for (const id of ['zoe', 'leo'])
    await people.create({ id, name: id, role: 'admin', password: `first of ${id}` }, 'admin')
  keys = {}
  for (const name of ['stays', 'ended', 'rotated', 'replaced'])
    keys[name] = await people.createKey({ ...anyKey('anna'), name }, 'admin')
  keys['zoes'] = await people.createKey(anyKey('zoe'), 'admin')
  before = await readFile(at.file)
})
afterEach(() => at.remove())

const idOf = (name: string) => keys[name]?.id ?? ''
const now = () => readFile(at.file)

it('an earlier state without a change since revives nothing, and stays as it is', async () => {
  const same = withoutEnded(before, await now(), at.clock.wall)
  expect(same?.ended).toEqual([])
  expect(JSON.parse(same?.text ?? '')).toEqual(JSON.parse(before.toString('utf8')))
})

it('what was ended since lets nobody in again, and what was not goes on', async () => {
  const link = await people.invite('anna', 7, 'admin')
  before = await readFile(at.file)
  at.pass(1000)
  await people.endKey(idOf('ended'), 'admin')
  await people.rotateKey(idOf('rotated'), 0, 'admin')
  await people.rotateKey(idOf('replaced'), 60, 'admin')
  await people.remove('zoe', 'admin')
  await people.change('anna', { suspended: true }, 'admin')
  await people.change('leo', { role: 'user' }, 'admin')
  await people.setPassword({
    ...{ account: 'leo', password: 'second of leo', current: undefined, asksCurrent: false },
    ...{ logins: [], by: null, who: 'admin' },
  })
  await people.invite('anna', 7, 'admin')

  const carried = withoutEnded(before, await now(), at.clock.wall)
  expect(carried?.ended.map(({ what, id }) => [what, id]).sort()).toEqual(
    [
      ['invitation', 'anna'],
      ['key', idOf('ended')],
      ['key', idOf('replaced')],
      ['key', idOf('rotated')],
      ['password', 'leo'],
      ['person', 'zoe'],
      ['role', 'leo'],
      ['suspension', 'anna'],
    ].sort(),
  )
  expect(carried?.ended.find(({ id }) => id === idOf('ended'))).toMatchObject({ name: 'ended', person: 'Anna' })

  await people.close()
  await writeFile(at.file, carried?.text ?? '')
  const restored = await at.open()
  expect(restored.isReadable()).toBe(true)
  expect(restored.list().map(({ id, role, suspended }) => [id, role, suspended])).toEqual(
    expect.arrayContaining([
      ['anna', 'user', true],
      ['leo', 'user', false],
    ]),
  )
  expect(restored.account('zoe')).toBeNull()
  await expect(restored.create({ id: 'zoe', name: 'Zoe', role: 'user' }, 'admin')).rejects.toMatchObject({
    id: 'user.id-taken',
  })
  await expect(restored.verify('leo', 'first of leo', '::1')).rejects.toMatchObject({ name: 'Problem' })
  await expect(restored.verify('leo', 'second of leo', '::1')).resolves.toMatchObject({ role: 'user' })
  for (const name of ['ended', 'rotated', 'zoes']) expect(restored.findKey(keys[name]?.key ?? ''), name).toBeNull()
  await restored.change('anna', { suspended: false }, 'admin')
  for (const name of ['stays', 'replaced'])
    expect(restored.findKey(keys[name]?.key ?? ''), name).toMatchObject({ account: 'anna' })
  at.pass(61_000)
  expect(restored.findKey(keys['replaced']?.key ?? '')).toBeNull()
  expect(() => restored.lookAtInvitation(link.token, '::1')).toThrow()
})

it('a key that is not known now was forgotten only where so many are', async () => {
  await people.endKey(idOf('ended'), 'admin')
  const kept = JSON.parse((await now()).toString('utf8')) as { keys: { id: string }[] } // just written
  const without = { ...kept, keys: kept.keys.filter(({ id }) => id !== idOf('stays')) }
  expect(withoutEnded(before, Buffer.from(JSON.stringify(without)), at.clock.wall)?.ended).toMatchObject([
    { what: 'key', id: idOf('ended') },
  ])
  const [one] = kept.keys.filter(({ id }) => id === idOf('ended'))
  const crowd = Array.from({ length: 50 }, (_, n) => ({ ...one, id: `key-${n}`, hash: String(n).padStart(64, '0') }))
  const crowded = Buffer.from(JSON.stringify({ ...without, keys: [...without.keys, ...crowd] }))
  expect(
    withoutEnded(before, crowded, at.clock.wall)
      ?.ended.map(({ id }) => id)
      .sort(),
  ).toEqual([idOf('ended'), idOf('stays')].sort())
})

it('nothing is told of a file that is not understood', async () => {
  expect(withoutEnded(Buffer.from('{'), await now(), 0)).toBeNull()
  expect(withoutEnded(before, Buffer.from('{'), 0)).toBeNull()
})
