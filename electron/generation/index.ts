import { randomUUID } from 'node:crypto'
import type {
  AccountId,
  Generation,
  GenerationEvent,
  GenerationParams,
  PanelEvent,
  ServiceKind,
} from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { isImported, picturesIn, type BackendTarget, type ImageBackend, type ResolvedParams } from '../kinds'
import type { Listen } from '../async/listeners'
import { createPlainLines, type Cards } from '../cards'
import { asItIs, type Redact } from '../logs/cutting'
import type { DataPaths } from '../storage/paths'
import { systemClock, type Clock } from '../async/clock'
import { createCollection, type Collection } from './collection'
import { createFeed } from './feed'
import type { Gallery } from './gallery'
import type { Inputs } from './inputs'
import { createImages } from './images'
import { Jobs } from './jobs'
import { createReading, type Reading } from './reading'
import { finish, isResolved, newCourse, newGeneration } from './record'
import type { Patience } from './run'
import { usualBounds, type TakingBounds } from './taking'
import type { GenerationStore } from './store'

export type { Changer } from './changes'
export type { Presets } from './presets'
export { openGallery, type Gallery } from './gallery'
export type { ModelUse } from './model-use'
export { createInputs, type Inputs } from './inputs'
export type { ImageFile } from './images'

/** A service as generations see it. */
export interface GenerationService {
  kind: ServiceKind
  simulated: boolean
  backend: ImageBackend
}

export interface GenerationOptions {
  gallery: Pick<Gallery, 'store' | 'notes' | 'bin'>
  paths: Pick<DataPaths, 'images' | 'thumbnails'>
  /** Takes secrets out of what a backend wrote into a picture as text; left out where there are none. */
  redact?: Redact
  /** Empties the bin by it; left out: the system's. */
  clock?: Clock
  /** How much is taken of one generation; left out: 256 files, 4 GiB. */
  bounds?: TakingBounds
  /** Pictures to generate from; left out where nobody gives any. */
  inputs?: Pick<Inputs, 'check'>
  /** Imported workflows; left out where there are none. */
  readWorkflow?: NonNullable<BackendTarget['readWorkflow']>
  /** Throws a Problem for an unknown service. */
  services: (serviceId: string) => GenerationService
  publish: (event: Extract<PanelEvent, { type: 'generation' | 'generation-removed' | 'gallery' }>) => void
  /** What happens in the panel: what was at work on a service that has ended is lost. */
  listen?: Listen<[PanelEvent]>
  /** Told of failures that are Regie's own bugs. */
  reportBug: (error: unknown) => void
  /** Whether it is known for certain that nothing runs behind a service; left out where nobody knows. */
  hasEnded?: (serviceId: string) => boolean
  /** Whether a service is being started; left out where nobody knows. */
  isComing?: (serviceId: string) => boolean
  /** The lines of the services; left out, each has one of its own. */
  cards?: Pick<Cards, 'enter'>
  /** Counting and limits of people; left out where there are none. */
  usage?: {
    /** A place for one more job until it is in line. Throws a Problem where a limit would be passed. */
    admit: (by: AccountId, serviceId: string) => { end(): void }
    /** Told once of each that has ended. */
    ended: (generation: Generation) => void
  }
  /** Starts a service that sleeps, where it may be; left out where nobody does. Throws a Problem. */
  wake?: (serviceId: string, by: AccountId) => Promise<void>
  /** How long a service may take to come back before its unfinished generations are given up. */
  patience?: Patience
}

/** Jobs that may wait on one service. */
const maxWaiting = 200
/** Limit for checking parameters against the live service, in ms. */
const resolveMs = 30_000

interface Order {
  by: AccountId
  serviceId: string
  params: GenerationParams
}

/** Image jobs on the services, and the gallery of what they made. All calls throw a Problem on expected failures. */
export interface Generations extends Reading, Collection {
  /** Checks the parameters against the live service, fills in its defaults and queues the job. */
  create(input: Order): Promise<Generation>
  /** Resolves when the job has stopped, at the latest after the backend's grace. One that has ended stays as it is. */
  cancel(id: string): Promise<Generation>
  /** The record, then its updates and previews; ends with the job or the signal. */
  watch(id: string, signal?: AbortSignal): AsyncGenerator<GenerationEvent, void, undefined>
  /** Those of an account that wait or are at work. */
  openOf(account: AccountId): Generation[]
  /** How many pages watch a generation now. */
  subscriberCount(): number
  /** Leaves running jobs on their services, to be picked up at the next start. */
  close(): Promise<void>
}

/** What the jobs need of the world, with what is usual in place of what was left out. */
function jobPortsOf(options: GenerationOptions) {
  const { gallery, services, usage, reportBug, isComing = () => false, cards = createPlainLines() } = options
  return {
    ...{ store: gallery.store, cards, reportBug, isComing },
    backendOf: (serviceId: string) => services(serviceId).backend,
    patience: options.patience ?? { reachMs: 60_000, everyMs: 1_000 },
    ended: (generation: Generation) => usage?.ended(generation),
  }
}

/** Takes orders: checks them, waits for their service, and puts them in line. */
function createOrdering(options: GenerationOptions, jobs: Jobs): Generations['create'] {
  const { services, usage } = options
  const { store } = options.gallery
  const refuseWhenFull = (service: string) => {
    if (jobs.countOn(service) > maxWaiting) throw new Problem('generation.queue-full', { limit: maxWaiting, service })
  }

  async function order({ by, serviceId, params }: Order, { kind, simulated, backend }: GenerationService) {
    const resolved = await backend.resolve(params, AbortSignal.timeout(resolveMs))
    const { named, pictures } = await ofWorkflow(resolved, options.readWorkflow)
    refuseWhenFull(serviceId)
    // Once more, in the same turn in which the record comes to name them.
    options.inputs?.check(by, params, pictures)
    const about = { id: randomUUID(), by, serviceId, kind, simulated, params: resolved, ...named, now: Date.now() }
    const generation = newGeneration(about)
    store.add(generation, pictures)
    return jobs.start(generation, backend, resolved)
  }

  return async (asked: Order) => {
    const { kind, simulated, backend } = services(asked.serviceId)
    refuseWhenFull(asked.serviceId)
    options.inputs?.check(asked.by, asked.params)
    const place = usage?.admit(asked.by, asked.serviceId)
    try {
      await options.wake?.(asked.serviceId, asked.by)
      return await order(asked, { kind, simulated, backend })
    } finally {
      place?.end()
    }
  }
}

/** Picks up or gives up what the last run left unfinished, and sees to it that the bin is emptied in time. */
export async function createGenerations(options: GenerationOptions): Promise<Generations> {
  const { paths, publish, reportBug } = options
  const { store } = options.gallery
  const { redact = asItIs, bounds = usualBounds, clock = systemClock } = options
  const images = createImages(paths, redact)
  const feed = createFeed((generation) => publish({ type: 'generation', generation }))
  const { hasEnded = () => false } = options
  const jobs = new Jobs({ ...jobPortsOf(options), images, bounds, feed, hasEnded })
  takeUp(store, jobs)
  const reading = createReading({ store, bin: options.gallery.bin, jobs, images, redact })
  const get = (id: string) => reading.get(id)
  const collection = createCollection({ ...options.gallery, images, reading, publish, reportBug, clock })
  await collection.start()
  const stopListening = options.listen?.((event) => {
    if (event.type === 'service' && hasEnded(event.service.id)) jobs.serviceEnded(event.service.id)
  })

  return {
    ...reading,
    ...collection.calls,
    create: createOrdering(options, jobs),
    async cancel(id) {
      await jobs.cancel(id)
      return get(id)
    },
    watch(id, signal) {
      get(id) // an unknown id is refused now, not when the stream is read
      return feed.watch(() => get(id), signal)
    },
    openOf: (account) => jobs.openOf(account),
    subscriberCount: () => feed.subscriberCount(),
    async close() {
      stopListening?.()
      await jobs.close()
      await collection.close()
      feed.close()
    },
  }
}

/** What a workflow is called that a request is for, and the pictures that its values name. */
async function ofWorkflow(params: ResolvedParams, read: GenerationOptions['readWorkflow']) {
  if (!isImported(params) || !read) return { named: {}, pictures: [] }
  const { name, form } = await read(params.workflow, params.workflowVersion)
  return { named: { workflowName: name }, pictures: picturesIn(form, params.values) }
}

/** What the last run left unfinished. */
function takeUp(store: GenerationStore, jobs: Jobs) {
  for (const { generation, isHandedOver } of store.unfinished()) {
    if (isHandedOver) jobs.resume(generation)
    else if (isResolved(generation.params)) jobs.requeue(generation, generation.params)
    else giveUp(store, generation)
  }
}

/** For one that waited in Regie's own line, and whose parameters are not all known. */
function giveUp(store: GenerationStore, generation: Generation) {
  const problem = new Problem('generation.interrupted-by-restart')
  store.save(finish(newCourse(generation), { state: 'failed', problem }, Date.now()))
}
