import type { Machine, MachineGpus } from '../../shared/contract'
import { createFleet, type FleetNeeds } from '../../electron/fleet'
import { asItIs } from '../../electron/logs/cutting'
import { Problem } from '../../shared/problems'
import type { FleetEngine } from './docker/fleet-engines'

/** A machine as Regie sees it, over an engine of the fleet. */
export function machineOver({ name, host, gpus }: FleetEngine, change: Partial<Machine> = {}): Machine {
  const cards = gpus.map((uuid, index) => ({
    ...{ index, uuid, name: 'NVIDIA RTX A5000', driverVersion: '575.64', utilizationPct: null },
    ...{ memoryUsedMiB: null, memoryTotalMiB: 24_576, temperatureC: null, powerW: null, powerLimitW: null },
  }))
  const known: MachineGpus = { state: 'known', at: 1, cards }
  return {
    ...{ id: name, name, isLocal: false, address: null, state: 'connected', since: 0, seenAt: 1, nextTryAt: null },
    engine: {
      ...{ version: '20.10.24', apiVersion: '1.41', kind: 'native', operatingSystem: 'Debian 12' },
      ...{ nvidiaRuntime: false, cgroupDriver: 'cgroupfs', memoryBytes: 1 },
    },
    ...{ endpoint: host, gpus: known, containers: null, projects: [] },
    ...change,
  }
}

/** Regie's fleet over engines of a test: `seen` are its machines, which the test may change, and its audit log. */
export function fleetOver(engines: readonly FleetEngine[], more: Partial<FleetNeeds> = {}) {
  const seen = { machines: engines.map((engine) => machineOver(engine)), audit: [] as string[] }
  const fleet = createFleet({
    machines: {
      list: () => seen.machines,
      client: (id) => {
        const engine = engines.find(({ name }) => name === id)
        return engine ? Promise.resolve(engine.client) : Promise.reject(new Problem('machine.unknown', { id }))
      },
    },
    redact: asItIs,
    ownAddresses: () => [],
    templates: '/nonexistent',
    reportBug(error) {
      throw error
    },
    lendFiles: () => Promise.reject(new Error('no secret is lent here')),
    auditFirst(entry) {
      seen.audit.push(JSON.stringify(entry))
      return Promise.resolve()
    },
    ...more,
  })
  return { fleet, seen }
}

/** The id of the Problem that something is refused with; `done` where it is not. */
export const refusal = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.id : Promise.reject(error as Error)), // whatever else it is, the test tells
  )
