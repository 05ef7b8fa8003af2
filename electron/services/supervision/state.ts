import type { GoldenRan, ProvedRung, PendingChange, Service, ServiceConfig } from '../../../shared/contract'
import { Problem, type Reason } from '../../../shared/problems'
import type { BackendProbe, ImageBackend } from '../../kinds/backend'
import type { ContainerWatch } from '../container'
import type { CutPlaces } from '../../logs/cutting'
import type { Log } from '../../logs/log'
import type { LastGenerations } from '../checks'
import type { GpuRoom, Turn } from '../gpu-room'
import { missesUntilUnhealthy, type Evidence, type Running } from '../health'
import { ReachHistory, type ReachKept } from '../reach-history'
import type { Timed } from '../timed'
import { newReach, type Reach } from '../unreachable'
import type { Presence, Run, Runtime } from '../runtimes/runtime'

export interface SupervisorOptions {
  config: ServiceConfig
  /** Called for its first runtime, and where a change of its configuration asks for another. */
  makeRuntime: (config: ServiceConfig, onChange: () => void) => Runtime
  backendFor: (config: ServiceConfig) => ImageBackend
  redact: (text: string) => string
  /** Where its output may be cut. */
  places: CutPlaces
  /** Called with every change of what is known. */
  onChange: (service: Service) => void
  reportBug: (error: unknown) => void
  /** Another service of ours that runs at the same address, by id. */
  occupant: () => string | null
  /** Looks into the container behind the service; left out where there are none. */
  containers?: Pick<ContainerWatch, 'look' | 'stopping'> | undefined
  /** The service's last generations, for the checks beside the ladder. */
  lastGenerations?: ((id: string) => LastGenerations) | undefined
  /** What its last golden check showed of what runs now. */
  proved?: ((id: string, now: GoldenRan) => ProvedRung | null) | undefined
  /** Where it is kept whether it could be reached; left out: nowhere. */
  reach?: ReachKept | undefined
  /** Resolves when what was asked of it a moment ago is answered. */
  settle?: ((id: string) => Promise<void>) | undefined
  /** Gives the service its turn on its GPU. */
  room?: Pick<GpuRoom, 'enter' | 'left'> | undefined
}

/** What is known of one life of a service: forgotten at its next start. */
interface Life {
  running: Running
  failure: Reason | null
  probe: (BackendProbe & Timed) | null
  lastClear: (BackendProbe & Timed) | null
  misses: number
  /** Whether it answers, and when it did. */
  reach: Reach
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
  reach: newReach(),
  wasReady: false,
  startedAt,
  turn: null,
})

/** What a supervisor knows of its service; its parts share it. */
export interface SupervisorState {
  config: ServiceConfig
  /** How it is spoken to. */
  backend: ImageBackend
  /** How it lives, of its present configuration. */
  runtime: Runtime
  life: Life
  run: Run | null
  /** The run before, which may have left something behind. */
  former: Run | null
  adopted: boolean
  /** What the last look found. */
  presence: (NonNullable<Evidence['presence']> & Pick<Presence, 'facts'>) | null
  /** What its files ask for and its container does not have yet. */
  pending: PendingChange | null
  /** Why that cannot be told. */
  pendingUnknown: Reason | null
  isStopping: boolean
  /** Whether it answered in the last 24 hours, where only that can be seen of it. */
  history: ReachHistory
}

export const newState = (
  { config, reach }: Pick<SupervisorOptions, 'config' | 'reach'>,
  backend: ImageBackend,
  runtime: Runtime,
): SupervisorState => ({
  config,
  backend,
  runtime,
  life: newLife({ state: 'none' }),
  run: null,
  former: null,
  adopted: false,
  presence: null,
  pending: null,
  pendingUnknown: null,
  isStopping: false,
  history: new ReachHistory(reach),
})

/** What the parts of a supervisor share. */
export interface Supervised {
  readonly state: SupervisorState
  readonly options: SupervisorOptions
  readonly log: Log
  /** Judges its health anew, and tells. */
  readonly change: () => void
  /** One look at what is there and what it answers; a look that is under way is shared. Never rejects. */
  readonly look: () => Promise<void>
  /** Follows a run until it ends; `since` (Unix ms) is where its log begins. */
  readonly follow: (run: Run, since: number) => void
}

/** Gives the turn on the GPU back. */
export function endTurn({ life }: SupervisorState): void {
  life.turn?.end()
  life.turn = null
}

/** Forgets the life before. */
export function beginLife(state: SupervisorState, running: Running, startedAt?: number): void {
  endTurn(state)
  state.life = newLife(running, startedAt)
  state.adopted = false
}

/** The climb whose findings still hold: a busy service's last clear one; none of a program that has ended. */
export function shownProbe({ running, misses, lastClear, probe }: Life): (BackendProbe & Timed) | null {
  if (running.state === 'ended') return null
  return misses < missesUntilUnhealthy ? (lastClear ?? probe) : probe
}

export const problemOf = ({ problem, params }: Reason): Problem => new Problem(problem, params)
