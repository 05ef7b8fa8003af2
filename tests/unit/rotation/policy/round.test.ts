import { expect, it } from 'vitest'
import { createSerial } from '../../../../electron/async/serial'
import type { CredentialsContext } from '../../../../electron/credentials/context'
import { createRounds } from '../../../../electron/rotation/policy/round'
import type { PanelEvent, ServiceLoad } from '../../../../shared/contract'
import { handClock } from '../../../support/hand-clock'

const load = (state: ServiceLoad['state']): ServiceLoad => ({ serviceId: 's', state, own: 0, running: 1, waiting: 0 })

it('sees a service that becomes idle between the look at it and the wait, without waiting for the next look', async () => {
  let rotated = 0
  let looks = 0
  let tellEnd = () => {}
  const ended = new Promise<void>((resolve) => (tellEnd = resolve))
  // What a round asks of the vault, and no more.
  const context = {
    usersOf: () => [{ id: 's' }],
    book: () => ({ find: () => ({ id: 'c' }) }),
    audit: { append: () => Promise.resolve() },
    publish: (event: PanelEvent) => {
      if (event.type === 'rotation-round' && event.round.state === 'ended') tellEnd()
    },
  } as unknown as CredentialsContext
  const rounds = createRounds({
    context,
    rotations: {
      rotate: () => Promise.reject(new Error(`rotated ${(rotated += 1)}`)),
      last: () => null,
    },
    loadOf: () => {
      looks += 1
      if (looks > 1) return Promise.resolve(load('idle'))
      // Its work ends while its answer is on the way: whoever asked is told of a busy service.
      rounds.wake()
      return Promise.resolve(load('busy'))
    },
    guard: { over: (control) => control, during: (_services, work) => work() },
    clock: handClock(0),
    inTurn: createSerial(),
    reportError: () => undefined,
  })
  await rounds.start({ ids: ['c'], whenIdle: true, who: 'owner' })
  await ended
  expect([looks, rotated]).toEqual([2, 1])
  await rounds.close()
})
