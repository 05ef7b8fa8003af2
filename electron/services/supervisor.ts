import type { Health, Operation, Service, ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { coalesce } from '../async/coalesce'
import { createLog } from '../logs/log'
import { pollDelay } from './cadence'
import { explainExit, nameExit } from './exits'
import { answers, isPortClosed, judgeHealth, missesAfter } from './health'
import { createOperations } from './operations'
import { probeOnce, probePort } from './prober'
import { createProgress } from './progress'
import type { ContainerRuntime, Run, Work } from './runtimes/runtime'
import { createBeginning } from './supervision/beginning'
import { describeService } from './supervision/describe'
import { createEnding } from './supervision/ending'
import { createGpuTurn, isSettled } from './supervision/gpu-turn'
import { createInside } from './supervision/inside'
import { beginLife, endTurn, newState, type SupervisorOptions } from './supervision/state'
import { createTakingOver } from './supervision/taking-over'
import { createWebThread } from './supervision/web-thread'

export type Supervisor = ReturnType<typeof supervise>

/** Failures that are over once Docker answers. */
const ofDocker = /^(docker\.|compose\.engine-)/

/**
 * Looks after one service: starts and stops it, one operation at a time, climbs its health ladder, keeps its log.
 * Every operation resolves to the service as it then is, or throws a Problem.
 */
export function supervise(options: SupervisorOptions) {
  const { redact, reportBug } = options
  const makeRuntime = (config: ServiceConfig) => options.makeRuntime(config, () => void notice().catch(reportBug))
  const state = newState(options.config, makeRuntime(options.config))
  let backend = options.backendFor(state.config)
  const log = state.runtime.openLog?.(() => state.runtime.containers?.listed() ?? null) ?? createLog({ redact })

  let isClosed = false
  let lookedAt = 0
  /** When Docker last told of its container. */
  let noticedAt: number | null = null

  const operations = createOperations({ id: state.config.id, onChange: change })
  const progress = createProgress(change)
  const inside = createInside(state, options)
  const turn = createGpuTurn(state, {
    room: options.room,
    onWait(why) {
      log.panel(why.message)
      change()
    },
  })
  /** One look at what is there and what it answers. Its result is dropped if a life began or ended meanwhile. */
  const look = coalesce(() => lookOnce().catch(reportBug))
  const ending = createEnding(state, options, {
    log,
    look,
    tellStopping: inside.tellStopping,
    forgetLook: () => inside.keep(null),
  })
  const takingOver = createTakingOver(state, options, { log, look, follow, halt: ending.halt })
  const webThread = createWebThread(state, log)
  const { launch, renew, resume } = createBeginning(state, options, {
    log,
    look,
    follow,
    change,
    turn,
    inside,
    ending,
    takingOver,
  })
  let health: Health = judge(null)

  function judge(previous: Health | null): Health {
    const { config, life, presence, adopted } = state
    const { running, failure, probe, lastClear, misses } = life
    const unmanaged = state.runtime.unmanaged()
    const known = { running, failure, probe, lastClear, misses, presence, unmanaged, adopted, container: inside.seen() }
    const beside = { checks: inside.checks(), waiting: turn.waiting() }
    return judgeHealth({ ...known, ...beside, id: config.id, url: config.url, now: Date.now() }, previous)
  }

  const service = (): Service =>
    describeService(state, { health, operation: operations.current(), progress: progress.current() })

  /** Judges anew and tells. */
  function change() {
    health = judge(health)
    const { life } = state
    if (health.state === 'ready' && !life.wasReady) {
      life.wasReady = true
      const took =
        life.startedAt === null ? '' : ` ${((Date.now() - life.startedAt) / 1000).toFixed(1)} s after its start`
      log.panel(`Ready${took}.`)
    }
    if (life.turn && life.running.state !== 'launching' && isSettled(health)) endTurn(state)
    options.onChange(service())
  }

  async function lookOnce(): Promise<void> {
    if (isClosed) return
    const { life, run } = state
    lookedAt = Date.now()
    const began = performance.now()
    const found = await state.runtime.presence()
    const tookMs = Math.round(performance.now() - began)
    const { url } = state.config
    const container = await inside.look()
    // What is paused accepts connections and never answers: that is known without waiting for it.
    const isPaused = container?.facts.state === 'paused'
    // No other program is told the secret.
    const isOurs = !state.runtime.runsOnlyOwn || run !== null
    const probe = isPaused ? null : await (isOurs ? probeOnce(backend, url, reportBug) : probePort(url))
    const dead = probe === null ? null : await webThread(probe)
    lookedAt = Date.now()
    if (life !== state.life || run !== state.run) return
    state.presence = { ...found, at: lookedAt, tookMs }
    inside.keep(container)
    if (life.running.state === 'ended' && container?.ending)
      life.running = { ...life.running, evidence: container.answered, reason: container.ending.reason }
    life.probe = probe
    life.misses = probe === null ? 0 : missesAfter(life.misses, probe)
    if (life.misses === 0) life.lastClear = probe
    if (answers(probe) && life.failure?.problem === 'service.start-timeout') life.failure = null
    if (dead && life.failure?.problem !== dead.problem) log.panel(dead.message, 'error')
    if (dead) life.failure = dead
    else if (life.failure?.problem === 'service.web-thread-ended') life.failure = null
    if (found.unknown !== true && life.failure && ofDocker.test(life.failure.problem)) life.failure = null
    void refreshPending().catch(reportBug)
    // What was taken over without being known by a process ends with its port; what is silent may be busy.
    if (state.adopted && !run && probe !== null && isPortClosed(probe)) state.adopted = false
    if (operations.current() === null && !run && !state.adopted && state.runtime.unmanaged() === null)
      await takingOver.adopt()
    change()
  }

  /** Compares the container with its files; that may take a second, which no look waits for. */
  const refreshPending = coalesce(async () => {
    if (!state.runtime.containers || isClosed) return
    const found = await state.runtime.containers.changes()
    // Without Docker nothing is known anew: what was found before is shown.
    if (!found.known && ofDocker.test(found.why.problem)) return
    const pending = found.known ? (found.changes[0] ?? null) : null
    const unknown = found.known ? null : found.why
    if (JSON.stringify([pending, unknown]) === JSON.stringify([state.pending, state.pendingUnknown])) return
    Object.assign(state, { pending, pendingUnknown: unknown })
    change()
  })

  /** Something happened to its container: that is shown at once, what it answers as soon as it is known. */
  async function notice(): Promise<void> {
    if (isClosed) return
    noticedAt = Date.now()
    const isFree = () => !state.run && operations.current() === null && state.runtime.unmanaged() === null
    if (isFree()) {
      const found = await state.runtime.find()
      if (found && isFree() && options.occupant() === null) takingOver.adoptRun(found)
    }
    change()
    await look()
  }

  function follow(started: Run, since: number) {
    state.run = started
    state.life.running = { state: 'alive', pid: started.pid, at: Date.now() }
    const living = state.life
    void started.ended.then(async (exit) => {
      if (state.run !== started || living !== state.life) return
      state.run = null
      state.former = started
      state.adopted = false
      if (state.isStopping) return
      const { id } = state.config
      const why = explainExit(id, exit, await log.lastWords(since))
      if (living !== state.life) return
      living.running = { state: 'ended', evidence: nameExit(exit), reason: why, at: Date.now() }
      options.room?.left(id)
      // Docker knows more of its end than the exit code: that is told once it was asked.
      if (state.runtime.containers) {
        void look()
        return
      }
      log.panel(`Ended by itself: ${nameExit(exit)}.`, 'error')
      change()
    })
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
    return exclusively('stop', ending.halt)
  }

  async function tellLeftStopped(): Promise<void> {
    const left = (await state.runtime.containers?.leftStopped()) ?? []
    if (left.length > 0) log.panel(`Left stopped in its project: ${left.join(', ')}.`)
  }

  /** What can be done to containers alone. Throws `service.no-container` for any other state.runtime. */
  function containersFor(operation: Operation): ContainerRuntime {
    if (!state.runtime.containers) throw new Problem('service.no-container', { id: state.config.id, operation })
    return state.runtime.containers
  }

  return {
    id: () => state.config.id,
    config: () => state.config,
    runtime: () => state.runtime,
    log,
    service,
    /** Why Regie can neither stop nor restart what runs there now; null when it can. */
    unmanageable: () => ending.unmanageable(),
    /** Whether a program of ours, or an adopted one, is behind the address. */
    isUp: () => state.run !== null || state.adopted,
    pid: () => state.run?.pid ?? null,
    look,
    /** Looks at everything now, the GPU inside a container too. */
    async lookThoroughly(): Promise<void> {
      inside.askThoroughly()
      await look()
    },
    /** `isAlone`: nobody starts the rest of its project after it, so what is left stopped there is said. */
    start: ({ isAlone = true } = {}) =>
      exclusively('start', async (work) => {
        await launch(work)
        if (isAlone) await tellLeftStopped()
      }),
    stop,
    /** Aborting the signal stops waiting; the service then is as it is. */
    restart: (signal?: AbortSignal) =>
      exclusively('restart', async (work) => {
        const { containers } = state.runtime
        if (containers) return renew(work, signal, () => containers.restart(work))
        await ending.halt()
        await launch(work, signal)
      }),

    /** Recreates the container, where asked without what other files added to it. Aborting the signal stops waiting. */
    async recreate(signal?: AbortSignal, leaveOutFiles = false): Promise<Service> {
      const containers = containersFor('recreate')
      return exclusively('recreate', (work) => renew(work, signal, () => containers.recreate(work, leaveOutFiles)))
    },
    /** Wakes its paused container. Throws `service.stopped` when there is nothing to wake. */
    async unpause(): Promise<Service> {
      containersFor('unpause')
      return exclusively('unpause', async (work) => {
        ending.assertManaged()
        if (!state.run) throw new Problem('service.stopped', { id: state.config.id })
        await resume(work)
      })
    },
    /** Builds its image and starts a container of it; until it is built, what runs goes on. */
    async rebuild(): Promise<Service> {
      const containers = containersFor('rebuild')
      return exclusively('rebuild', async (work) => {
        ending.assertManaged()
        await containers.build(work)
        await renew(work, undefined, () => containers.renew(work))
      })
    },
    /** Starts the other services of its project, but for some, by their names in the files. */
    async startOthers(except: readonly string[]): Promise<Service> {
      const containers = containersFor('start')
      return exclusively('start', (work) => containers.startOthers(except, work))
    },
    /** Stops what else runs of its project; its own container stands still by then. */
    async stopOthers(): Promise<Service> {
      const containers = containersFor('stop')
      return exclusively('stop', (work) => containers.stopProject(work))
    },
    /** Another service takes their project down until `done`. */
    async takenDown(done: Promise<unknown>): Promise<Service> {
      const containers = containersFor('down')
      return exclusively('down', () => ending.takenDown(done, containers))
    },
    /** Throws `service.busy` while something is being done to it. */
    assertFree: () => operations.assertNone(),
    async pull(): Promise<Service> {
      const containers = containersFor('pull')
      return exclusively('pull', (work) => containers.pull(work))
    },
    async down(): Promise<Service> {
      const containers = containersFor('down')
      return exclusively('down', (work) => ending.takeDown(work, containers))
    },

    /** Throws a Problem if a change cannot be taken now: the address of a running service stays. */
    assertConfigurable(changed: ServiceConfig) {
      operations.assertNone()
      const { id, url } = state.config
      // A container's address is only where Regie looks; a program of Regie's own was started with its address.
      if (state.run && !state.runtime.containers && changed.url !== url) throw new Problem('service.running', { id })
    },

    configure(changed: ServiceConfig) {
      if (changed.url !== state.config.url) {
        if (state.run) Object.assign(state.life, { probe: null, lastClear: null, misses: 0 })
        else beginLife(state, { state: 'none' })
      }
      state.config = changed
      backend = options.backendFor(changed)
      if (state.runtime.goesOnWith?.(changed) !== true) {
        state.runtime.close?.()
        state.runtime = makeRuntime(changed)
      }
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
        pollDelay({
          state: health.state,
          isUp: state.run !== null,
          misses: state.life.misses,
          sinceOperationMs,
          watched,
        })
      )
    },

    /** Ends it if Regie runs it, whatever else is going on, and looks no more. A container goes on without Regie. */
    async close(): Promise<void> {
      await operations.cancel()
      if (state.run && !state.runtime.containers) await exclusively('stop', ending.halt)
      isClosed = true
      state.runtime.close?.()
      endTurn(state)
    },
  }
}
