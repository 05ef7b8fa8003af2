import { describe, expect, it } from 'vitest'
import { createSessions, readCookie, sessionCookie } from '../../../electron/http/sessions'

const memoryStore = () => {
  const values = new Map<string, unknown>()
  return {
    path: '',
    get: (key: string) => values.get(key),
    set: (key: string, value: unknown) => void values.set(key, value),
    has: (key: string) => values.has(key),
    all: () => JSON.stringify([...values]),
  }
}

describe('sessions', () => {
  it('accept a one-time token once', () => {
    const sessions = createSessions({ store: memoryStore(), adminToken: null })
    const token = sessions.issueOneTimeToken()

    const { id, role } = sessions.signIn(token)

    expect(role).toBe('admin')
    expect(sessions.identify({ sessionId: id, bearer: null })).toBe('admin')
    expect(() => sessions.signIn(token)).toThrow(expect.objectContaining({ id: 'session.bad-token' }))
  })

  it('know the admin token as a Bearer and refuse any other', () => {
    const sessions = createSessions({ store: memoryStore(), adminToken: 'right-token' })

    expect(sessions.identify({ sessionId: null, bearer: 'right-token' })).toBe('admin')
    expect(sessions.identify({ sessionId: null, bearer: 'wrong-token' })).toBeNull()
    expect(sessions.identify({ sessionId: null, bearer: null })).toBeNull()
  })

  it('refuse every Bearer when no admin token is set', () => {
    const sessions = createSessions({ store: memoryStore(), adminToken: null })

    expect(sessions.identify({ sessionId: null, bearer: '' })).toBeNull()
    expect(sessions.identify({ sessionId: null, bearer: 'anything' })).toBeNull()
  })

  it('survive a restart, and keep no session id on disk', () => {
    const store = memoryStore()
    const before = createSessions({ store, adminToken: null })
    const { id } = before.signIn(before.issueOneTimeToken())

    const after = createSessions({ store, adminToken: null })

    expect(after.identify({ sessionId: id, bearer: null })).toBe('admin')
    expect(store.all()).not.toContain(id)
  })

  it('end after seven days', () => {
    let time = 0
    const sessions = createSessions({ store: memoryStore(), adminToken: null, now: () => time })
    const { id, maxAgeS } = sessions.signIn(sessions.issueOneTimeToken())

    time = maxAgeS * 1000 + 1

    expect(sessions.identify({ sessionId: id, bearer: null })).toBeNull()
  })

  it('end at sign-out and tell who listens', () => {
    const sessions = createSessions({ store: memoryStore(), adminToken: null })
    const { id } = sessions.signIn(sessions.issueOneTimeToken())
    const told: string[] = []
    sessions.onEnd((key) => told.push(key))

    sessions.end(id)

    expect(sessions.identify({ sessionId: id, bearer: null })).toBeNull()
    expect(told).toEqual([sessions.keyOf(id)])
  })

  it('close the door for a growing time after many wrong tokens, also to the right one', () => {
    let time = 0
    const sessions = createSessions({ store: memoryStore(), adminToken: 'right-token', now: () => time })
    const guess = () => expect(() => sessions.signIn('guess'))
    for (let n = 0; n < 6; n += 1) guess().toThrow(expect.objectContaining({ id: 'session.bad-token' }))

    expect(() => sessions.signIn('right-token')).toThrow(expect.objectContaining({ id: 'session.too-many' }))

    time += 2000
    guess().toThrow(expect.objectContaining({ id: 'session.bad-token' }))
    time += 2000
    guess().toThrow(expect.objectContaining({ id: 'session.too-many', params: { seconds: 2 } }))
    time += 2000
    expect(sessions.signIn('right-token').role).toBe('admin')
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
