import { describe, expect, it } from 'vitest'
import type { Key, User } from '../../../shared/contract'
import { endOf, endOfDay, endsSoon, keyRows, lastUse } from '../../../renderer/features/keys/rows'
import { reachableUrl } from '../../../renderer/features/keys/addresses'
import { accountIdOf, foundLines, personLines } from '../../../renderer/features/people/lines'

const day = 24 * 3_600_000
const now = Date.UTC(2026, 10, 27, 12)

const key = (of: Partial<Key> & { id: string }): Key => ({
  ...{ userId: 'jonas', name: of.id, services: null, panel: false, fingerprint: '0123456789ab' },
  ...{ createdAt: now - 30 * day, expiresAt: null, state: 'live', graceUntil: null, endedAt: null },
  ...{ replacedBy: null, lastUsed: null },
  limits: { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null },
  ...of,
})
const user = (id: string, of: Partial<User> = {}): User => ({
  ...{ id, name: id, role: 'user', suspended: false, hasPassword: true, createdAt: now, lastSeenAt: null },
  ...{ limits: { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null }, invitation: null },
  ...of,
})
const use = (at: number, from = '10.0.0.7') => ({ at, from, client: 'curl/8.5', serviceId: null })

describe('keys in a list', () => {
  it('stand newest first, an old one inside the row of the one that took its place, ended ones not at all', () => {
    const rows = keyRows([
      key({ id: 'phone' }),
      key({ id: 'new', createdAt: now }),
      key({ id: 'old', state: 'grace', replacedBy: 'new', graceUntil: now + day }),
      key({ id: 'gone', state: 'ended' }),
    ])
    expect(rows.map((row) => [row.key.id, row.old?.id ?? null])).toEqual([
      ['new', 'old'],
      ['phone', null],
    ])
  })

  it('show one whose successor ended, for it still opens', () => {
    const rows = keyRows([
      key({ id: 'old', state: 'grace', replacedBy: 'new', graceUntil: now + day }),
      key({ id: 'new', state: 'ended' }),
    ])
    expect(rows.map((row) => row.key.id)).toEqual(['old'])
  })

  it('end at what comes first, and are told of within seven days', () => {
    expect(endOf(key({ id: 'a', expiresAt: now + 9 * day, graceUntil: now + day }))).toBe(now + day)
    expect(endOf(key({ id: 'a' }))).toBeNull()
    expect(endsSoon(key({ id: 'a', expiresAt: now + 8 * day }), now)).toBe(false)
    expect(endsSoon(key({ id: 'a', expiresAt: now + 6 * day }), now)).toBe(true)
  })

  it('were last used when the newest of them was', () => {
    expect(
      lastUse([key({ id: 'a' }), key({ id: 'b', lastUsed: use(5) }), key({ id: 'c', lastUsed: use(9) })])?.at,
    ).toBe(9)
    expect(lastUse([])).toBeNull()
  })

  it('are valid to the end of a local day', () => {
    const end = endOfDay('2026-12-31')
    expect(end === null ? null : new Date(end).getDate()).toBe(31)
    expect(new Date((end ?? 0) + 1).getDate()).toBe(1)
    expect(endOfDay('')).toBeNull()
  })
})

describe('people in a list', () => {
  const lines = personLines(
    [
      user('theo', { hasPassword: false, invitation: { expiresAt: now + day } }),
      user('maya', { role: 'admin', name: 'Maya' }),
      user('jonas', { name: 'Jonas' }),
    ],
    [key({ id: 'blender-addon', lastUsed: use(5, '10.0.0.12') }), key({ id: 'ended', state: 'ended' })],
  )

  it('stand by name, whoever has not come yet last, each with what their keys tell', () => {
    expect(lines.map(({ user: { id }, keys }) => [id, keys])).toEqual([
      ['jonas', 1],
      ['maya', 0],
      ['theo', 0],
    ])
  })

  it('are found by name, by the names of their keys and by addresses', () => {
    const found = (query: string) => foundLines(lines, 'all', query).map(({ user: { id } }) => id)
    expect(found('jon')).toEqual(['jonas'])
    expect(found('blender')).toEqual(['jonas'])
    expect(found('10.0.0.12')).toEqual(['jonas'])
  })

  it('are filtered by role, the awaited as such alone', () => {
    const of = (filter: 'admin' | 'user' | 'invited') => foundLines(lines, filter, '').map(({ user: { id } }) => id)
    expect([of('admin'), of('user'), of('invited')]).toEqual([['maya'], ['jonas'], ['theo']])
  })

  it('get an id from their name that nobody has', () => {
    expect(accountIdOf('Élodie Dupré', [])).toBe('elodie-dupre')
    expect(accountIdOf('Maya', ['maya', 'maya-2'])).toBe('maya-3')
    expect(accountIdOf('李', [])).toBe('person')
  })
})

describe('where a listener is reached', () => {
  const here = { protocol: 'http:', hostname: 'studio.lan' }
  it('is the name that the page was opened with, where it listens on every address', () => {
    expect(reachableUrl('http://0.0.0.0:9188/', here)).toBe('http://studio.lan:9188')
    expect(reachableUrl('https://[::]:9188', here)).toBe('https://studio.lan:9188')
    expect(reachableUrl('http://0.0.0.0:9188', { protocol: 'regie:', hostname: 'panel' })).toBe('http://127.0.0.1:9188')
  })
  it('is its own address else', () => {
    expect(reachableUrl('http://127.0.0.1:9188', here)).toBe('http://127.0.0.1:9188')
  })
})
