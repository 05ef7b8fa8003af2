import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { Sessions } from '../../../electron/http/sessions'
import { keepWaysIn } from '../../../electron/http/ways-in'
import { memoryStore, testAccess } from '../../support/access'
import { canMountSmallDisk, mountSmallDisk } from '../../support/full-disk'
import { handClock } from '../../support/hand-clock'

describe.runIf(canMountSmallDisk())('the link that signs in, on a full disk', () => {
  it('keeps nobody from signing in, is told, and is written when there is room again', () => {
    using disk = mountSmallDisk()
    if (!disk) throw new Error('the disk could be mounted a moment ago')
    const file = path.join(disk.path, 'signin.link')
    const clock = handClock(0)
    const told: unknown[] = []
    const onTrouble = (error: unknown) => told.push(error === null ? null : (error as NodeJS.ErrnoException).code) // fs throws no other
    const waysIn = keepWaysIn(file, { clock, onTrouble })
    const { access } = testAccess({ store: memoryStore(), config: memoryStore() })
    const store = memoryStore()
    const sessions = new Sessions({ store, adminToken: null, access, linkUsed: () => waysIn.renew() })
    disk.fill()
    waysIn.begin(() => sessions.issueOneTimeToken())
    expect(told).toEqual(['ENOSPC'])

    const first = sessions.issueOneTimeToken()
    expect(sessions.signIn(first).role).toBe('admin')
    waysIn.tell('123456')
    expect(told).toEqual(['ENOSPC', 'ENOSPC', 'ENOSPC'])

    clock.moveTo(60_000)
    expect(told).toHaveLength(4)
    disk.free()
    clock.moveTo(120_000)
    expect(told.at(-1)).toBeNull()
    const [link = '', code] = readFileSync(file, 'utf8').split('\n')
    expect(code).toContain('123456')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(sessions.signIn(link).role).toBe('admin')
  })
})
