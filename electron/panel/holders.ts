import type { Gpu, GpuHolder, GpuReport } from '../../shared/contract'
import type { Engine } from '../docker/engine'
import { containerOfProcess } from '../docker/cgroup'
import { askCounters, figuresOf, findPowerShell, holdersOf, type HostCounters } from '../gpu'
import type { Services } from '../services'
import type { Machine } from '../system/machine'

/** How often services are asked what they hold, and Windows what its programs do, while somebody looks, in ms. */
const servicesEveryMs = 10_000
const windowsEveryMs = 30_000

interface Needs {
  machine: Machine
  services: () => Services
  engine: Pick<Engine, 'containers'>
  /** How many look at the cards now. */
  readers: () => number
  reportBug: (error: unknown) => void
  closing: AbortSignal
}

/** Does something at most every so many ms, and never twice at once. */
function nowAndThen(everyMs: number, work: () => Promise<void>, reportBug: (error: unknown) => void) {
  let last = -Infinity
  let isGoing = false
  return () => {
    if (isGoing || performance.now() - last < everyMs) return
    isGoing = true
    void work()
      .catch(reportBug)
      .finally(() => {
        isGoing = false
        last = performance.now()
      })
  }
}

/** Who holds the memory of the cards: put together from processes, containers, the services' words and Windows' counters. */
export function createHolding({ machine, services, engine, readers, reportBug, closing }: Needs) {
  const powerShell = findPowerShell(machine)
  let counters: HostCounters | null = null
  const askServices = nowAndThen(servicesEveryMs, () => services().figures.refresh(), reportBug)
  const askWindows = nowAndThen(
    windowsEveryMs,
    async () => {
      if (powerShell !== null) counters = await askCounters(powerShell, closing)
    },
    reportBug,
  )
  const nameOf = (pid: number): string | null => {
    const id = containerOfProcess(pid)
    return id === null ? null : (engine.containers().find((one) => one.id === id)?.name ?? id.slice(0, 12))
  }

  return {
    /** Takes a report as it comes, and asks those who are due. */
    observe({ state }: GpuReport) {
      if (state !== 'live' || readers() === 0) return
      askServices()
      if (powerShell !== null) askWindows()
    },
    holders(gpus: readonly Gpu[]): ReadonlyMap<string, GpuHolder[]> {
      const facts = {
        services: services().figures.on({ gpus: [...gpus] }),
        counters: counters === null ? null : figuresOf(counters, gpus),
        serviceOf: (pid: number) => services().ownerOf(pid),
        containerOf: nameOf,
      }
      return new Map(gpus.map((gpu) => [gpu.uuid, holdersOf(gpu, facts)]))
    },
  }
}
