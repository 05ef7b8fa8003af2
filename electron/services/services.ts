import path from 'node:path'
import type {
  GpuReport,
  InvalidService,
  LogLine,
  PanelEvent,
  RuntimeKind,
  Service,
  ServiceChange,
  ServiceConfig,
  StartPlan,
} from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import type * as z from 'zod'
import type { ImageBackend } from '../kinds/backend'
import type { DataPaths } from '../storage/paths'
import { containerOfProcess } from '../docker/cgroup'
import { watchContainers } from './container'
import type { Compose } from '../compose/program/compose'
import type { Engine } from '../docker/engine'
import { createSight } from './sight'
import { createApplying } from './applying'
import type { LastGenerations } from './checks'
import { wholeText } from '../logs/cutting'
import type { Redactor } from '../vault/redactor'
import type { Foresight, ServiceControl } from '../credentials/control'
import { createGpuRoom, type GpuSource } from './gpu-room'
import type { Log as ServiceLog } from '../logs/log'
import { isAncestor } from '../system/process-tree'
import {
  addEntry,
  applyChange,
  checkConfig,
  readEntries,
  removeEntry,
  replaceEntry,
  type ServiceEntries,
} from './registry'
import { accepts } from './prober'
import { createProjects } from './projects'
import { createRuntime } from './runtimes'
import type { Runtime } from './runtimes/runtime'
import { addressOf } from './runtimes/simulator'
import { supervise, type Supervisor } from './supervisor'

export type ServiceEvent = Extract<PanelEvent, { type: 'service' | 'service-removed' }>

export interface ServicesOptions {
  /** The services' part of the configuration file. */
  config: ServiceEntries
  paths: Pick<DataPaths, 'services'>
  /** Absolute paths of the bundled programs. */
  programs: { simulator: string; guardian: string }
  /** Called again when a service's configuration changed. */
  backendFor: (service: ServiceConfig) => ImageBackend
  /** Replaces secrets in a line of output. */
  redact: (text: string) => string
  /** Learns what containers were given, while their logs are read; left out where there are none. */
  redactor?: Redactor
  publish: (event: ServiceEvent) => void
  /** What happens in the panel: a generation that has ended. */
  listen?: Listen<[PanelEvent]>
  /** Whether a page is open; without one, services are looked at rarely. */
  watched: () => boolean
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
  /** The Docker engine, for services in containers. */
  engine?: Engine
  /** Compose, for services that live in a project of it. */
  compose?: Compose
  /** The GPUs, for services that must share them. */
  gpus?: GpuSource
  /** The last generations of a service, by its id. */
  lastGenerations?: (id: string) => LastGenerations
  /** In place of a runtime's own patience. */
  timing?: Partial<Record<RuntimeKind, Partial<Pick<Runtime, 'startTimeoutMs' | 'stopGraceMs'>>>>
}

export type Services = ReturnType<typeof createServices>

/** How often it is asked which services are due for a look, in ms. */
const tickMs = 500

/** Same host and port, whatever the spelling of the loopback. */
function placeOf(url: string): string {
  const { host, port } = addressOf(url)
  return `${host === 'localhost' || host === '::1' ? '127.0.0.1' : host}:${port}`
}

/**
 * The services of the configuration file, each looked after by a supervisor of its own. Begins to look at them at
 * once, and takes over those that already run. Operations throw Problems.
 */
export function createServices(options: ServicesOptions) {
  const { config: entries, publish, reportBug } = options
  const nothing = () => undefined
  const { redact, redactor = { redact, learn: nothing, forget: nothing, places: wholeText } } = options
  const makeRuntime = (config: ServiceConfig, onChange: () => void): Runtime => ({
    ...createRuntime(config, onChange, { ...options, redactor, folder: options.paths.services }),
    ...options.timing?.[config.runtime],
  })
  const supervisors = new Map<string, Supervisor>()
  const isUp = ({ id }: ServiceConfig) => supervisors.get(id)?.isUp() === true
  const room =
    options.gpus &&
    createGpuRoom({
      gpus: options.gpus,
      file: path.join(options.paths.services, 'vram.json'),
      running: () => [...supervisors.values()].map((supervisor) => supervisor.config()).filter(isUp),
      reportBug,
    })
  const containers =
    options.engine &&
    watchContainers({
      engine: options.engine,
      redact: options.redact,
      reportBug,
      onFinding: (id) => void supervisors.get(id)?.look(),
    })

  const occupantOf = (own: ServiceConfig) => {
    for (const other of supervisors.values())
      if (other.id() !== own.id && other.isUp() && placeOf(other.config().url) === placeOf(own.url)) return other.id()
    return null
  }

  const add = (config: ServiceConfig): Supervisor => {
    const supervisor: Supervisor = supervise({
      config,
      makeRuntime,
      backendFor: options.backendFor,
      redact: options.redact,
      places: redactor.places,
      reportBug,
      onChange: (service) => {
        if (supervisors.get(service.id) === supervisor) publish({ type: 'service', service })
      },
      occupant: () => occupantOf(supervisor.config()),
      lastGenerations: options.lastGenerations,
      containers,
      room,
    })
    supervisors.set(config.id, supervisor)
    void supervisor.look()
    return supervisor
  }

  const of = (id: string): Supervisor => {
    const supervisor = supervisors.get(id)
    if (!supervisor) throw new Problem('service.not-found', { id })
    return supervisor
  }

  for (const config of readEntries(entries.read()).services) add(config)

  const ticking = setInterval(() => {
    const now = Date.now()
    const watched = options.watched()
    for (const supervisor of supervisors.values()) if (supervisor.isDue(now, watched)) void supervisor.look()
  }, tickMs)
  ticking.unref()

  /**
   * A generation has ended on a service: its model is loaded now, and its checks have news. One that failed may have
   * taken its service along, so that it is looked at at once.
   */
  const stopListening = options.listen?.((event) => {
    const { state, serviceId } = event.type === 'generation' ? event.generation : { state: null, serviceId: '' }
    const supervisor = supervisors.get(serviceId)
    if (!supervisor || (state !== 'succeeded' && state !== 'failed')) return
    room?.generated(supervisor.config())
    if (state === 'failed' || supervisor.runtime().containers) void supervisor.look()
  })

  const list = () => [...supervisors.values()].map((supervisor) => supervisor.service())

  /** Does the same to every service that Regie runs itself; one failure harms no other and is shown in its health. */
  const each = async (work: (supervisor: Supervisor) => Promise<unknown>): Promise<Service[]> => {
    const own = [...supervisors.values()].filter((s) => s.runtime().unmanaged() === null)
    for (const result of await Promise.allSettled(own.map(work)))
      if (result.status === 'rejected' && !(result.reason instanceof Problem)) reportBug(result.reason)
    return list()
  }

  const projects = createProjects({
    supervisors: () => [...supervisors.values()],
    of,
  })

  const control: ServiceControl & Foresight = {
    ...createApplying({
      engine: options.engine,
      compose: options.compose,
      configOf: (id) => of(id).config(),
      runtimeOf: (id) => of(id).runtime(),
      unmanageable: (id) => of(id).unmanageable(),
    }),
    usersOf: (credentialId) =>
      list()
        .filter((service) => service.credentialId === credentialId)
        .map(({ id, kind, runtime, url, health }) => ({
          id,
          kind,
          runtime,
          url,
          running: of(id).isUp() || !['absent', 'stopped', 'unhealthy'].includes(health.state),
        })),
    async restart(serviceId, signal) {
      await of(serviceId).restart(signal)
    },
    async recreate(serviceId, signal) {
      await of(serviceId).recreate(signal)
    },
    async standing(serviceId) {
      const supervisor = of(serviceId)
      const config = supervisor.config()
      const { unknown } = await supervisor.runtime().presence()
      await supervisor.look()
      if (unknown) return 'unknown'
      if (config.runtime !== 'external') return supervisor.isUp() ? 'running' : 'stopped'
      return (await accepts(config.url)) ? 'running' : 'stopped'
    },
    async refresh(serviceId) {
      await of(serviceId).look()
    },
  }

  return {
    list,
    /** Entries of the configuration file that cannot be used, with what is wrong with each. */
    invalid: (): InvalidService[] => readEntries(entries.read()).invalid,
    get: (id: string): Service => of(id).service(),
    /** The services that live in Compose projects, by what they are there. */
    composeServices: () =>
      [...supervisors.values()].flatMap((supervisor) => {
        const { id, compose } = supervisor.config()
        return compose ? [{ id, file: compose.file, service: compose.service, project: compose.project ?? null }] : []
      }),
    /** A service's configuration, for those that reach its backend. */
    config: (id: string): ServiceConfig => of(id).config(),

    create(input: unknown): Service {
      const config = checkConfig(input)
      if (supervisors.has(config.id)) throw new Problem('service.exists', { id: config.id })
      addEntry(entries, config)
      const service = add(config).service()
      publish({ type: 'service', service })
      return service
    },

    /** Changes a service; what concerns its start takes effect at the next one. */
    update(change: z.infer<typeof ServiceChange>): Service {
      const supervisor = of(change.id)
      const changed = applyChange(supervisor.config(), change)
      supervisor.assertConfigurable(changed)
      replaceEntry(entries, changed)
      supervisor.configure(changed)
      return supervisor.service()
    },

    /** Stops a service that Regie runs, and forgets it. Its files stay. */
    async remove(id: string): Promise<void> {
      const supervisor = of(id)
      await supervisor.close()
      supervisors.delete(id)
      removeEntry(entries, id)
      room?.forget(id)
      publish({ type: 'service-removed', id })
    },

    start: (id: string): Promise<Service> => of(id).start(),
    stop: (id: string): Promise<Service> => of(id).stop(),
    restart: (id: string): Promise<Service> => of(id).restart(),
    unpause: (id: string): Promise<Service> => of(id).unpause(),
    recreate: (id: string, { leaveOutFiles = false } = {}): Promise<Service> =>
      of(id).recreate(undefined, leaveOutFiles),
    pull: (id: string): Promise<Service> => of(id).pull(),
    rebuild: (id: string): Promise<Service> => of(id).rebuild(),
    ...projects,
    /** Cancels the operation that goes on; resolves when it has ended. */
    cancel: (id: string): Promise<Service> => of(id).cancel(),
    /** What a start would do now, and what it would find on its GPU. */
    async startPlan(id: string): Promise<StartPlan> {
      const supervisor = of(id)
      const config = supervisor.config()
      const isUp = supervisor.isUp()
      const bare: StartPlan = {
        action: isUp ? 'none' : 'start',
        reasons: [],
        gpu: null,
        tookLastTimeMiB: null,
        waitsFor: [],
      }
      const [plan, found] = await Promise.all([supervisor.runtime().containers?.plan(), room?.plan(config)])
      return { ...bare, ...plan, ...found }
    },
    startAll: () => each((supervisor) => supervisor.start()),
    stopAll: () => each((supervisor) => supervisor.stop()),

    /** Climbs the health ladder now. */
    async probe(id: string): Promise<Service> {
      const supervisor = of(id)
      await supervisor.lookThoroughly()
      return supervisor.service()
    },

    /** Unloads the service's models from VRAM. */
    freeMemory: (id: string): Promise<Service> => of(id).freeMemory(),

    /** The last lines of a service's log, oldest first. */
    logs: (id: string, tail: number): Promise<LogLine[]> => of(id).log.tail(tail),

    /** Follows a service's log, several lines at a time, until the signal aborts or the reader stops. */
    followLogs: (
      id: string,
      from: { tail: number; after?: number | undefined },
      signal: AbortSignal = new AbortController().signal,
    ): AsyncGenerator<LogLine[], void, undefined> => of(id).log.follow(from, signal),

    /** A service's log. */
    log: (id: string): ServiceLog => of(id).log,

    /** How many readers follow a service's log. */
    followers: (id: string): number => of(id).log.followers(),

    /** The service that a process belongs to: it is the service's own, or descends from it. */
    ownerOf(pid: number): string | null {
      const container = containerOfProcess(pid)
      for (const supervisor of supervisors.values()) {
        if (container !== null && supervisor.service().container?.id === container) return supervisor.id()
        const own = supervisor.pid()
        if (own !== null && isAncestor(own, pid)) return supervisor.id()
      }
      return null
    },

    /** Takes what the GPUs' monitor shows, and how much VRAM each service holds. */
    observeGpus: (report: GpuReport): void => room?.observe(report),

    control: (): ServiceControl & Foresight => control,

    /** Looks into the container behind a service, for the vault. */
    look: createSight({
      engine: options.engine,
      configOf: (id) => of(id).config(),
      runtimeOf: (id) => of(id).runtime(),
    }),

    /** Ends every service that Regie runs, and stops looking. */
    async close(): Promise<void> {
      clearInterval(ticking)
      stopListening?.()
      for (const result of await Promise.allSettled([...supervisors.values()].map((supervisor) => supervisor.close())))
        if (result.status === 'rejected') reportBug(result.reason)
      containers?.close()
      await room?.close()
    },
  }
}
