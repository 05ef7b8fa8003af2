import type { Health, HealthCheck, Operation, PendingChange, Service, ServiceConfig } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import type { BackendProbe, ImageBackend } from '../backends/backend'
import { createLineSplitter } from '../logs/lines'
import { createLog } from '../logs/log'
import type { ContainerLook, ContainerWatch } from '../docker/checks'
import { pollDelay } from './cadence'
import { judgeLastGeneration, judgeModel, type LastGenerations } from './checks'
import { explainExit, nameExit } from './exits'
import type { GpuRoom, Turn } from './gpu-room'
import {
  answers,
  isItsKind,
  isMiss,
  judgeHealth,
  missesUntilUnhealthy,
  strangeAnswer,
  type Evidence,
  type Running,
  type Timed,
} from './health'
import { createOperations } from './operations'
import { createProgress } from './progress'
import { pause } from '../system/pause'
import { accepts, oneAtATime, probeOnce } from './prober'
import type { ContainerRuntime, OutputSink, Run, Runtime, Work } from './runtimes/runtime'

export interface SupervisorOptions {
  config: ServiceConfig
  runtime: Runtime
  backendFor: (config: ServiceConfig) => ImageBackend
  redact: (text: string) => string
  /** Called with every change of what is known. */
  onChange: (service: Service) => void
  reportBug: (error: unknown) => void
  /** Another service of ours that runs at the same address, by id. */
  occupant: () => string | null
  /** Looks into the container behind the service; left out where there are none. */
  containers?: Pick<ContainerWatch, 'look' | 'stopping'> | undefined
  /** The service's last generations, for the checks beside the ladder. */
  lastGenerations?: ((id: string) => LastGenerations) | undefined
  /** Gives the service its turn on its GPU. */
  room?: Pick<GpuRoom, 'enter' | 'left'> | undefined
}

export type Supervisor = ReturnType<typeof supervise>

/** What is known of one life of a service: forgotten at its next start. */
interface Life {
  running: Running
  failure: Reason | null
  probe: (BackendProbe & Timed) | null
  lastClear: (BackendProbe & Timed) | null
  misses: number
  wasReady: boolean
  startedAt: number | null
  /** Its turn on its GPU, until it is ready or has failed. */
  turn: Turn | null
}

const newLife = (running: Running, startedAt: number | null = null): Life => ({
  running,
  failure: null,
  probe: null,
  lastClear: null,
  misses: 0,
  wasReady: false,
  startedAt,
  turn: null,
})

/** Where a start has come to its end, well or badly: the next service may load its models. */
const settled: readonly Health['state'][] = ['ready', 'locked-out', 'unhealthy']

/** Failures that are over once Docker answers. */
const ofDocker = /^(docker\.|compose\.engine-)/

const problemOf = ({ problem, params }: Reason) => new Problem(problem, params)

/**
 * Looks after one service: starts and stops it, one operation at a time, climbs its health ladder, keeps its log.
 * Every operation resolves to the service as it then is, or throws a Problem.
 */
export function supervise(options: SupervisorOptions) {
  const { runtime, redact, reportBug } = options
  let { config } = options
  let backend = options.backendFor(config)
  const log = runtime.openLog?.(() => config) ?? createLog({ redact })

  let life = newLife({ state: 'none' })
  let run: Run | null = null
  /** The run before, which may have left something behind. */
  let former: Run | null = null
  let adopted = false
  let presence: Evidence['presence'] = null
  /** What its files ask for and its container does not have yet. */
  let pending: PendingChange | null = null
  /** The last look into its container, and whether the next one asks for the GPU again. */
  let seen: ContainerLook | null = null
  let isThorough = false
  /** Another service that starts on the same GPU. */
  let waiting: Reason | null = null
  let isStopping = false
  let isClosed = false
  let lookedAt = 0
  /** When Docker last told of its container. */
  let noticedAt: number | null = null
  let health: Health = judge(null)

  const operations = createOperations({ id: config.id, onChange: change })
  const progress = createProgress(change)
  let unlisten = runtime.containers?.onChange(config, () => void notice().catch(reportBug))

  function judge(previous: Health | null): Health {
    const { running, failure, probe, lastClear, misses } = life
    const unmanaged = runtime.unmanaged(config)
    const checks = checksOf()
    const known = { running, failure, probe, lastClear, misses, presence, unmanaged, container: seen, checks, waiting }
    return judgeHealth({ ...known, id: config.id, url: config.url, now: Date.now() }, previous)
  }

  /** What stands beside the ladder of a service in a container. */
  function checksOf(): HealthCheck[] {
    if (!runtime.containers) return []
    const { id } = config
    const last = options.lastGenerations?.(id) ?? { succeeded: null, failed: null }
    return [...(seen?.checks ?? []), judgeModel(id, shown()), judgeLastGeneration(id, last)]
  }

  /** Looks into the container behind the service; `null` where there is none. */
  async function lookInside(): Promise<ContainerLook | null> {
    const containerId = runtime.containers?.container(config)?.id
    if (containerId === undefined || !options.containers) return null
    const thorough = isThorough
    isThorough = false
    return options.containers.look({ id: config.id, containerId, gpuUuid: config.gpuUuid ?? null, thorough })
  }

  /** The climb whose findings still hold: a busy service's last clear one; none of a program that has ended. */
  function shown() {
    if (life.running.state === 'ended') return null
    return life.misses < missesUntilUnhealthy ? (life.lastClear ?? life.probe) : life.probe
  }

  const service = (): Service => ({
    id: config.id,
    kind: config.kind,
    runtime: config.runtime,
    url: config.url,
    credentialId: config.credentialId ?? null,
    ...(config.gpuUuid === undefined ? {} : { gpu: { uuid: config.gpuUuid } }),
    health,
    operation: operations.current(),
    adopted,
    pid: run?.pid ?? null,
    model: shown()?.model ?? null,
    queue: shown()?.queue ?? null,
    ...(config.process ? { process: config.process } : {}),
    ...(config.compose ? { compose: config.compose } : {}),
    progress: operations.current() === null ? null : progress.current(),
    container: runtime.containers?.container(config) ?? null,
    pending,
  })

  /** Judges anew and tells. */
  function change() {
    health = judge(health)
    if (health.state === 'ready' && !life.wasReady) {
      life.wasReady = true
      const took =
        life.startedAt === null ? '' : ` ${((Date.now() - life.startedAt) / 1000).toFixed(1)} s after its start`
      log.panel(`Ready${took}.`)
    }
    if (life.turn && life.running.state !== 'launching' && settled.includes(health.state)) endTurn()
    options.onChange(service())
  }

  function endTurn() {
    life.turn?.end()
    life.turn = null
  }

  /** Waits until no other service starts on the same GPU. */
  async function takeTurn(cancelled: AbortSignal): Promise<Turn | null> {
    const onWait = (others: string[]) => {
      waiting = reason('vram.waits', { id: config.id, other: others.join(', ') })
      log.panel(waiting.message)
      change()
    }
    try {
      return (await options.room?.enter(config, { signal: cancelled, onWait })) ?? null
    } catch (error) {
      if (cancelled.aborted) throw new Problem('service.start-cancelled', { id: config.id })
      throw error
    } finally {
      waiting = null
    }
  }

  const beginLife = (running: Running, startedAt?: number) => {
    endTurn()
    life = newLife(running, startedAt)
    adopted = false
  }

  /** One look at what is there and what it answers. Its result is dropped if a life began or ended meanwhile. */
  const look = oneAtATime(() => lookOnce().catch(reportBug))

  async function lookOnce(): Promise<void> {
    if (isClosed) return
    const looking = life
    const running = run
    lookedAt = Date.now()
    const began = performance.now()
    const found = await runtime.presence(config)
    const tookMs = Math.round(performance.now() - began)
    const [probe, inside] = await Promise.all([probeOnce(backend, config.url, reportBug), lookInside()])
    lookedAt = Date.now()
    if (looking !== life || running !== run) return
    presence = { ...found, at: lookedAt, tookMs }
    seen = inside
    if (life.running.state === 'ended' && inside?.ending)
      life.running = { ...life.running, evidence: inside.answered, reason: inside.ending.reason }
    const missed = isMiss(probe)
    life.probe = probe
    life.misses = missed ? life.misses + 1 : 0
    if (!missed) life.lastClear = probe
    if (answers(probe) && life.failure?.problem === 'service.start-timeout') life.failure = null
    if (found.unknown !== true && life.failure && ofDocker.test(life.failure.problem)) life.failure = null
    void refreshPending().catch(reportBug)
    if (adopted && !run && life.misses >= missesUntilUnhealthy) adopted = false
    if (operations.current() === null && !run && !adopted && runtime.unmanaged(config) === null) await adopt()
    change()
  }

  /** Compares the container with its files; that may take a second, which no look waits for. */
  const refreshPending = oneAtATime(async () => {
    if (!runtime.containers || isClosed) return
    const found = await runtime.containers.pending(config)
    if (JSON.stringify(found) === JSON.stringify(pending)) return
    pending = found
    change()
  })

  /** Something happened to its container: that is shown at once, what it answers as soon as it is known. */
  async function notice(): Promise<void> {
    if (isClosed) return
    noticedAt = Date.now()
    const isFree = () => !run && operations.current() === null && runtime.unmanaged(config) === null
    if (isFree()) {
      const found = await runtime.find(config)
      if (found && isFree() && options.occupant() === null) adoptRun(found)
    }
    change()
    await look()
  }

  function follow(started: Run, since: number) {
    run = started
    life.running = { state: 'alive', pid: started.pid, at: Date.now() }
    const living = life
    void started.ended.then(async (exit) => {
      if (run !== started || living !== life) return
      run = null
      former = started
      adopted = false
      if (isStopping) return
      const why = explainExit(config.id, exit, await log.lastWords(since))
      if (living !== life) return
      life.running = { state: 'ended', evidence: nameExit(exit), reason: why, at: Date.now() }
      options.room?.left(config.id)
      // Docker knows more of its end than the exit code: that is told once it was asked.
      if (runtime.containers) {
        void look()
        return
      }
      log.panel(`Ended by itself: ${nameExit(exit)}.`, 'error')
      change()
    })
  }

  /** Takes over what already runs: an earlier panel's process, or whatever of the right kind answers. */
  async function adopt(): Promise<boolean> {
    if (options.occupant() !== null) return false
    const found = await runtime.find(config)
    if (found) {
      adoptRun(found)
      return true
    }
    // A container is known by its labels: what answers without one is somebody else.
    if (runtime.containers || life.probe === null || !answers(life.probe) || !isItsKind(life.probe)) return false
    adopted = true
    if (life.running.state === 'ended') life.running = { state: 'none' }
    life.failure = null
    log.panel(`It was running already at ${config.url}, started by somebody else. Its output cannot be shown.`)
    return true
  }

  function adoptRun(found: Run) {
    const isFirst = presence === null
    if (run) return
    if (runtime.containers && life.running.state === 'ended') beginLife({ state: 'none' })
    adopted = true
    if (life.running.state === 'ended') life.running = { state: 'none' }
    life.failure = null
    follow(found, Date.now())
    if (!runtime.containers)
      log.panel(
        `It was running already (pid ${found.pid ?? 'unknown'}), started by an earlier run of Regie. Its output cannot be shown.`,
      )
    else log.panel(isFirst ? 'Its container was running already.' : 'Its container was started outside this panel.')
  }

  /** Makes sure that the address is free. True when the service turned out to run there already. */
  async function isTakenOver(): Promise<boolean> {
    const other = options.occupant()
    if (other !== null) throw new Problem('service.port-shared', { id: config.id, url: config.url, other })
    await look()
    assertSeen()
    if (adopted || (await adopt())) {
      if (!runtime.containers && run && life.probe && !answers(life.probe)) {
        // An earlier panel's process that answers no more.
        await halt()
        return false
      }
      return true
    }
    const isOpen = (life.probe && answers(life.probe)) || (await accepts(config.url))
    if (!isOpen) return false
    const answer = life.probe ? strangeAnswer(life.probe) : ''
    throw new Problem('service.port-taken', { id: config.id, url: config.url, answer })
  }

  function outputSink(): OutputSink {
    const splitters = { stdout: createLineSplitter(), stderr: createLineSplitter() }
    return {
      push: (stream, chunk) => log.output(stream, splitters[stream].push(chunk)),
      end: (stream) => log.output(stream, splitters[stream].end()),
    }
  }

  async function launch(work: Work, signal?: AbortSignal): Promise<void> {
    const cancelled = work.signal
    const refusal = runtime.unmanaged(config)
    if (refusal) throw problemOf(refusal)
    if (run && life.probe && answers(life.probe)) return
    if (run) return untilListening(cancelled, signal)
    // What a crashed run left in its group would hold the port.
    await former?.stop(runtime.stopGraceMs)
    former = null
    if (await isTakenOver()) {
      // A container that does not answer yet may be loading for minutes.
      if (!life.probe || !answers(life.probe)) await untilListening(cancelled, signal)
      return
    }
    await begin(work, signal, () => runtime.launch(config, outputSink(), work))
  }

  /** A new life, by whatever begins it; resolves when it listens. */
  async function begin(work: Work, signal: AbortSignal | undefined, make: () => Promise<Run>): Promise<void> {
    const cancelled = work.signal
    const turn = await takeTurn(signal ? AbortSignal.any([signal, cancelled]) : cancelled)
    const since = Date.now()
    beginLife({ state: 'launching' }, since)
    life.turn = turn
    run = null
    change()
    try {
      const started = await make()
      follow(started, since)
      log.panel(started.pid === null ? 'Started.' : `Started (pid ${started.pid}).`)
    } catch (error) {
      life.running = { state: 'none' }
      if (error instanceof Problem) {
        life.failure = error.reason
        log.panel(`Not started: ${error.message}`, 'error')
      }
      endTurn()
      throw error
    }
    change()
    await untilListening(cancelled, signal)
  }

  /** Resolves when it listens; throws a Problem when it ends, takes too long, or is cancelled. */
  async function untilListening(cancelled: AbortSignal, signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + runtime.startTimeoutMs
    const living = run
    const sooner = signal ? AbortSignal.any([signal, cancelled]) : cancelled
    for (let wait = 40; ; wait = Math.min(wait * 1.5, 500)) {
      await look()
      if (life.running.state === 'ended') throw problemOf(life.running.reason)
      if (life.probe && answers(life.probe)) return
      if (cancelled.aborted) throw new Problem('service.start-cancelled', { id: config.id })
      signal?.throwIfAborted()
      if (Date.now() > deadline) {
        const seconds = Math.round(runtime.startTimeoutMs / 1000)
        life.failure = reason('service.start-timeout', { id: config.id, url: config.url, seconds })
        log.panel(life.failure.message, 'error')
        throw problemOf(life.failure)
      }
      await Promise.race([pause(wait, sooner), living?.ended])
    }
  }

  /** Lets Docker end the container's life and, by `make`, begin another: a restart or a new container. */
  async function renew(work: Work, signal: AbortSignal | undefined, make: () => Promise<Run>): Promise<void> {
    const refusal = runtime.unmanaged(config)
    if (refusal) throw problemOf(refusal)
    const other = options.occupant()
    if (other !== null) throw new Problem('service.port-shared', { id: config.id, url: config.url, other })
    await begin(work, signal, () => {
      tellStopping()
      return make()
    })
  }

  /** Throws the reason when nothing can be seen of it: nothing can be done to it either. */
  function assertSeen() {
    if (presence?.unknown === true && presence.reason) throw problemOf(presence.reason)
  }

  /** Notes that this panel ends the container. */
  function tellStopping() {
    const containerId = runtime.containers?.container(config)?.id
    if (containerId !== undefined) options.containers?.stopping(containerId)
  }

  /** Takes the project's containers away. */
  async function takeDown(work: Work, containers: ContainerRuntime): Promise<void> {
    const refusal = runtime.unmanaged(config)
    if (refusal) throw problemOf(refusal)
    tellStopping()
    isStopping = true
    try {
      await containers.down(config, work)
      run = null
      beginLife({ state: 'none' })
      options.room?.left(config.id)
      log.panel('Its container was removed, with those of its project.')
    } finally {
      isStopping = false
    }
  }

  async function halt(): Promise<void> {
    const refusal = runtime.unmanaged(config)
    if (refusal) throw problemOf(refusal)
    if (!run) {
      if (adopted) throw new Problem('service.not-ours', { id: config.id })
      beginLife({ state: 'none' })
      return
    }
    isStopping = true
    tellStopping()
    try {
      if (!(await run.stop(runtime.stopGraceMs))) throw new Problem('service.will-not-end', { id: config.id })
      run = null
      beginLife({ state: 'none' })
      options.room?.left(config.id)
      log.panel('Stopped.')
    } finally {
      isStopping = false
    }
  }

  /** Does one operation. The climb that follows is shown when it is done; the operation does not wait for it. */
  async function exclusively(name: Operation, perform: (work: Work) => Promise<void>): Promise<Service> {
    try {
      await operations.run(name, (signal) => {
        progress.begin(name !== 'stop')
        return perform({ signal, onStep: progress.step }).finally(progress.end)
      })
    } finally {
      void look()
    }
    return service()
  }

  async function stop(): Promise<Service> {
    // A start may take minutes: stopping is how it is cancelled.
    const current = operations.current()
    if (current === 'start' || current === 'recreate') await operations.cancel()
    return exclusively('stop', halt)
  }

  /** What can be done to containers alone. Throws `service.no-container` for any other runtime. */
  function containersFor(operation: Operation): ContainerRuntime {
    if (!runtime.containers) throw new Problem('service.no-container', { id: config.id, operation })
    return runtime.containers
  }

  return {
    id: () => config.id,
    config: () => config,
    log,
    service,
    /** Whether a program of ours, or an adopted one, is behind the address. */
    isUp: () => run !== null || adopted,
    pid: () => run?.pid ?? null,
    look,
    /** Looks at everything now, the GPU inside a container too. */
    async lookThoroughly(): Promise<void> {
      isThorough = true
      await look()
    },
    start: () => exclusively('start', (work) => launch(work)),
    stop,
    /** Aborting the signal stops waiting; the service then is as it is. */
    restart: (signal?: AbortSignal) =>
      exclusively('restart', async (work) => {
        const { containers } = runtime
        if (containers) return renew(work, signal, () => containers.restart(config, work))
        await halt()
        await launch(work, signal)
      }),

    /** Makes the container anew. Aborting the signal stops waiting. */
    async recreate(signal?: AbortSignal): Promise<Service> {
      const containers = containersFor('recreate')
      return exclusively('recreate', (work) => renew(work, signal, () => containers.recreate(config, work)))
    },
    async pull(): Promise<Service> {
      const containers = containersFor('pull')
      return exclusively('pull', (work) => containers.pull(config, work))
    },
    async down(): Promise<Service> {
      const containers = containersFor('down')
      return exclusively('down', (work) => takeDown(work, containers))
    },

    /** Throws a Problem if a change cannot be taken now: the address of a running service stays. */
    assertConfigurable(changed: ServiceConfig) {
      operations.assertNone()
      if (run && changed.url !== config.url) throw new Problem('service.running', { id: config.id })
    },

    configure(changed: ServiceConfig) {
      if (changed.url !== config.url) beginLife({ state: 'none' })
      config = changed
      backend = options.backendFor(config)
      unlisten?.()
      unlisten = runtime.containers?.onChange(config, () => void notice().catch(reportBug))
      change()
      void look()
    },

    /** Cancels what is being done, if it can be; resolves when it has ended. */
    async cancel(): Promise<Service> {
      await operations.cancel()
      return service()
    },

    async freeMemory(): Promise<Service> {
      await backend.freeMemory(AbortSignal.timeout(30_000))
      await look()
      return service()
    },

    /** Whether it is time to look again. */
    isDue(now: number, watched: boolean): boolean {
      if (operations.current() !== null) return false
      const latest = Math.max(operations.endedAt() ?? 0, noticedAt ?? 0)
      const sinceOperationMs = latest === 0 ? null : now - latest
      return (
        now - lookedAt >=
        pollDelay({ state: health.state, isUp: run !== null, misses: life.misses, sinceOperationMs, watched })
      )
    },

    /** Ends it if Regie runs it, whatever else is going on, and looks no more. A container goes on without Regie. */
    async close(): Promise<void> {
      await operations.cancel()
      if (run && !runtime.containers) await exclusively('stop', halt)
      isClosed = true
      unlisten?.()
      endTurn()
    },
  }
}
