import { expect, it } from 'vitest'
import { createBypassWatch } from '../../../electron/gateway/bypass'
import { handClock } from '../../support/hand-clock'

/** Lets what waits for nothing but promises go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

function watch() {
  const clock = handClock(0)
  const state = { known: ['a'], running: 1 as number | null, during: () => {} }
  const bypass = createBypassWatch({
    watched: () => ['qwen'],
    loadOf() {
      const { running } = state
      state.during()
      return Promise.resolve({ running, waiting: 0 })
    },
    known: () => state.known,
    clock,
    reportBug: (error) => {
      throw error
    },
  })
  bypass.begin()
  return {
    state,
    told: () => bypass.notices().map(({ params }) => params),
    pass: async (ms: number) => {
      clock.moveTo(clock.now() + ms)
      await settle()
    },
  }
}

it('tells of jobs that nobody asked for through the gateway, when they are seen twice, and for an hour', async () => {
  const { state, told, pass } = watch()
  state.running = 3
  await pass(60_000)
  expect(told()).toEqual([])
  await pass(5_000)
  expect(told()).toEqual([{ services: 'qwen', jobs: 2 }])
  state.running = 1
  await pass(61 * 60_000)
  expect(told()).toEqual([])
})

it('takes no job for a stranger that begins or ends while it looks, nor what the service does not tell', async () => {
  const { state, told, pass } = watch()
  state.running = 2
  state.known = ['a', 'b']
  state.during = () => void (state.known = ['b'])
  await pass(60_000)
  await pass(5_000)
  state.known = ['b']
  state.during = () => void (state.known = ['b', 'c'])
  await pass(60_000)
  await pass(5_000)
  state.running = null
  state.known = []
  await pass(60_000)
  await pass(5_000)
  expect(told()).toEqual([])
})
