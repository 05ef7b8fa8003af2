import { describe, expect, it } from 'vitest'
import { memoryStore, peopleBeside, testAccess } from '../../support/access'

const problem = (id: string) => expect.objectContaining({ id }) as unknown

describe('a password', () => {
  it('is kept as a bcrypt hash and nothing else', async () => {
    const { access, config, setPassword } = testAccess()

    await setPassword('admin', 'correct horse')

    expect(peopleBeside(config)).toMatch(/"password":"\$2b\$/)
    expect(peopleBeside(config)).not.toContain('correct')
    await expect(access.verify('admin', 'correct horse', 'admin')).resolves.toBeUndefined()
    await expect(access.verify('admin', 'wrong horse!', 'admin')).rejects.toEqual(problem('session.bad-password'))
    await expect(access.verify('user', 'correct horse', 'user')).rejects.toEqual(problem('session.bad-password'))
  })

  it('is changed and removed only by who knows it', async () => {
    const { access, setPassword, told } = testAccess()
    await setPassword('admin', 'the first one')

    await expect(setPassword('admin', 'another one')).rejects.toEqual(problem('session.bad-password'))
    await expect(setPassword('admin', null, 'a wrong one')).rejects.toEqual(problem('session.bad-password'))
    await setPassword('admin', 'another one', 'the first one')
    await expect(access.verify('admin', 'the first one', 'admin')).rejects.toEqual(problem('session.bad-password'))
    await setPassword('admin', null, 'another one')

    expect(access.hasPassword('admin')).toBe(false)
    expect(told.map(({ action }) => action)).toEqual([
      'access.password-set',
      'access.password-changed',
      'access.password-removed',
    ])
  })

  it('may not be the first one twice, also at the same moment', async () => {
    const { access, setPassword } = testAccess()

    const [first, second] = await Promise.allSettled([
      setPassword('admin', 'mine, all mine'),
      setPassword('admin', 'no, it is mine'),
    ])

    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected'])
    await expect(access.verify('admin', 'mine, all mine', 'admin')).resolves.toBeUndefined()
  })

  it.each([
    ['too short', 'seven77', 'access.password-short'],
    ['longer than bcrypt reads', 'x'.repeat(73), 'access.password-long'],
    ['longer than bcrypt reads in bytes', 'é'.repeat(37), 'access.password-long'],
  ])('that is %s is refused', async (_, password, id) => {
    const { access, setPassword } = testAccess()

    await expect(setPassword('admin', password)).rejects.toEqual(problem(id))
    expect(access.hasPassword('admin')).toBe(false)
  })

  it('is not accepted with something after bcrypt’s end', async () => {
    const { access, setPassword } = testAccess()
    const longest = 'y'.repeat(72)
    await setPassword('admin', longest)

    await expect(access.verify('admin', longest, 'admin')).resolves.toBeUndefined()
    await expect(access.verify('admin', `${longest}z`, 'admin')).rejects.toEqual(problem('session.bad-password'))
  })

  it('that was damaged in the file is neither accepted nor taken for missing', async () => {
    const config = memoryStore(new Map([['access', { passwords: { admin: 'not a hash' } }]]))
    const { access, setPassword } = testAccess({ config })

    expect(access.hasPassword('admin')).toBe(true)
    await expect(access.verify('admin', 'anything at all', 'admin')).rejects.toEqual(problem('access.unreadable'))
    await expect(setPassword('admin', 'a new password')).rejects.toEqual(problem('access.unreadable'))
  })
})

describe('guesses', () => {
  const guessTill = async (access: ReturnType<typeof testAccess>['access'], times: number) => {
    for (let n = 0; n < times; n += 1) await access.verify('admin', `guess ${n}`, 'admin').catch(() => undefined)
  }

  it('close the login for a time that doubles, also to the right password', async () => {
    const { access, setPassword, pass } = testAccess()
    await setPassword('admin', 'the right one')
    await guessTill(access, 6)
    const right = () => access.verify('admin', 'the right one', 'admin')

    await expect(right()).rejects.toMatchObject({ id: 'session.too-many', params: { seconds: 2 } })
    pass(2000)
    await guessTill(access, 1)
    await expect(right()).rejects.toMatchObject({ id: 'session.too-many', params: { seconds: 4 } })
    pass(4000)
    await expect(right()).resolves.toBeUndefined()
    await guessTill(access, 5)
    await expect(right()).resolves.toBeUndefined()
  })

  it('never close it for longer than 15 minutes', async () => {
    const { access, setPassword, pass } = testAccess()
    await setPassword('admin', 'the right one')
    for (let n = 0; n < 30; n += 1) {
      await guessTill(access, 1)
      pass(15 * 60_000)
    }

    await guessTill(access, 1)

    await expect(guess(access)).rejects.toMatchObject({ id: 'session.too-many', params: { seconds: 900 } })
  })

  it('at the same moment all count: six of fifty are looked at', async () => {
    const { access, setPassword, hasher } = testAccess()
    await setPassword('admin', 'the right one')

    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => access.verify('admin', n === 30 ? 'the right one' : `guess ${n}`, 'admin')),
    )

    const ids = answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as { id: string }).id : 'right'))
    expect(hasher.compared).toBe(6)
    expect(ids.filter((id) => id === 'session.bad-password')).toHaveLength(6)
    expect(ids.filter((id) => id === 'session.too-many')).toHaveLength(44)
  })

  it('are not forgotten by a restart', async () => {
    const values = new Map<string, unknown>()
    const config = memoryStore()
    const before = testAccess({ config, store: memoryStore(values) })
    await before.setPassword('admin', 'the right one')
    await guessTill(before.access, 7)

    const after = testAccess({ config, store: memoryStore(values) })

    await expect(after.access.verify('admin', 'the right one', 'admin')).rejects.toEqual(problem('session.too-many'))
    after.pass(4000)
    await guessTill(after.access, 1)
    await expect(guess(after.access)).rejects.toMatchObject({ params: { seconds: 4 } })
  })

  it('are not helped by setting the clock, forward or back', async () => {
    const { access, setPassword, clock, pass } = testAccess()
    await setPassword('admin', 'the right one')
    await guessTill(access, 10)

    clock.wall += 3600_000
    await expect(guess(access)).rejects.toEqual(problem('session.too-many'))
    clock.wall -= 48 * 3600_000
    await expect(guess(access)).rejects.toMatchObject({ id: 'session.too-many', params: { seconds: 900 } })
    pass(15 * 60_000)
    await expect(access.verify('admin', 'the right one', 'admin')).resolves.toBeUndefined()
  })

  it('through the network do not close the desktop, nor the other role', async () => {
    const { access, setPassword } = testAccess()
    await setPassword('admin', 'the right one')
    await setPassword('user', 'the users’ one')

    await guessTill(access, 20)

    await expect(access.verify('admin', 'the right one', 'desktop')).resolves.toBeUndefined()
    await expect(access.verify('user', 'the users’ one', 'user')).resolves.toBeUndefined()
  })

  const guess = (access: ReturnType<typeof testAccess>['access']) => access.verify('admin', 'one more guess', 'admin')
})
