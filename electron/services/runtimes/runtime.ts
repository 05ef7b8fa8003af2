import type {
  OperationStep,
  PendingChange,
  ServiceConfig,
  ServiceContainer,
  ServiceProject,
  StartPlan,
} from '../../../shared/contract'
import type { Reason } from '../../../shared/problems'
import type { Container } from '../../docker/engine'
import type { Log } from '../../logs/log'
import type { ContainerFacts } from '../container/facts'
import type { Exit } from '../../system/exit-codes'
import type { GivenMark } from '../secrets/giving'

/** One life of a service, from its start to its end. */
export interface Run {
  /** The program's process; `null` where the runtime has no single one. */
  pid: number | null
  /** Resolves at once when the program has ended, whoever ended it. Never rejects. */
  ended: Promise<Exit>
  /** What it was given of the vault at its start; absent where that is not known. */
  given?: readonly GivenMark[]
  /** Ends it and all that it started; asks first, kills after `graceMs`. False when something would not end. */
  stop(graceMs: number): Promise<boolean>
}

/** Takes the output of a program, as it comes. */
export interface OutputSink {
  push(stream: 'stdout' | 'stderr', chunk: Uint8Array): void
  end(stream: 'stdout' | 'stderr'): void
}

/** What the `present` rung is proved by. */
export interface Presence {
  asked: string
  answered: string
  reason: Reason | null
  /** What the engine said of its container just now, where it lives in one. */
  facts?: ContainerFacts
  /** Nothing can be seen now: what was last known of the program holds. */
  unknown?: boolean
}

/** How one service lives: made when the service is registered, and again when its configuration changed. */
export interface Runtime {
  /** Why this runtime cannot start or stop anything; `null` when it can. */
  unmanaged(): Reason | null
  /** It is never anything but what Regie started: whatever else answers at its address is another program. */
  runsOnlyOwn?: true
  /** How long a start may take until the service listens, in ms. */
  startTimeoutMs: number
  /** How long a stop may take before it becomes a kill, in ms. */
  stopGraceMs: number
  /** Whether what is needed to start it is there. */
  presence(): Promise<Presence>
  /** Starts it. Resolves when the program runs (not: listens); throws a Problem when it could not be started. */
  launch(output: OutputSink, work: Work): Promise<Run>
  /** The run that an earlier panel started and that still lives, if any. */
  find(): Promise<Run | null>
  /** What was changed since a run of it was started and reaches it at its next start alone. */
  pending?(run: Run): Promise<Changes>
  /** What it can do beyond that, where the service lives in a container. */
  containers?: ContainerRuntime
  /** A log of its own, where the program's output does not come through Regie; `find` is asked for the container. */
  openLog?(find: () => Container | null): Log
  /** Whether it can go on as it is with a changed configuration; where it cannot, the service gets a new one. */
  goesOnWith?(changed: ServiceConfig): boolean
  /** Its service is gone, or has a new one: it listens to nothing more. A run of it is not ended. */
  close?(): void
}

/** What was found: changes, or why nothing could be found. */
export type Changes = { known: true; changes: PendingChange[] } | { known: false; why: Reason }

/** Tells of the steps of a long operation, and is told when it is cancelled. */
export interface Work {
  onStep: (step: OperationStep) => void
  signal: AbortSignal
}

/** A project before it is known which of its services Regie looks after. */
export type ProjectView = Omit<ServiceProject, 'services'> & {
  services: Omit<ServiceProject['services'][number], 'serviceId'>[]
}

/** What only a runtime with containers can do. Every operation throws a Problem when it fails. */
export interface ContainerRuntime {
  /** The container in the engine's list, as last seen. */
  listed(): Container | null
  /** The container behind the service, as last seen. */
  container(): ServiceContainer | null
  /** What the engine said of it when it was last asked; null where it was not yet, or there is none. */
  facts(): ContainerFacts | null
  /** What the files ask for and the container does not have, the weightiest first, or why that cannot be told. */
  changes(): Promise<Changes>
  /** Why a recreate would cost more than it is asked for; `null` when it would not. */
  recreateRefusal(): Promise<Reason | null>
  /** What a start would do, and why; never a recreate: what differs is told in the reasons. */
  plan(): Promise<Pick<StartPlan, 'action' | 'reasons'>>
  /** Restarts the same container: it reads its mounted files again, and keeps its environment. */
  restart(work: Work): Promise<Run>
  /** Wakes a paused container where it stood; does nothing to one that is not paused. */
  unpause(work: Work): Promise<void>
  /**
   * Recreates the container and starts it: what was written inside it, and in no volume, is lost. Refused as
   * `recreateRefusal` tells, unless these files are to be left out.
   */
  recreate(work: Work, leaveOutFiles?: boolean): Promise<Run>
  /** Builds the image from the files. Throws `compose.nothing-to-build` where they name one that is ready. */
  build(work: Work): Promise<void>
  /** Starts a container of what the files and the image are now: recreates the one that is there only if they differ. */
  renew(work: Work): Promise<Run>
  /** The project that the service belongs to. Throws a Problem when its files cannot be read. */
  project(): Promise<ProjectView>
  projectName(): Promise<string>
  /** The project's other services of which nothing runs; none where its files tell nothing. */
  leftStopped(): Promise<string[]>
  /** Starts the project's services but for some, by their names in the files; recreates none. */
  startOthers(except: readonly string[], work: Work): Promise<void>
  /** Stops all containers of the project. */
  stopProject(work: Work): Promise<void>
  pull(work: Work): Promise<void>
  down(work: Work): Promise<void>
  /** Its container goes with its project, which another service takes down until `done`; throws what that throws. */
  takenDown(done: Promise<unknown>): Promise<void>
}
