import { describe, expect, it } from 'vitest'
import { accountIn, nameOf } from '../../../electron/audit/who'

describe('who did something, as the log names it', () => {
  it.each([
    [{ account: 'admin', door: 'desktop', from: null }, 'owner', 'admin'],
    [{ account: 'admin', door: 'http', from: '10.0.0.7' }, 'admin (http 10.0.0.7)', 'admin'],
    [{ account: 'user', door: 'http', from: '::1' }, 'user (http ::1)', 'user'],
    [{ account: 'user', door: 'http', from: null }, 'user (http)', 'user'],
    [{ account: null, door: 'http', from: '10.0.0.7' }, 'stranger (http 10.0.0.7)', null],
    [
      { account: 'user', door: 'http', from: '::1', shownKey: { id: '4f1c', name: 'admin (http ::1)' } },
      'user (http ::1) with key 4f1c admin (http ::1)',
      'user',
    ],
  ] as const)('%o is %s, which belongs to %s', (asking, name, account) => {
    expect([nameOf(asking), accountIn(name)]).toEqual([name, account])
  })

  it.each(['regie', 'rotation', '', 'admin', 'an admin (http ::1)', 'admin (ftp ::1)'])('“%s” is nobody', (who) => {
    expect(accountIn(who)).toBeNull()
  })
})
