import type { AccountId, Generation } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { detached, type BackendEvent, type ImageBackend, type ResolvedParams } from '../kinds'
import type { Cards } from '../cards'
import { createAfterwards } from './afterwards'
import type { Feed } from './feed'
import type { Images } from './images'
import { createQueue, type Queue } from './queue'
import { finish, follow, newCourse, withPosition, type Course, type Outcome } from './record'
import { recoverGeneration, runGeneration, untilReachable, type Patience, type RunPorts } from './run'
import type { GenerationStore } from './store'
import type { TakingBounds } from './taking'

export interface JobPorts {
  store: GenerationStore
  images: Images
  bounds: TakingBounds
  feed: Feed
  backendOf: (serviceId: string) => ImageBackend
  /** The lines of the services: a job waits until its service has its card, and its person the turn. */
  cards: Pick<Cards, 'enter'>
  /** Told of failures that are Regie's own bugs. */
  reportBug: (error: unknown) => void
  patience: Patience
  /** Whether it is known for certain that nothing runs behind a service. */
  hasEnded: (serviceId: string) => boolean
  /** Whether a service is being started. */
  isComing: (serviceId: string) => boolean
  /** Told once of each that has ended. */
  ended: (generation: Generation) => void
}

interface Job {
  course: Course
  abort: AbortController
  begun: boolean
  /** How it ended without a word of its service. */
  verdict: Outcome | null
  work: (job: Job) => Promise<Outcome | null>
  onEnd: (() => void)[]
}

/** How long a service has to answer an interrupt, in ms. */
const interruptMs = 10_000
/** Generations that have not ended: those in line and those at work, one at a time on each service. */
export class Jobs {
  readonly #ports: JobPorts
  readonly #live = new Map<string, Job>()
  readonly #afterwards: ReturnType<typeof createAfterwards>
  readonly #queue: Queue<Job>

  constructor(ports: JobPorts) {
    this.#ports = ports
    this.#afterwards = createAfterwards(ports)
    this.#queue = createQueue<Job>({
      cards: ports.cards,
      moved: (job, ahead, why) => change(ports, job, withPosition(job.course, ahead, why)),
      work: async (job) => {
        job.begun = true
        const outcome = await settle(job, ports.reportBug)
        this.#end(job, outcome ?? job.verdict)
      },
    })
  }

  /** Queues a new generation and returns it with its place in the line. */
  start(generation: Generation, backend: ImageBackend, params: ResolvedParams): Generation {
    const job = this.#enqueue(generation, (self) => run(this.#ports, self, { backend, params }))
    this.#ports.feed.tell(job.course.generation)
    return job.course.generation
  }

  /** Queues one again that an earlier run of the panel had in its own line. */
  requeue(generation: Generation, params: ResolvedParams) {
    this.#enqueue(generation, (job) => runAgain(this.#ports, job, params))
  }

  /** Picks up what an earlier run of the panel left at work. */
  resume(generation: Generation) {
    this.#enqueue(generation, (job) => resume(this.#ports, job), { isAtWork: true })
  }

  /** The state of one that has not ended. */
  find(id: string): Generation | null {
    return this.#live.get(id)?.course.generation ?? null
  }

  /** Jobs on a service, the one at work included. */
  countOn(serviceId: string): number {
    return this.#queue.length(serviceId)
  }

  /** Those of one account that have not ended. */
  openOf(account: AccountId): Generation[] {
    return [...this.#live.values()].flatMap(({ course: { generation } }) =>
      generation.by === account ? [generation] : [],
    )
  }

  /** Those of one service that have not ended, newest first. */
  openOn(serviceId: string): Generation[] {
    return [...this.#live.values()]
      .flatMap(({ course: { generation } }) => (generation.serviceId === serviceId ? [generation] : []))
      .toReversed()
  }

  /** Resolves when the job has stopped; at once when it has ended already. */
  async cancel(id: string): Promise<void> {
    const job = this.#live.get(id)
    if (!job) return
    const ended = new Promise<void>((resolve) => job.onEnd.push(resolve))
    if (this.#queue.withdraw(job)) this.#end(job, { state: 'cancelled' })
    else job.abort.abort()
    await ended
  }

  /** Ends what is at work on a service that has ended: its queue went with it. */
  serviceEnded(serviceId: string) {
    for (const job of this.#live.values()) {
      if (!job.begun || job.course.generation.serviceId !== serviceId || job.abort.signal.aborted) continue
      job.verdict = { state: 'failed', problem: new Problem('generation.service-ended', { service: serviceId }) }
      job.abort.abort(detached)
    }
  }

  /** Leaves what is at work on its service and begins nothing more. */
  async close(): Promise<void> {
    this.#afterwards.stop()
    this.#queue.stop()
    for (const job of this.#live.values()) job.abort.abort(detached)
    await this.#queue.idle()
    await this.#afterwards.idle()
  }

  #enqueue(generation: Generation, work: Job['work'], { isAtWork = false } = {}): Job {
    const abort = new AbortController()
    const job: Job = { course: newCourse(generation), abort, begun: false, verdict: null, work, onEnd: [] }
    this.#live.set(generation.id, job)
    const { ahead, why } = this.#queue.add(generation.serviceId, job, {
      person: generation.by,
      job: generation.id,
      isAtWork,
    })
    // Its first step may have been taken already.
    if (!job.begun) job.course = withPosition(job.course, ahead, why)
    return job
  }

  /** A null outcome leaves the record as it is, for the next start. */
  #end(job: Job, outcome: Outcome | null) {
    this.#live.delete(job.course.generation.id)
    if (outcome) {
      const ended = finish(job.course, outcome, Date.now())
      this.#ports.store.save(ended)
      this.#ports.feed.tell(ended)
      this.#ports.ended(ended)
      this.#afterwards.begin(ended, outcome)
    }
    for (const resolve of job.onEnd) resolve()
  }
}

/** A bug ends the one generation that it hit, and is reported. */
async function settle(job: Job, reportBug: (error: unknown) => void): Promise<Outcome | null> {
  try {
    return await job.work(job)
  } catch (error) {
    reportBug(error)
    return { state: 'failed', problem: new Problem('generation.internal') }
  }
}

/** Records and tells a change. Only a change of state is worth a write. */
function change({ store, feed }: JobPorts, job: Job, course: Course) {
  const isNewState = course.generation.state !== job.course.generation.state
  job.course = course
  if (!isNewState) {
    feed.tellProgress(course.generation)
    return
  }
  store.save(course.generation)
  feed.tell(course.generation)
}

/** Tells a job's progress and previews as they come. */
function telling(ports: JobPorts, job: Job): RunPorts {
  const { id } = job.course.generation
  const showPreview = ({ mime, bytes, step }: Extract<BackendEvent, { type: 'preview' }>) =>
    ports.feed.show(id, { type: 'preview', mime, base64: Buffer.from(bytes).toString('base64'), step })
  return {
    progress: (event) => change(ports, job, follow(job.course, event, Date.now())),
    preview: showPreview,
  }
}

function run(ports: JobPorts, job: Job, { backend, params }: { backend: ImageBackend; params: ResolvedParams }) {
  const { id } = job.course.generation
  ports.store.handOver(id, Date.now())
  return runGeneration(backend, params, {
    id,
    images: ports.images,
    bounds: ports.bounds,
    signal: job.abort.signal,
    ports: telling(ports, job),
  })
}

async function runAgain(ports: JobPorts, job: Job, params: ResolvedParams): Promise<Outcome | null> {
  const { backendOf, patience, isComing } = ports
  const { serviceId } = job.course.generation
  const { signal } = job.abort
  const isComingNow = () => isComing(serviceId)
  const isThere = await untilReachable(() => backendOf(serviceId), { signal, patience, isComing: isComingNow })
  if (!isThere) return signal.reason === detached ? null : { state: 'cancelled' }
  try {
    return await run(ports, job, { backend: backendOf(serviceId), params })
  } catch (error) {
    // The service was removed meanwhile.
    if (error instanceof Problem) return { state: 'failed', problem: error }
    throw error
  }
}

async function resume(ports: JobPorts, job: Job): Promise<Outcome | null> {
  const { images, bounds, patience, backendOf, hasEnded } = ports
  const { id, serviceId } = job.course.generation
  const { signal } = job.abort
  const outcome = await recoverGeneration(() => backendOf(serviceId), {
    ...{ id, images, bounds, signal, patience },
    isGone: () => hasEnded(serviceId),
    ports: telling(ports, job),
  })
  if (outcome !== null || signal.reason === detached) return outcome
  // Cancelled meanwhile. A service that is not there has nothing to cancel.
  try {
    await backendOf(serviceId).interrupt(id, AbortSignal.timeout(interruptMs))
  } catch (error) {
    if (!(error instanceof Problem) && !(error instanceof Error && error.name === 'TimeoutError')) throw error
  }
  return { state: 'cancelled' }
}
