import type { ServiceConfig, ServiceIdle } from './contract'

/** How a service is kept where nothing is said of it: it neither wakes nor sleeps by itself. */
export const neverSleeps: ServiceIdle = { wake: false, unloadAfterMin: null, stopAfterMin: null, schedule: null }

/** How a service is kept, with what its configuration leaves out. */
export const idleOf = ({ idle = {} }: Pick<ServiceConfig, 'idle'>): ServiceIdle => ({
  wake: idle.wake ?? neverSleeps.wake,
  unloadAfterMin: idle.unloadAfterMin ?? neverSleeps.unloadAfterMin,
  stopAfterMin: idle.stopAfterMin ?? neverSleeps.stopAfterMin,
  schedule: idle.schedule ?? neverSleeps.schedule,
})
