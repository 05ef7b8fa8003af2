import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOwner } from '../../../electron/access'
import { memoryStore, testAccess } from '../../support/access'

const problem = (id: string) => expect.objectContaining({ id }) as unknown
const minutes = (n: number) => n * 60_000

/** `answer` is what the person says in the dialog of the shell; `asked` counts these. */
function ownerWith(store = memoryStore(), config = memoryStore(), answer = true) {
  const test = testAccess({ store, config, tickMs: 10 })
  const dialog = { asked: 0 }
  const confirm = () => {
    dialog.asked += 1
    return Promise.resolve(answer)
  }
  return { ...test, dialog, owner: createOwner({ access: test.access, store, confirm }) }
}

describe('the owner at the desktop', () => {
  it('is administrator without being asked, as long as there is no admin password', () => {
    const { owner } = ownerWith()

    expect(owner.role()).toBe('admin')
    expect(owner.isOnDemand()).toBe(false)
    expect(() => owner.presence.lock()).toThrow(problem('access.no-password'))
  })

  it('lets no secret out, and changes nothing of what is run, until the shell’s dialog is confirmed: for 5 minutes', async () => {
    const { owner, dialog, pass } = ownerWith()
    expect(owner.presence.isProven()).toBe(false)

    await owner.presence.prove({ confirm: true })

    expect([owner.presence.isProven(), dialog.asked]).toEqual([true, 1])
    pass(minutes(5) - 1)
    expect(owner.presence.isProven()).toBe(true)
    pass(1)
    expect(owner.presence.isProven()).toBe(false)
  })

  it('has shown nothing where the dialog is declined, or where there is none', async () => {
    const declined = ownerWith(memoryStore(), memoryStore(), false)
    await expect(declined.owner.presence.prove({ confirm: true })).rejects.toEqual(problem('session.not-confirmed'))
    const { access, store } = testAccess()
    const nowhere = createOwner({ access, store, confirm: null })
    await expect(nowhere.presence.prove({ confirm: true })).rejects.toEqual(problem('session.not-confirmed'))

    expect([declined.owner.presence.isProven(), nowhere.presence.isProven()]).toEqual([false, false])
  })

  it('with an admin password is known by it alone: a dialog is not opened, and one from before counts no more', async () => {
    const { owner, dialog, setPassword } = ownerWith()
    await owner.presence.prove({ confirm: true })
    await setPassword('admin', 'the right one')

    expect([owner.presence.isProven(), owner.role(), owner.adminUntil()]).toEqual([false, 'user', null])
    await expect(owner.presence.prove({ confirm: true })).rejects.toEqual(problem('session.not-confirmed'))
    expect([owner.presence.isProven(), owner.role(), dialog.asked]).toEqual([false, 'user', 1])
  })

  it('is administrator for 15 minutes after the password, and may let a secret out for 5', async () => {
    const { owner, setPassword, pass } = ownerWith()
    await setPassword('admin', 'the right one')
    expect(owner.role()).toBe('user')
    expect(owner.presence.isProven()).toBe(false)

    await owner.presence.prove({ password: 'the right one' })
    expect([owner.role(), owner.presence.isProven()]).toEqual(['admin', true])

    pass(minutes(5))
    expect([owner.role(), owner.presence.isProven()]).toEqual(['admin', false])
    pass(minutes(10))
    expect([owner.role(), owner.isOnDemand(), owner.adminUntil()]).toEqual(['user', true, null])
  })

  it('is not given more time by a clock that was set back', async () => {
    const { owner, setPassword, clock } = ownerWith()
    await setPassword('admin', 'the right one')
    await owner.presence.prove({ password: 'the right one' })

    clock.wall -= minutes(60)
    clock.steady += minutes(15)

    expect(owner.role()).toBe('user')
  })

  it('is not let in by a wrong password or any token', async () => {
    const { owner, setPassword } = ownerWith()
    await setPassword('admin', 'the right one')

    await expect(owner.presence.prove({ password: 'a wrong one' })).rejects.toEqual(problem('session.bad-password'))
    await expect(owner.presence.prove({ token: 'a token' })).rejects.toEqual(problem('session.bad-token'))
    expect(owner.role()).toBe('user')
  })

  it('locks the desktop, and a restart does not open it', async () => {
    const store = memoryStore()
    const config = memoryStore()
    const { owner, setPassword } = ownerWith(store, config)
    await setPassword('admin', 'the right one')
    await owner.presence.prove({ password: 'the right one' })

    owner.presence.lock()

    expect([owner.presence.isLocked(), owner.role(), owner.presence.isProven()]).toEqual([true, 'user', false])
    const again = ownerWith(store, config).owner
    expect(again.presence.isLocked()).toBe(true)
    await expect(again.presence.unlock('a wrong one')).rejects.toEqual(problem('session.bad-password'))
    await again.presence.unlock('the right one')
    expect([again.presence.isLocked(), again.role()]).toEqual([false, 'admin'])
  })
})

describe('a desktop that nobody touches', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
  afterEach(() => void vi.useRealTimers())

  it('locks by itself and tells, unless somebody is there', async () => {
    const { access, owner, setPassword, pass } = ownerWith()
    await setPassword('admin', 'the right one')
    await access.setAutoLock(5, 'owner')
    let told = 0
    access.onShrink(() => (told += 1))

    pass(minutes(4))
    owner.presence.touch()
    pass(minutes(4))
    vi.advanceTimersByTime(20)
    expect([owner.presence.isLocked(), told]).toEqual([false, 0])
    pass(minutes(1))
    vi.advanceTimersByTime(20)

    expect([owner.presence.isLocked(), told]).toEqual([true, 1])
    owner.presence.touch()
    expect(owner.presence.isLocked()).toBe(true)
    access.close()
  })

  it('stays open where auto-lock is off', async () => {
    const { owner, setPassword, pass } = ownerWith()
    await setPassword('admin', 'the right one')

    pass(minutes(24 * 60))

    expect(owner.presence.isLocked()).toBe(false)
  })
})
