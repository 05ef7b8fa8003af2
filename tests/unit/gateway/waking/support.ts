import type { Admitted, Asked, Route } from '../../../../electron/gateway/stages'
import type { Service } from '../../../../shared/contract'
import { neverSleeps } from '../../../../shared/service-idle'

/** A stopped service that requests may wake. */
export const sleepyService = (change: Partial<Service> = {}): Service => ({
  ...{ id: 'studio', kind: 'comfyui', runtime: 'process', url: 'http://127.0.0.1:8188', credentialId: 'studio' },
  ...{ tags: [], idle: { ...neverSleeps, wake: true }, muted: false, operation: null, adopted: false, pid: null },
  ...{ model: null, queue: null, progress: null, container: null, pending: null },
  health: { state: 'stopped', since: 0, checkedAt: 0, rungs: [], checks: [] },
  ...change,
})

/** A question of a program, of Jonas, who is no administrator. */
export const asking = (asked: Partial<Asked> = {}, route: Route = { rule: 'own' }, account = 'jonas'): Admitted => ({
  asked: {
    ...{
      serviceId: 'studio',
      kind: 'comfyui',
      machine: 'local',
      method: 'GET',
      path: '/',
      query: new URLSearchParams(),
    },
    ...{ headers: {}, from: '10.0.0.7', isUpgrade: false, wantsPage: false, signal: new AbortController().signal },
    ...{ origin: 'http://127.0.0.1:9188', readBody: () => Promise.resolve(Buffer.alloc(0)) },
    holdBody: () => Promise.resolve(Buffer.alloc(0)),
    ...asked,
  },
  guest: {
    ...{ account, name: 'Jonas', role: 'user', keyId: 'key', services: null },
    limits: { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null },
  },
  route,
})
