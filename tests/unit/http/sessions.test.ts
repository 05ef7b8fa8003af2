import { describe, expect, it } from 'vitest'
import { createSessions, readCookie, sessionCookie } from '../../../electron/http/sessions'
import type { ConfigStore } from '../../../electron/storage/config'
import { memoryStore, testAccess } from '../../support/access'

interface Start {
  adminToken?: string | null
  store?: ConfigStore
  config?: ConfigStore
  print?: (code: string) => void
}

/** Sessions on stores of their own; a restart is another with the same ones. */
function start({ adminToken = null, store = memoryStore(), config = memoryStore(), print }: Start = {}) {
  const test = testAccess({ store, config })
  const sessions = createSessions({
    store,
    adminToken,
    access: test.access,
    now: () => test.clock.wall,
    ...(print && { print }),
  })
  const role = (sessionId: string) => sessions.identify(sessionId)?.role ?? null
  const presence = (sessionId: string) => {
    const identity = sessions.identify(sessionId)
    if (!identity) throw new Error('a stranger')
    return identity.presence
  }
  return { ...test, sessions, role, presence }
}

const problem = (id: string) => expect.objectContaining({ id }) as unknown

describe('sessions', () => {
  it('accept a one-time token once', () => {
    const { sessions, role } = start()
    const token = sessions.issueOneTimeToken()

    const signedIn = sessions.signIn(token)

    expect(signedIn.role).toBe('admin')
    expect(role(signedIn.id)).toBe('admin')
    expect(() => sessions.signIn(token)).toThrow(problem('session.bad-token'))
  })

  it('know the admin token as a Bearer and refuse any other', () => {
    const { sessions } = start({ adminToken: 'right-token' })

    expect(sessions.identifyBearer('right-token')?.role).toBe('admin')
    expect(sessions.identifyBearer('wrong-token')).toBeNull()
    expect(sessions.identify(null)).toBeNull()
  })

  it('refuse every Bearer when no admin token is set', () => {
    const { sessions } = start()

    expect(sessions.identifyBearer('')).toBeNull()
    expect(sessions.identifyBearer('anything')).toBeNull()
  })

  it('survive a restart, and keep no session id on disk', () => {
    const store = memoryStore()
    const { sessions } = start({ store })
    const { id } = sessions.signIn(sessions.issueOneTimeToken())

    expect(start({ store }).role(id)).toBe('admin')
    expect(store.all()).not.toContain(id)
  })

  it('end after seven days', () => {
    const { sessions, role, pass } = start()
    const { id, maxAgeS } = sessions.signIn(sessions.issueOneTimeToken())

    pass(maxAgeS * 1000 + 1)

    expect(role(id)).toBeNull()
  })

  it('end at sign-out and tell who listens', () => {
    const { sessions, role } = start()
    const { id } = sessions.signIn(sessions.issueOneTimeToken())
    const told: string[] = []
    sessions.onEnd((key) => told.push(key))

    sessions.end(id)

    expect(role(id)).toBeNull()
    expect(told).toEqual([sessions.keyOf(id)])
  })

  it('are opened by the password of a role, and by no other', async () => {
    const { sessions, role, setPassword } = start()
    await setPassword('user', 'for everybody')

    const { id } = await sessions.signInWithPassword({ role: 'user', password: 'for everybody' })

    expect(role(id)).toBe('user')
    for (const guess of [
      { role: 'admin', password: 'for everybody' } as const,
      { role: 'user', password: '' } as const,
    ])
      await expect(sessions.signInWithPassword(guess)).rejects.toEqual(problem('session.bad-password'))
  })

  it('of a role end when its password changes, but for the one that changed it', async () => {
    const { access, sessions, role, presence, setPassword } = start()
    await setPassword('user', 'for everybody')
    const user = await sessions.signInWithPassword({ role: 'user', password: 'for everybody' })
    const mine = sessions.signIn(sessions.issueOneTimeToken())
    const other = sessions.signIn(sessions.issueOneTimeToken())
    const by = presence(mine.id)

    await access.setPassword({ role: 'admin', password: 'the right one', login: 'admin', by, who: 'admin' })
    expect([mine, other, user].map(({ id }) => role(id))).toEqual(['admin', null, 'user'])

    await setPassword('user', null)
    expect([mine, user].map(({ id }) => role(id))).toEqual(['admin', null])
  })

  it('stay locked over a restart', async () => {
    const kept = { store: memoryStore(), config: memoryStore() }
    const before = start(kept)
    await before.setPassword('admin', 'the right one')
    const { id } = await before.sessions.signInWithPassword({ role: 'admin', password: 'the right one' })
    before.presence(id).lock()

    const { presence } = start(kept)

    expect(presence(id).isLocked()).toBe(true)
    await expect(presence(id).unlock('a wrong one')).rejects.toEqual(problem('session.bad-password'))
    await presence(id).unlock('the right one')
    expect(presence(id).isLocked()).toBe(false)
  })
})

describe('a proof', () => {
  it('lasts five minutes, and is given again by the admin token or a printed code', async () => {
    const printed: string[] = []
    const { sessions, presence, pass } = start({ adminToken: 'right-token', print: (code) => printed.push(code) })
    const { id } = sessions.signIn(sessions.issueOneTimeToken())
    expect(presence(id).isProven()).toBe(true)

    pass(5 * 60_000)
    expect(presence(id).isProven()).toBe(false)
    await expect(presence(id).prove({ token: 'wrong-token' })).rejects.toEqual(problem('session.bad-token'))
    expect(presence(id).isProven()).toBe(false)
    await presence(id).prove({ token: 'right-token' })
    expect(presence(id).isProven()).toBe(true)

    pass(5 * 60_000)
    expect(sessions.printCode()).toBe(true)
    await presence(id).prove({ token: printed[0] ?? '' })
    expect(presence(id).isProven()).toBe(true)
  })

  it('is not a printed link where there is a password', async () => {
    const { sessions, presence, setPassword } = start()
    await setPassword('admin', 'the right one')
    const { id } = sessions.signIn(sessions.issueOneTimeToken())

    expect(presence(id).isProven()).toBe(false)
    await presence(id).prove({ password: 'the right one' })
    expect(presence(id).isProven()).toBe(true)
  })

  it('is not a code that was printed long ago', () => {
    let code = ''
    const { sessions, pass } = start({ print: (text) => (code = text) })
    sessions.printCode()

    pass(10 * 60_000)

    expect(() => sessions.signIn(code)).toThrow(problem('session.bad-token'))
  })
})

describe('guesses of a token', () => {
  it('close that way in for a growing time, also to the right one', () => {
    const { sessions, pass } = start({ adminToken: 'right-token' })
    const guess = () => expect(() => sessions.signIn('guess'))
    for (let n = 0; n < 6; n += 1) guess().toThrow(problem('session.bad-token'))

    expect(() => sessions.signIn('right-token')).toThrow(problem('session.too-many'))

    pass(2000)
    guess().toThrow(problem('session.bad-token'))
    pass(2000)
    guess().toThrow(expect.objectContaining({ id: 'session.too-many', params: { seconds: 2 } }))
    pass(2000)
    expect(sessions.signIn('right-token').role).toBe('admin')
  })

  it('close no way in for a token that cannot be guessed', () => {
    const adminToken = 'a-token-of-two-dozen-characters'
    const { sessions } = start({ adminToken })
    for (let n = 0; n < 40; n += 1) {
      expect(() => sessions.signIn(`guess ${n}`)).toThrow()
      try {
        sessions.identifyBearer(`guess ${n}`)
      } catch (error) {
        expect(error).toEqual(problem('session.too-many'))
      }
    }

    expect(() => sessions.identifyBearer('one more guess')).toThrow(problem('session.too-many'))
    expect(sessions.identifyBearer(adminToken)?.role).toBe('admin')
    expect(sessions.signIn(adminToken).role).toBe('admin')
  })

  it('never close the printed link: it cannot be guessed, and is the owner’s way in', () => {
    const { sessions } = start({ adminToken: 'right-token' })
    const link = sessions.issueOneTimeToken()
    for (let n = 0; n < 50; n += 1) expect(() => sessions.signIn(`guess ${n}`)).toThrow()

    expect(sessions.signIn(link).role).toBe('admin')
  })

  it('as a Bearer are counted when they differ; a script with a stale one closes nothing', () => {
    const { sessions } = start({ adminToken: 'right-token' })
    for (let n = 0; n < 100; n += 1) expect(sessions.identifyBearer('stale-token')).toBeNull()
    expect(sessions.identifyBearer('right-token')?.role).toBe('admin')

    for (let n = 0; n < 20; n += 1) sessions.identifyBearer(`guess ${n}`)

    expect(() => sessions.identifyBearer('right-token')).toThrow(problem('session.too-many'))
  })
})

describe('the session cookie', () => {
  it('cannot be read by scripts and does not leave the site', () => {
    expect(sessionCookie(7420, 'abc', 60)).toBe('regie_session_7420=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict')
  })

  it('is found among others by its exact name', () => {
    expect(readCookie('a=1; regie_session_74201=no; regie_session_7420=yes=', 'regie_session_7420')).toBe('yes=')
    expect(readCookie('a=1', 'regie_session_7420')).toBeNull()
    expect(readCookie(null, 'regie_session_7420')).toBeNull()
  })
})
