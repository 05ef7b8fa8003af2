import type { GpuReport } from '../../shared/contract'
import { createCards, createNumbers, type Cards, type CardsPorts, type Measured } from '../cards'
import type { Draining } from '../gateway/waking/draining'
import type { Generations } from '../generation'
import { createLoads } from '../services/load'
import { gpuOf } from '../services/start-order'
import type { Usage } from '../usage'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { BuiltServices } from './services'

/** How long a service may take to say whether it has work, in ms: others wait for that. */
const askMs = 2_000

/** A card as it was just measured, and what each service holds on it. */
function measuredOf({ state, gpus }: GpuReport, uuid: string): Measured | null {
  const gpu = state === 'live' ? gpus.find((one) => one.uuid === uuid) : undefined
  if (!gpu) return null
  const { memoryTotalMiB: totalMiB, memoryFreeMiB: freeMiB, memoryUsedMiB: usedMiB, processes } = gpu
  const held = new Map<string, number>()
  for (const { serviceId, memoryMiB } of processes)
    if (serviceId !== null && memoryMiB !== null) held.set(serviceId, (held.get(serviceId) ?? 0) + memoryMiB)
  const ours = [...held.values()].reduce((sum, one) => sum + one, 0)
  // Where no process of a service is seen it is not known either what the others hold.
  return { totalMiB, freeMiB, usedMiB, held, othersMiB: held.size === 0 || usedMiB === null ? null : usedMiB - ours }
}

/** Whether a service has work, as it says itself; one that cannot be reached may still hold its card. */
function standingOf(
  { services }: Pick<BuiltServices, 'services'>,
  isHeld: (id: string) => boolean,
): CardsPorts['standing'] {
  const loadOf = createLoads({
    service: (id) => services.get(id),
    backendOf: services.backend,
    own: () => 0,
    timeoutMs: askMs,
  })
  return async (id) => {
    // It is left alone, however idle it is: it is about to be restarted, and asked whether it takes its new secret.
    if (isHeld(id)) return { work: 'some', isUp: 'up' }
    const { state } = await loadOf(id)
    switch (state) {
      case 'busy':
        return { work: 'some', isUp: 'up' }
      case 'idle':
        return { work: 'none', isUp: 'up' }
      case 'unknown':
        return { work: 'unknown', isUp: 'unknown' }
      case 'stopped':
        return services.get(id).health.state === 'unreachable'
          ? { work: 'unknown', isUp: 'unknown' }
          : { work: 'none', isUp: 'down' }
    }
  }
}

/** The lines of the services, on the cards that the machine has. */
export function buildCards(
  { publish, listen, reportBug, closing }: Base,
  { gpus, timeline }: Pick<WatchedMachine, 'gpus' | 'timeline'>,
  { services, draining }: Pick<BuiltServices, 'services'> & { draining: Pick<Draining, 'of'> },
): Cards {
  const isHeld = (id: string) => draining.of(id) !== 'no'
  let hasLooked = false
  /** Which cards there are is not known before the first look; it goes on by itself. */
  const seen = () => {
    const { state, gpus: all } = gpus.last()
    if (state === 'starting' && !hasLooked) {
      hasLooked = true
      void gpus.report().catch(reportBug)
    }
    return all
  }
  const cards = createCards({
    services: () =>
      services.configs().map((config) => ({
        id: config.id,
        card: gpuOf(config, seen()),
        limitMiB: config.vramLimitMiB ?? null,
        // Whoever lets it be stopped while nobody works with it, and started by whoever asks for it.
        mayStop: config.idle?.wake === true && typeof config.idle.stopAfterMin === 'number',
      })),
    isHeld,
    standing: standingOf({ services }, isHeld),
    took: (id) => services.tookMost(id),
    unload: async (id) => void (await services.freeMemory(id)),
    async stop(id) {
      await timeline.during({ serviceId: id, operation: 'stop', name: 'card' }, () => services.stop(id))
    },
    async measure(card) {
      const report = await gpus.measure()
      services.observeGpus(report)
      return measuredOf(report, card)
    },
    changed: (uuid) => publish({ type: 'card', uuid }),
    reportBug,
  })
  const stop = listen((event) => {
    if (event.type === 'service') cards.notice(event.service.id)
  })
  closing.add(() => {
    stop()
    cards.close()
  })
  return cards
}

/** The places in the lines that services keep themselves, for the gateway's jobs and the Studio's. */
export function buildNumbers({ generations, usage }: { generations: Generations; usage: Pick<Usage, 'on' | 'isOn'> }) {
  /** The Studio's among the jobs that have a number: of all others the database need not be asked. */
  const ofStudio = new Set<string>()
  const isStudioOpen = (id: string) => {
    if (!ofStudio.has(id)) return false
    if (generations.accountOf(id) !== null) {
      const { state } = generations.get(id)
      if (state === 'queued' || state === 'running') return true
    }
    ofStudio.delete(id)
    return false
  }
  const numbers = createNumbers({
    isOpen: (serviceId, id) => usage.isOn(serviceId, id) || isStudioOpen(id),
  })
  return {
    /** The place that a job was given; null: none. */
    placeOf: numbers.of,
    /** The place of a person's next job. */
    of: (serviceId: string, account: string, jobId: string) => numbers.give(serviceId, account, jobId),
    /** The same of a job of the Studio's; null where nobody else has any there: the service counts for itself. */
    ofStudio(serviceId: string, jobId: string): number | null {
      const account = generations.accountOf(jobId)
      if (account === null || usage.on(serviceId).length === 0) return null
      ofStudio.add(jobId)
      return numbers.give(serviceId, account, jobId)
    },
  }
}

export type Numbers = ReturnType<typeof buildNumbers>
