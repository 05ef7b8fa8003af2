import path from 'node:path'
import type { ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { wholeText } from '../logs/cutting'
import { watchContainers } from './container'
import { GpuRoom } from './gpu-room'
import { createLooks } from './look-when-due'
import type { ServicesOptions } from './options'
import type { ReachKept } from './reach-history'
import { createRuntime } from './runtimes'
import type { Runtime } from './runtimes/runtime'
import { addressOf } from './runtimes/simulator'
import { supervise, type Supervisor } from './supervisor'

/** Same host and port, whatever the spelling of the loopback. */
function placeOf(url: string): string {
  const { host, port } = addressOf(url)
  return `${host === 'localhost' || host === '::1' ? '127.0.0.1' : host}:${port}`
}

/** Another of those that run, at the same address. */
const occupantOf = ({ id, url }: ServiceConfig, running: readonly ServiceConfig[]): string | null =>
  running.find((other) => other.id !== id && placeOf(other.url) === placeOf(url))?.id ?? null

/** How the runtime of any service is made. */
function runtimeMaker(options: ServicesOptions) {
  const nothing = () => undefined
  const { redact, redactor = { redact, learn: nothing, forget: nothing, places: wholeText } } = options
  return (config: ServiceConfig, onChange: () => void): Runtime => ({
    ...createRuntime(config, onChange, { ...options, redactor, folder: options.paths.services }),
    ...options.timing?.[config.runtime],
  })
}

/** One that cannot be closed keeps none of the others from it. */
async function closeEach(supervisors: readonly Supervisor[], reportBug: ServicesOptions['reportBug']): Promise<void> {
  for (const result of await Promise.allSettled(supervisors.map((supervisor) => supervisor.close())))
    if (result.status === 'rejected') reportBug(result.reason)
}

/** Throws `service.not-found` for an id that is none. */
function known(byId: ReadonlyMap<string, Supervisor>, id: string): Supervisor {
  const supervisor = byId.get(id)
  if (!supervisor) throw new Problem('service.not-found', { id })
  return supervisor
}

/** The supervisors of all services, what these share, and the clock by which they look. */
export function createSupervisors(options: ServicesOptions) {
  const { publish, reportBug, redact, engine, gpus } = options
  const byId = new Map<string, Supervisor>()
  const makeRuntime = runtimeMaker(options)
  const all = () => [...byId.values()]
  const running = () =>
    all()
      .filter((supervisor) => supervisor.isUp())
      .map((supervisor) => supervisor.config())
  const room = gpus && new GpuRoom({ gpus, file: path.join(options.paths.services, 'vram.json'), running, reportBug })
  const containers =
    engine &&
    watchContainers({ engine, redact, reportBug, onFinding: (id) => void byId.get(id)?.look().then(looks.soon) })

  const looks = createLooks(all, options)

  return {
    all,
    find: (id: string): Supervisor | undefined => byId.get(id),
    /** Throws `service.not-found` for an id that is none. */
    of: (id: string): Supervisor => known(byId, id),
    room,
    add: (config: ServiceConfig): Supervisor => {
      const supervisor: Supervisor = supervise({
        ...{ config, makeRuntime, containers, room, redact, reportBug },
        backendFor: options.backendFor,
        places: options.redactor?.places ?? wholeText,
        onChange: (service) => {
          if (byId.get(service.id) === supervisor) publish({ type: 'service', service })
          looks.soon()
        },
        occupant: () => occupantOf(supervisor.config(), running()),
        lastGenerations: options.lastGenerations,
        proved: options.proved,
        settle: options.settle,
        reach: options.reach && reachOf(options.reach, config.id),
      })
      byId.set(config.id, supervisor)
      void supervisor.look().then(looks.soon)
      return supervisor
    },
    /** Ends what Regie runs of it, and forgets it. */
    drop: async (id: string, supervisor: Supervisor): Promise<void> => {
      await supervisor.close()
      byId.delete(id)
      room?.forget(id)
      options.reach?.forget(id)
    },
    /** Ends every service that Regie runs, and stops looking. */
    async close(): Promise<void> {
      looks.close()
      await closeEach(all(), reportBug)
      containers?.close()
      await room?.close()
    },
  }
}

export type Supervisors = ReturnType<typeof createSupervisors>

/** What is kept of one service's reach. */
const reachOf = (kept: NonNullable<ServicesOptions['reach']>, id: string): ReachKept => ({
  before: kept.of(id),
  keep: (reach) => kept.note(id, reach),
})
