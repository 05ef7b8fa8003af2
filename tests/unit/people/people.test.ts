import { readdir, readFile, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hash } from 'bcryptjs'
import { sourceOf } from '../../../electron/people'
import type { PeopleFile } from '../../../electron/people/record'
import { anna, anyKey, testPeople } from '../../support/people'

let at: Awaited<ReturnType<typeof testPeople>>
beforeEach(async () => {
  at = await testPeople()
})
afterEach(() => at.remove())

const problem = (id: string) => expect.objectContaining({ id }) as unknown
const day = 24 * 3600_000

describe('the first start', () => {
  it('makes the accounts admin and user of the two passwords that there were', async () => {
    const people = await at.open({ admin: await hash('the admin’s own', 4) })

    expect(people.list()).toMatchObject([
      { id: 'admin', name: 'Admin', role: 'admin', hasPassword: true, suspended: false, invitation: null },
      { id: 'user', name: 'User', role: 'user', hasPassword: false, suspended: false, invitation: null },
    ])
    await expect(people.verify('admin', 'the admin’s own', '::1')).resolves.toMatchObject({ role: 'admin' })
    await expect((await at.open({})).verify('admin', 'the admin’s own', '::1')).resolves.toMatchObject({
      role: 'admin',
    })
  })

  it('lets nobody in, and writes nothing, where these cannot be read', async () => {
    const people = await at.open(null)

    expect(people.isReadable()).toBe(false)
    expect(people.hasPassword('admin')).toBe(true)
    await expect(people.verify('admin', 'anything', '::1')).rejects.toEqual(problem('access.unreadable'))
    expect(await readdir(at.folder)).toEqual([])
  })
})

describe('a file that cannot be understood', () => {
  const broken: [string, (file: PeopleFile) => string][] = [
    ['is no JSON', () => '{"people": ['],
    ['is empty', () => ''],
    ['has a record that says nothing', (file) => JSON.stringify({ ...file, people: [...file.people, {}] })],
    ['has somebody twice', (file) => JSON.stringify({ ...file, people: [...file.people, ...file.people] })],
    [
      'has one key twice',
      (file) => JSON.stringify({ ...file, keys: [...file.keys, { ...file.keys[0], id: 'other' }] }),
    ],
  ]

  it.each(broken)('as it %s, opens nothing and stays as it is', async (_, breaking) => {
    const before = await at.open()
    const { key, record } = await before.createKey(anyKey('user'), 'admin')
    await before.close()
    const content = breaking(JSON.parse(await readFile(at.file, 'utf8')) as PeopleFile) // just written
    await writeFile(at.file, content)

    const people = await at.open()

    expect(people.findKey(key)).toBeNull()
    expect(people.guestOf('user')).toBeNull()
    expect(people.notices()[0]).toMatchObject({ problem: 'people.unreadable', params: { file: at.file } })
    expect(people.hasPassword('user')).toBe(true)
    expect(() => people.list()).toThrow(problem('people.unreadable'))
    const refused = await Promise.allSettled([
      people.verify('admin', 'anything', '::1'),
      people.create(anna, 'admin'),
      people.createKey(anyKey('user'), 'admin'),
      people.endKey(record.id, 'admin'),
    ])
    for (const refusal of refused) expect(refusal).toMatchObject({ reason: { id: 'people.unreadable' } })
    await people.close()
    expect(await readFile(at.file, 'utf8')).toBe(content)
  })
})

const ben = { ...anna, id: 'ben', name: 'Ben' }

describe('a person', () => {
  it('signs in with their own password alone', async () => {
    const people = await at.open()
    await people.create({ ...anna, password: 'anna’s password' }, 'admin')
    await people.create(ben, 'admin')

    await expect(people.verify('anna', 'anna’s password', '::1')).resolves.toMatchObject({ account: 'anna' })
    for (const [account, password] of [
      ['anna', 'another one'],
      ['ben', ''],
      ['zoe', 'anna’s password'],
    ] as const)
      await expect(people.verify(account, password, '::1')).rejects.toEqual(problem('session.bad-password'))
    expect(await readFile(at.file, 'utf8')).not.toContain('anna’s password')
  })

  it('whose password is forgotten gets in again by a line of the file', async () => {
    const before = await at.open({ admin: await hash('a forgotten one', 4) })
    await before.close()
    const lines = (await readFile(at.file, 'utf8')).split('\n')
    const edited = lines.map((line) =>
      line.includes('"id":"admin"') ? line.replace(/"password":"[^"]+"/, '"password":null') : line,
    )
    await writeFile(at.file, edited.join('\n'))

    const people = await at.open()

    expect([people.isReadable(), people.hasPassword('admin')]).toEqual([true, false])
  })

  it('that is suspended is refused, with the words for who knows the password', async () => {
    const people = await at.open()
    await people.create({ ...anna, password: 'anna’s password' }, 'admin')

    await people.change('anna', { suspended: true }, 'admin')

    await expect(people.verify('anna', 'anna’s password', '::1')).rejects.toEqual(problem('user.suspended'))
    await expect(people.verify('anna', 'another one', '::1')).rejects.toEqual(problem('session.bad-password'))
    expect(people.guestOf('anna')).toBeNull()
  })

  it.each([
    ['somebody has', 'user', 'user.id-taken'],
    ['somebody had who was removed', 'ben', 'user.id-taken'],
    ['the audit log calls the desktop’s owner by', 'owner', 'user.id-reserved'],
    ['the audit log calls strangers by', 'stranger', 'user.id-reserved'],
  ])('gets no id that %s', async (_, id, refusal) => {
    const people = await at.open()
    await people.create(ben, 'admin')
    await people.remove('ben', 'admin')

    await expect(people.create({ ...anna, id }, 'admin')).rejects.toEqual(problem(refusal))
  })

  it.each([
    ['reads alike in other letters', 'anna-b', 'ANNA'],
    ['is spelled with a combining accent', 'jose', 'José', 'José'],
    ['hides what nobody sees', 'anna-b', 'An\u200Bna'],
    ['only has wider gaps', 'anna-b', 'Zoë  B', 'Zoë B'],
    ['is another’s id', 'anna-b', 'user'],
    ['is written in two ways in capitals', 'anna-b', 'STRASSE', 'Straße'],
  ])('gets no name that somebody has, were it one that %s', async (_, id, name, theirs = 'Anna') => {
    const people = await at.open()
    await people.create({ ...anna, name: theirs }, 'admin')
    await people.create(ben, 'admin')
    const { token } = await people.invite('ben', 7, 'admin')
    const joining = { token, password: 'my own one', name }

    for (const asked of [
      people.create({ ...anna, id, name }, 'admin'),
      people.change('ben', { name }, 'admin'),
      people.acceptInvitation(joining, { from: '10.0.0.7', who: (who) => who }),
    ])
      await expect(asked).rejects.toEqual(problem('user.name-taken'))

    expect(people.get('ben').name).toBe('Ben')
    await expect(people.create({ ...anna, id: 'ann', name: 'Ann' }, 'admin')).resolves.toMatchObject({ id: 'ann' })
    await expect(people.change('anna', { name: theirs.toUpperCase() }, 'admin')).resolves.toMatchObject({ id: 'anna' })
  })

  it('gets no id by which somebody else could be meant', async () => {
    const people = await at.open()
    await people.create({ ...anna, name: 'zoe' }, 'admin')

    await expect(people.create({ ...anna, id: 'zoe', name: 'Zoe B' }, 'admin')).rejects.toEqual(
      problem('user.name-taken'),
    )
  })

  it('who shares a name since before names had to differ is read, changed, told of, and meant by no name', async () => {
    const before = await at.open()
    for (const one of [anna, ben]) await before.create({ ...one, password: `${one.id}’s password` }, 'admin')
    await before.close()
    await writeFile(at.file, (await readFile(at.file, 'utf8')).replace('"name":"Ben"', '"name":"anna"'))

    const people = await at.open()

    expect(people.notices()).toMatchObject([{ problem: 'people.same-names', params: { names: 'anna' } }])
    expect([people.idOf('Anna'), people.idOf('ben')]).toEqual(['anna', 'ben']) // by their ids
    await people.change('ben', { role: 'admin' }, 'admin')
    await people.change('anna', { name: 'Anna Keller' }, 'admin')
    expect(people.notices()).toEqual([])
    expect(people.idOf(' ANNA  keller')).toBe('anna')
  })

  it('who owns the machine can be neither removed, suspended nor demoted', async () => {
    const people = await at.open()

    const asked = await Promise.allSettled([
      people.remove('admin', 'admin'),
      people.change('admin', { suspended: true }, 'admin'),
      people.change('admin', { role: 'user' }, 'admin'),
    ])

    for (const each of asked) expect(each).toMatchObject({ reason: { id: 'user.owner-stays' } })
    expect(people.guestOf('admin')?.role).toBe('admin')
    await expect(people.change('admin', { name: 'Grace' }, 'admin')).resolves.toMatchObject({ name: 'Grace' })
  })

  it('loses by a demotion at once, and wins by a promotion only what is written down', async () => {
    const people = await at.open()
    await people.create(anna, 'admin')
    let cuts = 0
    people.onShrink(() => void (cuts += 1))

    await people.change('anna', { role: 'admin' }, 'admin')
    expect([cuts, people.guestOf('anna')?.role]).toEqual([0, 'admin'])
    await people.change('anna', { role: 'user' }, 'admin')
    expect([cuts, people.guestOf('anna')?.role]).toEqual([1, 'user'])

    expect(at.told.filter(({ action }) => action === 'user.changed').map(({ details }) => details)).toEqual([
      { role: 'admin' },
      { role: 'user' },
    ])
  })

  it('is seen when they use a key or a session, also after a restart', async () => {
    const people = await at.open()
    const { record } = await people.createKey(anyKey('user'), 'admin')
    at.pass(day)
    people.noteKeyUse(record.id, { from: '10.0.0.7', client: '', serviceId: 'comfy' })
    people.noteSeen('admin')

    expect(people.list().map(({ lastSeenAt }) => lastSeenAt)).toEqual([at.clock.wall, at.clock.wall])
    await people.close()
    expect((await at.open()).account('user')?.lastSeenAt).toBe(at.clock.wall)
  })
})

describe('guesses', () => {
  const guess = async (people: Awaited<ReturnType<typeof at.open>>, account: string, from: string, times: number) => {
    for (let n = 0; n < times; n += 1) await people.verify(account, `guess ${n}`, from).catch(() => undefined)
  }

  it('at one account close it to their own address alone', async () => {
    const people = await at.open()
    await people.create({ ...anna, password: 'anna’s password' }, 'admin')

    await guess(people, 'anna', '10.0.0.7', 6)

    await expect(people.verify('anna', 'anna’s password', '10.0.0.7')).rejects.toMatchObject({
      ...{ id: 'session.too-many', params: { seconds: 2 } },
    })
    await expect(people.verify('anna', 'anna’s password', '10.0.0.8')).resolves.toMatchObject({ account: 'anna' })
  })

  it('at many accounts close all of them to their address, whether these exist or not', async () => {
    const people = await at.open()
    await people.create({ ...anna, password: 'anna’s password' }, 'admin')

    for (let n = 0; n < 17; n += 1) await guess(people, `nobody-${n}`, '10.0.0.7', 3)

    await expect(people.verify('anna', 'anna’s password', '10.0.0.7')).rejects.toEqual(problem('session.too-many'))
    await expect(people.verify('anna', 'anna’s password', '10.0.0.8')).resolves.toMatchObject({ account: 'anna' })
  })

  it('are not forgiven for other accounts by signing in to one’s own', async () => {
    const people = await at.open()
    await people.create({ ...anna, password: 'anna’s password' }, 'admin')
    for (let n = 0; n < 17; n += 1) {
      await people.verify('anna', 'anna’s password', '10.0.0.7')
      await guess(people, `nobody-${n}`, '10.0.0.7', 2)
    }

    await expect(people.verify('anna', 'anna’s password', '10.0.0.7')).rejects.toEqual(problem('session.too-many'))
  })

  it.each([
    ['10.0.0.7', '10.0.0.7'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['2001:db8:0:1::7', '2001:db8:0:1::/64'],
    ['2001:0db8:0000:0001:aaaa:bbbb:cccc:dddd', '2001:db8:0:1::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('from %s are counted for %s', (address, source) => {
    expect(sourceOf(address)).toBe(source)
  })
})

describe('an invitation', () => {
  const from = '10.0.0.7'
  const who = (id: string) => id

  it('lets somebody set a password once, and gives a first key in the same answer', async () => {
    const people = await at.open()
    await people.create(anna, 'admin')
    const { token, user } = await people.invite('anna', 7, 'admin')
    expect(user.invitation).toEqual({ expiresAt: at.clock.wall + 7 * day })
    expect(people.lookAtInvitation(token, from)).toEqual({
      id: 'anna',
      name: 'Anna',
      expiresAt: at.clock.wall + 7 * day,
    })

    const first = { name: 'first', services: null }
    const joined = await people.acceptInvitation(
      { token, password: 'my own one', name: 'Anna B.', key: first },
      { from, who },
    )

    expect(joined.user).toMatchObject({ name: 'Anna B.', hasPassword: true, invitation: null })
    expect(people.findKey(joined.key?.key ?? '')).toMatchObject({ account: 'anna', panel: false })
    await expect(people.verify('anna', 'my own one', from)).resolves.toMatchObject({ account: 'anna' })
    await expect(people.acceptInvitation({ token, password: 'my own two' }, { from, who })).rejects.toEqual(
      problem('invitation.not-good'),
    )
    const kept = `${await readFile(at.file, 'utf8')}${JSON.stringify([at.told, at.events])}`
    expect(kept).not.toContain(token)
    expect(kept).not.toContain(joined.key?.key)
  })

  it('is good for one of two who accept it at the same moment', async () => {
    const people = await at.open()
    const { token } = await people.invite('user', 7, 'admin')

    const both = await Promise.allSettled(
      ['first password', 'second password'].map((password) =>
        people.acceptInvitation({ token, password }, { from, who }),
      ),
    )

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it.each<[string, (people: Awaited<ReturnType<typeof at.open>>) => unknown]>([
    ['is over', () => at.pass(7 * day)],
    ['was replaced', (people) => people.invite('anna', 7, 'admin')],
    ['is of somebody suspended', (people) => people.change('anna', { suspended: true }, 'admin')],
    ['is of somebody removed', (people) => people.remove('anna', 'admin')],
  ])('that %s is refused', async (_, spoil) => {
    const people = await at.open()
    await people.create(anna, 'admin')
    const { token } = await people.invite('anna', 7, 'admin')

    await spoil(people)

    expect(() => people.lookAtInvitation(token, from)).toThrow(problem('invitation.not-good'))
    await expect(people.acceptInvitation({ token, password: 'my own one' }, { from, who })).rejects.toEqual(
      problem('invitation.not-good'),
    )
  })

  it('is not made for whoever owns the machine, whose password is changed by who knows it', async () => {
    const people = await at.open()

    await expect(people.invite('admin', 7, 'maya')).rejects.toEqual(problem('user.owner-password'))
  })

  it('is refused a wait for wrong ones, and never for the right one', async () => {
    const people = await at.open()
    const { token } = await people.invite('user', 7, 'admin')
    const wrong = () => people.lookAtInvitation('not the token', from)
    for (let n = 0; n < 21; n += 1) expect(wrong).toThrow(problem('invitation.not-good'))

    expect(wrong).toThrow(problem('session.too-many'))
    expect(people.lookAtInvitation(token, from).id).toBe('user')
  })
})
