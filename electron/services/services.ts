import type {
  Fit,
  FreedMemory,
  GoldenRan,
  GpuReport,
  InvalidService,
  LogLine,
  PanelEvent,
  Service,
  ServiceChange,
  ServiceConfig,
  ServiceReach,
  StartPlan,
} from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { createSerial } from '../async/serial'
import type * as z from 'zod'
import type { Foresight, ServiceControl } from '../credentials/control'
import { containerOfProcess } from '../docker/cgroup'
import type { ImageBackend } from '../kinds/backend'
import type { Log as ServiceLog } from '../logs/log'
import { isAncestor } from '../system/process-tree'
import { createControl } from './control'
import { createFigures } from './figures'
import { fitOf } from './fit'
import { freeMeasured } from './freeing'
import { gpuCountOf } from './gpu-count'
import type { ServicesOptions } from './options'
import { createProjects } from './projects'
import { assertPortsFree } from './ports'
import { addEntry, applyChange, checkConfig, readEntries, removeEntry, replaceEntries } from './registry'
import { createSight } from './sight'
import { gpuOf } from './start-order'
import type { Supervisor } from './supervisor'
import { createSupervisors, type Supervisors } from './supervisors'

export type Services = ReturnType<typeof createServices>

/** What a claimant can do with a service that nobody else may touch meanwhile. */
export interface ServiceClaim {
  start: () => Promise<Service>
  stop: () => Promise<Service>
  /** Aborting the signal stops waiting; the service then is as it is. */
  recreate: (signal?: AbortSignal) => Promise<Service>
  release: () => void
}

type Change = z.infer<typeof ServiceChange>

/** What says nothing of how a service runs. */
type Arrangement = Pick<Change, 'id' | 'revision' | 'name' | 'tags' | 'order' | 'muted'>

/** The services as they stand in the configuration file: each change is written there. */
function createRegistering({ find, of, add, drop }: Supervisors, { config: entries, publish }: ServicesOptions) {
  /** Checks all changes, writes them at once, and hands them to their supervisors. */
  const take = (changes: readonly Change[]): Supervisor[] => {
    const taken = changes.map((change) => {
      const supervisor = of(change.id)
      const changed = applyChange(supervisor.config(), change)
      supervisor.assertConfigurable(changed)
      return { supervisor, changed }
    })
    replaceEntries(
      entries,
      taken.map(({ changed }) => changed),
    )
    for (const { supervisor, changed } of taken) supervisor.configure(changed)
    return taken.map(({ supervisor }) => supervisor)
  }
  const create = (input: unknown): Service => {
    const config = checkConfig(input)
    if (find(config.id)) throw new Problem('service.exists', { id: config.id })
    addEntry(entries, config)
    const service = add(config).service()
    publish({ type: 'service', service })
    return service
  }
  const update = (change: Change): Service => {
    take([change])
    return of(change.id).service()
  }
  return {
    /** Entries of the configuration file that cannot be used, with what is wrong with each. */
    invalid: (): InvalidService[] => readEntries(entries.read()).invalid,
    /** How many cards a service works on, of so many of the machine's; null where nobody knows. */
    gpuCount(id: string, onMachine: number | null): number | null {
      const container = of(id).runtime().containers?.facts() ?? null
      return gpuCountOf({ config: of(id).config(), container, onMachine })
    },
    /** A service's configuration, for those that reach its backend. */
    config: (id: string): ServiceConfig => of(id).config(),
    /** How a service is spoken to: the one that remembers what it offered a moment ago, and what it could not load. */
    backend: (id: string): ImageBackend => of(id).backend(),

    create,
    /** Changes a service; what concerns its start takes effect at the next one. */
    update,

    /** Changes how people keep several services: all of it, or nothing where one of them is unknown. */
    arrange: (changes: readonly Arrangement[]): Service[] => take(changes).map((supervisor) => supervisor.service()),

    /** Stops a service that Regie runs, and forgets it. Its files stay. */
    async remove(id: string): Promise<void> {
      of(id).assertUnclaimed()
      await drop(id, of(id))
      removeEntry(entries, id)
      publish({ type: 'service-removed', id })
    },
  }
}

/** How a person makes and changes services: refused, with all as it was, where one wants a port that somebody has. */
function createAtFreePorts(
  { all, of }: Supervisors,
  { listening = () => [] }: ServicesOptions,
  { create, update }: Pick<ReturnType<typeof createRegistering>, 'create' | 'update'>,
) {
  const ports = { configs: () => all().map((supervisor) => supervisor.config()), listening }
  /** One after the other, so that two cannot be given the same port. */
  const inTurn = createSerial()
  return {
    create: (input: unknown): Promise<Service> =>
      inTurn(async () => {
        await assertPortsFree(checkConfig(input), null, ports)
        return create(input)
      }),
    update: (change: Change): Promise<Service> =>
      inTurn(async () => {
        const before = of(change.id).config()
        await assertPortsFree(applyChange(before, change), before, ports)
        return update(change)
      }),
  }
}

const noGpus: GpuReport = { state: 'absent', sampledAt: null, gpus: [] }

/** Unloads a service's models, and measures what that gave back. */
function freeOf(
  supervisor: Supervisor,
  gpus: ServicesOptions['gpus'],
): Promise<{ service: Service; freed: FreedMemory }> {
  const measure = async (): Promise<GpuReport> => (await (gpus?.measure?.() ?? gpus?.report())) ?? noGpus
  return freeMeasured(
    supervisor.config().id,
    {
      measure,
      unload: () => supervisor.freeMemory(),
      devices: () =>
        supervisor
          .backend()
          .devices(AbortSignal.timeout(5_000))
          .catch(() => null),
      card: ({ gpus: all }) => gpuOf(supervisor.config(), all),
    },
    AbortSignal.timeout(60_000),
  )
}

/** Whether a service's model will find room: by what was set, else by its last golden check, else by what was seen. */
async function fitFor(
  config: ServiceConfig,
  {
    gpus,
    room,
    peak,
  }: { gpus: ServicesOptions['gpus']; room: Supervisors['room']; peak: (id: string) => number | null },
): Promise<Fit> {
  const { id, vramLimitMiB } = config
  const { gpus: seen } = (await gpus?.report()) ?? noGpus
  const uuid = gpuOf(config, seen)
  const found = { id, gpu: seen.find((gpu) => gpu.uuid === uuid) ?? null }
  if (vramLimitMiB !== undefined) return fitOf({ ...found, expectedMiB: vramLimitMiB, from: 'limit' })
  const peakMiB = peak(id)
  if (peakMiB !== null) return fitOf({ ...found, expectedMiB: peakMiB, from: 'golden' })
  const seenMiB = (await room?.tookMost(id)) ?? null
  return fitOf({ ...found, expectedMiB: seenMiB, from: seenMiB === null ? 'unknown' : 'seen' })
}

/** What can be done to one service, by its id, and to all of them. */
function createOperating({ all, of, room }: Supervisors, { reportBug, gpus }: ServicesOptions) {
  /** Does the same to every service that Regie runs itself; one failure harms no other and is shown in its health. */
  const each = async (work: (supervisor: Supervisor) => Promise<unknown>): Promise<Service[]> => {
    const own = all().filter((supervisor) => supervisor.runtime().unmanaged() === null)
    for (const result of await Promise.allSettled(own.map(work)))
      if (result.status === 'rejected' && !(result.reason instanceof Problem)) reportBug(result.reason)
    return all().map((supervisor) => supervisor.service())
  }

  return {
    start: (id: string): Promise<Service> => of(id).start(),
    stop: (id: string): Promise<Service> => of(id).stop(),
    restart: (id: string): Promise<Service> => of(id).restart(),
    unpause: (id: string): Promise<Service> => of(id).unpause(),
    recreate: (id: string, { leaveOutFiles = false } = {}): Promise<Service> =>
      of(id).recreate(undefined, leaveOutFiles),
    pull: (id: string): Promise<Service> => of(id).pull(),
    rebuild: (id: string): Promise<Service> => of(id).rebuild(),
    /** Cancels the operation that goes on; resolves when it has ended. */
    cancel: (id: string): Promise<Service> => of(id).cancel(),
    /** Unloads the service's models from VRAM. */
    freeMemory: (id: string): Promise<Service> => of(id).freeMemory(),
    /** The same, with what that gave back. */
    freeMeasured: (id: string) => freeOf(of(id), gpus),
    startAll: () => each((supervisor) => supervisor.start()),
    stopAll: () => each((supervisor) => supervisor.stop()),

    /** What a start would do now, and what it would find on its GPU. */
    async startPlan(id: string): Promise<StartPlan> {
      const supervisor = of(id)
      const action = supervisor.isUp() ? 'none' : 'start'
      const bare: StartPlan = { action, reasons: [], gpu: null, tookLastTimeMiB: null, waitsFor: [] }
      const { containers } = supervisor.runtime()
      const [plan, found] = await Promise.all([containers?.plan(), room?.plan(supervisor.config())])
      return { ...bare, ...plan, ...found }
    },

    /** Keeps a service for one claimant: nobody else starts, stops, reconfigures or removes it until it is let go. */
    claim: (id: string, why: () => Problem): ServiceClaim => {
      const supervisor = of(id)
      const { through, release } = supervisor.claim(why)
      return {
        start: () => through(() => supervisor.start({ isAlone: false })),
        stop: () => through(() => supervisor.stop()),
        recreate: (signal) => through(() => supervisor.recreate(signal)),
        release,
      }
    },

    /** Whether it answered in the last 24 hours, as far as it was watched. */
    reach: (id: string): ServiceReach => of(id).reach(),

    /** Climbs the health ladder now. */
    async probe(id: string): Promise<Service> {
      const supervisor = of(id)
      await supervisor.lookThoroughly()
      return supervisor.service()
    },
  }
}

const createFitting = ({ of, room }: Supervisors, { gpus, peak = () => null }: ServicesOptions) => ({
  /** Whether a service's model will find room on its card. */
  fit: (id: string): Promise<Fit> => fitFor(of(id).config(), { gpus, room, peak }),
})

/** The logs of the services, by their ids. */
const createLogReading = ({ of }: Supervisors) => ({
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
})

/** The service that a process belongs to: it is the service's own, or descends from it. */
function ownerOf(pid: number, supervisors: readonly Supervisor[]): string | null {
  const container = containerOfProcess(pid)
  for (const supervisor of supervisors) {
    if (container !== null && supervisor.service().container?.id === container) return supervisor.id()
    const own = supervisor.pid()
    if (own !== null && isAncestor(own, pid)) return supervisor.id()
  }
  return null
}

/** Which check it is does not hang on what runs. */
const unseen: GoldenRan = { container: null, image: null, startedAt: null, pid: null, version: null, model: null }

/**
 * What else happens in the panel. A generation has ended on a service: its model is loaded now, and its checks have news.
 * One that failed may have taken its service along, so that it is looked at at once. A golden check has ended: what it
 * showed stands in the health.
 */
function hear(event: PanelEvent, { find, room }: Supervisors, { proved }: ServicesOptions): void {
  if (event.type === 'golden') {
    const supervisor = find(event.serviceId)
    const shown = supervisor?.service().health.proved?.checkId ?? null
    if ((proved?.(event.serviceId, unseen)?.checkId ?? null) !== shown) supervisor?.judge()
  }
  const { state, serviceId } = event.type === 'generation' ? event.generation : { state: null, serviceId: '' }
  const supervisor = find(serviceId)
  if (!supervisor || (state !== 'succeeded' && state !== 'failed')) return
  room?.generated(supervisor.config())
  if (state === 'failed' || supervisor.runtime().containers) void supervisor.look()
}

/** What a service is in a Compose project, where it lives in one. */
const inCompose = ({ id, compose }: ServiceConfig) =>
  compose ? [{ id, file: compose.file, service: compose.service, project: compose.project ?? null }] : []

/**
 * The services of the configuration file, each looked after by a supervisor of its own. Begins to look at them at
 * once, and takes over those that already run. Operations throw Problems.
 */
export function createServices(options: ServicesOptions) {
  const supervisors = createSupervisors(options)
  const { all, of, room, find } = supervisors
  for (const config of readEntries(options.config.read()).services) supervisors.add(config)
  const control = createControl(supervisors, options)
  const registering = createRegistering(supervisors, options)

  const stopListening = options.listen?.((event) => hear(event, supervisors, options))

  return {
    /** The services' configurations, as they stand in the file. */
    configs: (): ServiceConfig[] => all().map((supervisor) => supervisor.config()),
    /** VRAM that a service held at most with models loaded, in MiB; null when that was never seen. */
    tookMost: async (id: string): Promise<number | null> => (await room?.tookMost(id)) ?? null,
    list: () => all().map((supervisor) => supervisor.service()),
    /** Whether there is one of this id: told without describing any. */
    has: (id: string): boolean => find(id) !== undefined,
    get: (id: string): Service => of(id).service(),
    /** Throws a Problem while something is done to it, or somebody has it for himself. */
    assertFree: (id: string): void => of(id).assertFree(),
    /** The services that live in Compose projects, by what they are there. */
    composeServices: () => all().flatMap((supervisor) => inCompose(supervisor.config())),
    ...registering,
    atFreePorts: createAtFreePorts(supervisors, options, registering),
    ...createOperating(supervisors, options),
    ...createFitting(supervisors, options),
    ...createProjects({ supervisors: all, of }),
    ...createLogReading(supervisors),
    control: (): ServiceControl & Foresight => control,

    /** Looks into the container behind a service, for the vault. */
    look: createSight({
      engine: options.engine,
      configOf: (id) => of(id).config(),
      runtimeOf: (id) => of(id).runtime(),
    }),

    ownerOf: (pid: number) => ownerOf(pid, all()),

    /** What the services say of the cards that they work on. */
    figures: createFigures({
      ready: () =>
        all()
          .filter((supervisor) => supervisor.service().health.state === 'ready')
          .map((supervisor) => supervisor.config()),
      devices: (id, signal) => of(id).backend().devices(signal),
    }),

    /** Takes what the GPUs' monitor shows, and how much VRAM each service holds. */
    observeGpus: (report: GpuReport): void => room?.observe(report),

    /** Ends every service that Regie runs, and stops looking. */
    async close(): Promise<void> {
      stopListening?.()
      await supervisors.close()
    },
  }
}
