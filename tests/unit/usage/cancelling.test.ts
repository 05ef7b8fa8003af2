import { describe, expect, it } from 'vitest'
import type { OpenJob } from '../../../electron/ledger'
import { createJobCancelling } from '../../../electron/usage/cancelling'
import { createLeases } from '../../../electron/usage/leases'
import { until } from '../../support/until'

const job = (id: string, account: string): OpenJob => ({
  ...{ service: 'forge', id, account, key: null, machine: 'local', cards: 1, begunAt: 1 },
})

/** A service that remembers no jobs, and what is done to it. */
function service(open: OpenJob[]) {
  const state = { open, takenOff: [] as string[], signals: [] as AbortSignal[] }
  const cancelling = createJobCancelling({
    leases: createLeases(),
    jobs: { on: () => state.open, end: () => undefined },
    memoryOf: () => null,
    nameOf: ({ id }) => `task(${id})`,
    // It does not know the job: it has not arrived, or waits where that is not told.
    takeOff(_, name, signal) {
      state.takenOff.push(name)
      state.signals.push(signal)
      return Promise.resolve(true)
    },
    failed(error) {
      throw error
    },
  })
  const cancel = (id: string, account: string | null) =>
    cancelling.cancel({ service: 'forge', id, account, who: 'MAYA' })
  return { state, cancelling, cancel }
}

describe('a job that is cancelled while its service does not know it yet', () => {
  it('is looked for until it has ended, and no longer', async () => {
    const own = job('a', 'maya')
    const { state, cancelling, cancel } = service([own])
    expect(await cancel('a', 'maya')).toEqual({ account: 'maya', state: 'cancelling' })
    const asked = state.takenOff.length
    await until('it to be looked for again', () => state.takenOff.length > asked)
    // Asked for twice, it is looked for by one.
    expect(await cancel('a', 'maya')).toMatchObject({ state: 'cancelling' })
    expect(new Set(state.signals).size).toBe(1)
    expect(cancelling.standing(own)).toBe('asked')
    state.open = []
    expect(cancelling.ended(own)).toBe(true)
    expect(state.signals[0]?.aborted).toBe(true)
    await expect(cancel('a', 'maya')).rejects.toMatchObject({ id: 'job.not-found' })
    expect(cancelling.ended(own)).toBe(false)
    cancelling.close()
  })

  it('is nobody’s who is not its person, whatever he names it', async () => {
    const { state, cancelling, cancel } = service([job('a', 'maya')])
    for (const id of ['a', 'task(a)', '', 'A', 'a ', '__proto__'])
      await expect(cancel(id, 'noah'), id).rejects.toMatchObject({ id: 'job.not-found' })
    expect(state.takenOff).toEqual([])
    cancelling.close()
  })
})
