import { describe, expect, it } from 'vitest'
import { readCookies } from '../../../electron/access/cookies'
import { Sessions, sessionCookie, type SignedIn } from '../../../electron/http/sessions'
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
  const sessions = new Sessions({
    store,
    adminToken,
    access: test.access,
    now: () => test.clock.wall,
    ...(print && { print }),
  })
  const proofOf = ({ pageKey }: SignedIn) => ({ key: pageKey.split('.')[0] ?? '' })
  const role = (signedIn: SignedIn) => sessions.identify(signedIn.id, proofOf(signedIn))?.role ?? null
  const presence = (signedIn: SignedIn) => {
    const identity = sessions.identify(signedIn.id, proofOf(signedIn))
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
    expect(role(signedIn)).toBe('admin')
    expect(() => sessions.signIn(token)).toThrow(problem('session.bad-token'))
  })

  it('are of an account; those of a version that knew none are of the account of their role', async () => {
    const store = memoryStore()
    const config = memoryStore()
    const first = start({ store, config, adminToken: 'right-token' })
    await first.setPassword('user', 'the user password')
    const user = await first.sessions.signInWithPassword({ role: 'user', password: 'the user password' })
    const admin = first.sessions.signIn(first.sessions.issueOneTimeToken())
    expect([user.account, admin.account]).toEqual(['user', 'admin'])
    expect(first.sessions.identifyBearer('right-token')?.account).toBe('admin')

    const kept = Object.entries(store.get('sessions') as Record<string, { account: string }>)
    store.set(
      'sessions',
      Object.fromEntries(
        kept.map(([key, session]) => [key, { ...session, account: undefined, role: session.account }]),
      ),
    )
    const { sessions } = start({ store, config })

    const accountOf = ({ id, pageKey }: SignedIn) =>
      sessions.identify(id, { key: pageKey.split('.')[0] ?? '' })?.account
    expect([accountOf(user), accountOf(admin)]).toEqual(['user', 'admin'])
  })

  it('are listed with who, since when, from where and with what, the last used first', () => {
    const { sessions, clock } = start()
    const signIn = (from: string) =>
      sessions.signIn(sessions.issueOneTimeToken(), { from, client: `client of ${from}` })
    const first = signIn('10.0.0.1')
    clock.wall += 1_000
    const second = signIn('10.0.0.2')
    clock.wall += 1_000
    sessions.noteUse(sessions.keyOf(first.id), { from: '10.0.0.3', client: 'another' })

    const list = sessions.list(sessions.keyOf(second.id))

    const opened = clock.wall - 2_000
    expect(list).toMatchObject([
      {
        account: 'admin',
        role: 'admin',
        since: opened,
        lastUsedAt: opened + 2_000,
        from: '10.0.0.3',
        client: 'another',
        current: false,
      },
      {
        since: opened + 1_000,
        lastUsedAt: opened + 1_000,
        from: '10.0.0.2',
        client: 'client of 10.0.0.2',
        current: true,
      },
    ])
    // What they are called in the list opens nothing, and is no part of a cookie.
    for (const { id } of list) expect([first.id, second.id].some((cookie) => cookie.includes(id))).toBe(false)
    for (const { id } of list) expect(sessions.identify(id, { key: first.pageKey.split('.')[0] ?? '' })).toBeNull()
  })

  it('tell their last use over a restart, written down every few minutes at most', () => {
    const store = memoryStore()
    const { sessions, clock } = start({ store })
    const key = sessions.keyOf(sessions.signIn(sessions.issueOneTimeToken()).id)
    const at = { from: null, client: null }
    const kept = () => (start({ store }).sessions.list(null)[0]?.lastUsedAt ?? 0) - clock.wall
    clock.wall += 60_000
    sessions.noteUse(key, at)
    expect([sessions.list(null)[0]?.lastUsedAt, kept()]).toEqual([clock.wall, -60_000])
    clock.wall += 5 * 60_000
    sessions.noteUse(key, at)
    expect(kept()).toBe(0)
  })

  it('are ended one by one, or all but one’s own', () => {
    const { sessions, role } = start()
    const [own, second, third] = [1, 2, 3].map(() => sessions.signIn(sessions.issueOneTimeToken()))
    if (!own || !second || !third) throw new Error('three were opened')
    const ended: string[] = []
    sessions.onEnd((key) => ended.push(key))
    const key = (signedIn: SignedIn) => sessions.keyOf(signedIn.id)
    const idOf = (signedIn: SignedIn) => sessions.list(key(signedIn)).find(({ current }) => current)?.id ?? ''

    const id = idOf(second)
    expect(sessions.endListed(id)).toMatchObject({ id, account: 'admin' })
    expect([own, second, third].map(role)).toEqual(['admin', null, 'admin'])
    expect(() => sessions.endListed(id)).toThrow(problem('session.not-found'))
    expect(sessions.endOthers(key(own))).toHaveLength(1)
    expect([own, second, third].map(role)).toEqual(['admin', null, null])
    expect(ended).toEqual([key(second), key(third)])
  })

  it('tell who shows them of every one that opens, is locked and ends, and of no other', () => {
    const { sessions } = start()
    let told = 0
    const forget = sessions.onChange(() => (told += 1))
    const { id } = sessions.signIn(sessions.issueOneTimeToken())
    expect(told).toBe(1)
    expect(() => sessions.signIn('a wrong one')).toThrow(problem('session.bad-token'))
    sessions.noteUse(sessions.keyOf(id), { from: '10.0.0.5', client: 'curl' })
    expect(told).toBe(1)
    sessions.end(id)
    expect(told).toBe(2)
    forget()
    sessions.signIn(sessions.issueOneTimeToken())
    expect(told).toBe(2)
  })

  it('know the admin token as a Bearer and refuse any other', () => {
    const { sessions } = start({ adminToken: 'right-token' })

    expect(sessions.identifyBearer('right-token')?.role).toBe('admin')
    expect(sessions.identifyBearer('wrong-token')).toBeNull()
    expect(sessions.identify(null, { key: 'any' })).toBeNull()
  })

  it('refuse every Bearer when no admin token is set', () => {
    const { sessions } = start()

    expect(sessions.identifyBearer('')).toBeNull()
    expect(sessions.identifyBearer('anything')).toBeNull()
  })

  it('are nobody’s without the half that the page keeps: every port of the host is sent the cookie', () => {
    const { sessions } = start()
    const { id, pageKey } = sessions.signIn(sessions.issueOneTimeToken())
    const other = sessions.signIn(sessions.issueOneTimeToken())
    const [key = '', view = ''] = pageKey.split('.')

    expect(sessions.identify(id, null)).toBeNull()
    expect(sessions.identify(id, { key: '' })).toBeNull()
    expect(sessions.identify(id, { key: view })).toBeNull()
    expect(sessions.identify(id, { view: key })).toBeNull()
    expect(sessions.identify(id, { key: other.pageKey.split('.')[0] ?? '' })).toBeNull()
    expect(sessions.identify(id, { key })?.role).toBe('admin')
    expect(sessions.identify(id, { view })?.role).toBe('admin')
  })

  it('of an earlier version, which had no such half, are over', () => {
    const store = memoryStore()
    const { sessions } = start({ store })
    const { id, pageKey } = sessions.signIn(sessions.issueOneTimeToken())
    const [stored] = Object.values(store.get('sessions') as Record<string, { page: string }>)
    store.set('sessions', { [sessions.keyOf(id)]: { ...stored, page: undefined } })

    expect(start({ store }).sessions.identify(id, { key: pageKey.split('.')[0] ?? '' })).toBeNull()
    expect(start({ store }).sessions.identify(id, { key: '' })).toBeNull()
  })

  it('survive a restart, and keep no session id on disk', () => {
    const store = memoryStore()
    const { sessions } = start({ store })
    const signedIn = sessions.signIn(sessions.issueOneTimeToken())

    expect(start({ store }).role(signedIn)).toBe('admin')
    for (const half of [signedIn.id, ...signedIn.pageKey.split('.')]) expect(store.all()).not.toContain(half)
  })

  it('end after seven days', () => {
    const { sessions, role, pass } = start()
    const signedIn = sessions.signIn(sessions.issueOneTimeToken())

    pass(signedIn.maxAgeS * 1000 + 1)

    expect(role(signedIn)).toBeNull()
  })

  it('end at sign-out and tell who listens', () => {
    const { sessions, role } = start()
    const signedIn = sessions.signIn(sessions.issueOneTimeToken())
    const told: string[] = []
    sessions.onEnd((key) => told.push(key))

    sessions.end(signedIn.id)

    expect(role(signedIn)).toBeNull()
    expect(told).toEqual([sessions.keyOf(signedIn.id)])
  })

  it('are opened by the password of a role, and by no other', async () => {
    const { sessions, role, setPassword } = start()
    await setPassword('user', 'for everybody')

    const signedIn = await sessions.signInWithPassword({ role: 'user', password: 'for everybody' })

    expect(role(signedIn)).toBe('user')
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
    const by = presence(mine)

    await access.setPassword({ role: 'admin', password: 'the right one', login: 'admin', by, who: 'admin' })
    expect([mine, other, user].map(role)).toEqual(['admin', null, 'user'])

    await setPassword('user', null)
    expect([mine, user].map(role)).toEqual(['admin', null])
  })

  it('stay locked over a restart', async () => {
    const kept = { store: memoryStore(), config: memoryStore() }
    const before = start(kept)
    await before.setPassword('admin', 'the right one')
    const signedIn = await before.sessions.signInWithPassword({ role: 'admin', password: 'the right one' })
    before.presence(signedIn).lock()

    const { presence } = start(kept)

    expect(presence(signedIn).isLocked()).toBe(true)
    await expect(presence(signedIn).unlock('a wrong one')).rejects.toEqual(problem('session.bad-password'))
    await presence(signedIn).unlock('the right one')
    expect(presence(signedIn).isLocked()).toBe(false)
  })
})

describe('a proof', () => {
  it('lasts five minutes, and is given again by the admin token or a printed code', async () => {
    const printed: string[] = []
    const { sessions, presence, pass } = start({ adminToken: 'right-token', print: (code) => printed.push(code) })
    const signedIn = sessions.signIn(sessions.issueOneTimeToken())
    expect(presence(signedIn).isProven()).toBe(true)

    pass(5 * 60_000)
    expect(presence(signedIn).isProven()).toBe(false)
    await expect(presence(signedIn).prove({ token: 'wrong-token' })).rejects.toEqual(problem('session.bad-token'))
    expect(presence(signedIn).isProven()).toBe(false)
    await presence(signedIn).prove({ token: 'right-token' })
    expect(presence(signedIn).isProven()).toBe(true)

    pass(5 * 60_000)
    expect(sessions.printCode()).toBe(true)
    await presence(signedIn).prove({ token: printed[0] ?? '' })
    expect(presence(signedIn).isProven()).toBe(true)
  })

  it('is not a printed link where there is a password', async () => {
    const { sessions, presence, setPassword } = start()
    await setPassword('admin', 'the right one')
    const signedIn = sessions.signIn(sessions.issueOneTimeToken())

    expect(presence(signedIn).isProven()).toBe(false)
    await presence(signedIn).prove({ password: 'the right one' })
    expect(presence(signedIn).isProven()).toBe(true)
  })

  it('is a code once, in capitals or not and with or without its dashes, and of many the newest', async () => {
    const printed: string[] = []
    const { sessions, presence, pass } = start({ print: (code) => printed.push(code) })
    const signedIn = sessions.signIn(sessions.issueOneTimeToken())
    pass(5 * 60_000)
    for (let n = 0; n < 17; n += 1) sessions.printCode()
    const [oldest = '', second = '', third = ''] = printed
    for (const code of printed) expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/)

    await expect(presence(signedIn).prove({ token: oldest })).rejects.toEqual(problem('session.bad-token'))
    expect(presence(signedIn).isProven()).toBe(false)
    await presence(signedIn).prove({ token: second.toLowerCase() })
    expect(presence(signedIn).isProven()).toBe(true)
    await presence(signedIn).prove({ token: third.replaceAll('-', ' ') })
    await expect(presence(signedIn).prove({ token: third })).rejects.toEqual(problem('session.bad-token'))
  })

  it('is a Bearer token at each call, however long its connection lasts', () => {
    const { sessions, pass } = start({ adminToken: 'right-token' })
    const script = sessions.identifyBearer('right-token')

    pass(60 * 60_000)

    expect(script?.presence.isProven()).toBe(true)
  })

  it('is none in a dialog of the desktop, which a browser has not', async () => {
    const { sessions, presence, pass } = start()
    const signedIn = sessions.signIn(sessions.issueOneTimeToken())
    pass(5 * 60_000)

    await expect(presence(signedIn).prove({ confirm: true })).rejects.toEqual(problem('session.not-confirmed'))
    expect(presence(signedIn).isProven()).toBe(false)
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
    expect(readCookies('a=1; regie_session_74201=no; regie_session_7420=yes=', 'regie_session_7420')).toEqual(['yes='])
    expect(readCookies('a=1', 'regie_session_7420')).toEqual([])
    expect(readCookies(null, 'regie_session_7420')).toEqual([])
  })
})
