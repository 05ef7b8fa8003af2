import type { Reason } from '../../../shared/problems'
import { coalesce } from '../../async/coalesce'
import type { BackendProbe } from '../../kinds/backend'
import { pollDelay } from '../cadence'
import type { ContainerLook } from '../container'
import { absenceIn, answers, isPortClosed, missesAfter } from '../health'
import type { Operations } from '../operations'
import { probeOnce, probePort } from '../prober'
import type { Timed } from '../timed'
import { reachAfter } from '../unreachable'
import type { Changes, Presence } from '../runtimes/runtime'
import type { Inside } from './inside'
import type { Judging } from './judging'
import type { Supervised, SupervisorState } from './state'
import type { TakingOver } from './taking-over'
import { createWebThread } from './web-thread'

interface Neighbours {
  inside: Pick<Inside, 'look' | 'keep'>
  judging: Pick<Judging, 'health'>
  operations: Pick<Operations, 'current' | 'endedAt'>
  takingOver: Pick<TakingOver, 'adopt' | 'adoptRun'>
}

/** Failures that are over once Docker answers. */
const ofDocker = /^(docker\.|compose\.engine-)/

/** Looks at what is there and what it answers: when it is due, when it is asked for, and when Docker tells of it. */
export class Looking {
  readonly #supervised: Omit<Supervised, 'follow'>
  readonly #neighbours: Neighbours
  readonly #webThread: ReturnType<typeof createWebThread>
  readonly #refreshPending: () => Promise<void>
  #isClosed = false
  #lookedAt = 0
  /** When Docker last told of its container. */
  #noticedAt: number | null = null
  /** Ends what is being asked of the service now. */
  #asking = new AbortController()

  constructor(supervised: Omit<Supervised, 'follow'>, neighbours: Neighbours) {
    const { state, log, change } = supervised
    this.#supervised = supervised
    this.#neighbours = neighbours
    this.#webThread = createWebThread(state, log)
    this.#refreshPending = createPendingLook(state, change)
  }

  /** One look; one that is under way is shared. Never rejects. */
  readonly look = coalesce(() => this.#lookOnce().catch(this.#supervised.options.reportBug))

  /** Something happened to its container. */
  notice(): void {
    this.#notice().catch(this.#supervised.options.reportBug)
  }

  /** In how long it is time to look again, in ms; null while something is being done to it. */
  dueIn(now: number, watched: boolean): number | null {
    const { state } = this.#supervised
    const { judging, operations } = this.#neighbours
    if (operations.current() !== null) return null
    const latest = Math.max(operations.endedAt() ?? 0, this.#noticedAt ?? 0)
    const sinceOperationMs = latest === 0 ? null : now - latest
    const { state: health } = judging.health()
    const about = { state: health, isUp: state.run !== null, misses: state.life.misses, sinceOperationMs, watched }
    return this.#lookedAt + pollDelay(about) - now
  }

  /** Looks no more. */
  close(): void {
    this.#isClosed = true
  }

  /** Whether nothing of ours is behind it, and something might be taken over. */
  #isFree(): boolean {
    const { state } = this.#supervised
    return !state.run && this.#neighbours.operations.current() === null && state.runtime.unmanaged() === null
  }

  /** Its result is dropped if a life began or ended meanwhile, or the service lives in another way now. */
  async #lookOnce(): Promise<void> {
    if (this.#isClosed) return
    const { state, options, change } = this.#supervised
    const { inside, takingOver } = this.#neighbours
    const { life, run, runtime } = state
    this.#asking = new AbortController()
    const { signal } = this.#asking
    this.#lookedAt = Date.now()
    const began = performance.now()
    const found = await runtime.presence()
    const tookMs = Math.round(performance.now() - began)
    const container = await inside.look(found)
    const probe = await this.#ask(container, signal)
    // What it was asked, it was asked while it ran.
    if (signal.aborted) return this.#lookOnce()
    const dead = probe === null ? null : await this.#webThread(probe)
    this.#lookedAt = Date.now()
    if (life !== state.life || run !== state.run || runtime !== state.runtime) return
    state.presence = { ...found, at: this.#lookedAt, tookMs }
    inside.keep(container)
    if (life.running.state === 'ended' && container?.ending)
      life.running = { ...life.running, evidence: container.answered, reason: container.ending.reason }
    keepAnswers(life, probe)
    if (probe) keepReach(state, probe)
    this.#keepFailure(dead, found, probe)
    this.#refreshPending().catch(options.reportBug)
    // What was taken over without being known by a process ends with its port; what is silent may be busy.
    if (state.adopted && !run && probe !== null && isPortClosed(probe)) state.adopted = false
    if (!state.adopted && this.#isFree()) await takingOver.adopt()
    change()
  }

  /** Notes a failure that the look found, and forgets one that it shows to be over. */
  #keepFailure(dead: Reason | null, found: Presence, probe: BackendProbe | null): void {
    const { state, log } = this.#supervised
    const { life } = state
    if (dead && life.failure?.problem !== dead.problem) log.panel(dead.message, 'error')
    if (dead) life.failure = dead
    else if (life.failure && isOver(life.failure.problem, found, probe)) life.failure = null
  }

  /** Climbs the ladder; `null` where nothing is asked. No other program is told the secret. */
  async #ask(container: ContainerLook | null, signal: AbortSignal): Promise<(BackendProbe & Timed) | null> {
    // What is paused accepts connections and never answers: that is known without waiting for it.
    if (container?.facts.state === 'paused') return null
    const { state, options } = this.#supervised
    const { url } = state.config
    const isOurs = !state.runtime.runsOnlyOwn || state.run !== null
    return isOurs ? probeOnce(state.backend, url, { reportBug: options.reportBug, signal }) : probePort(url)
  }

  /** That is shown at once, what it answers as soon as it is known. */
  async #notice(): Promise<void> {
    if (this.#isClosed) return
    const { state, options, change, look } = this.#supervised
    this.#noticedAt = Date.now()
    // A container that was just paused keeps its connections: a question to it would be waited for in full.
    if (state.runtime.containers?.container()?.state === 'paused') this.#asking.abort()
    if (this.#isFree()) {
      const { runtime } = state
      const found = await runtime.find()
      if (found && runtime === state.runtime && this.#isFree() && options.occupant() === null)
        this.#neighbours.takingOver.adoptRun(found)
    }
    change()
    await look()
  }
}

function keepAnswers(life: SupervisorState['life'], probe: (BackendProbe & Timed) | null): void {
  life.probe = probe
  life.misses = probe === null ? 0 : missesAfter(life.misses, probe)
  if (life.misses === 0) life.lastClear = probe
}

function keepReach({ life, history, runtime }: SupervisorState, probe: BackendProbe & Timed): void {
  const isThere = absenceIn(probe) === null
  life.reach = reachAfter(life.reach, probe, isThere)
  if (runtime.unmanaged()?.problem === 'service.external') history.note(probe, isThere)
}

/** Whether what was found shows that a failure is over. */
function isOver(problem: string, found: Presence, probe: BackendProbe | null): boolean {
  if (problem === 'service.web-thread-ended') return true
  if (problem === 'service.start-timeout') return answers(probe)
  return found.unknown !== true && ofDocker.test(problem)
}

const nothing: Changes = { known: true, changes: [] }

/** Compares a container with its files, and what a program was given with the vault; no look waits for it. */
function createPendingLook(state: SupervisorState, change: () => void): () => Promise<void> {
  return coalesce(async () => {
    const { runtime, run } = state
    const found = await (runtime.containers?.changes() ?? (run && runtime.pending?.(run)) ?? nothing)
    // Without Docker, and with a closed vault, nothing is known anew: what was found before is shown.
    if (!found.known && (ofDocker.test(found.why.problem) || runtime.pending)) return
    if (runtime !== state.runtime || run !== state.run) return
    const pending = found.known ? (found.changes[0] ?? null) : null
    const unknown = found.known ? null : found.why
    if (JSON.stringify([pending, unknown]) === JSON.stringify([state.pending, state.pendingUnknown])) return
    Object.assign(state, { pending, pendingUnknown: unknown })
    change()
  })
}
