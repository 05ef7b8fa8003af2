import type Dockerode from 'dockerode'
import type { EngineStatus, ServiceContainer } from '../../shared/contract'

/** Where Compose made a container from, as its labels say (docker/compose `pkg/api/labels.go`). */
export interface ComposeLabels {
  project: string
  service: string
  /** Absolute path on the machine where Compose ran: it may be a Windows path, or of another machine. */
  workingDir: string
  configFiles: string[]
  environmentFile: string | null
  configHash: string | null
  /** Made by `compose run`: none of the project's own containers. */
  oneOff: boolean
}

/** One container as the engine lists it. */
export interface Container {
  id: string
  name: string
  image: string
  imageId: string
  state: ServiceContainer['state']
  /** The engine's own words, e.g. `Up 3 minutes (healthy)`. */
  status: string
  /** Unix ms. */
  createdAt: number
  ports: { hostIp: string; hostPort: number; containerPort: number }[]
  /** Of its command line what tells which program it is, without secrets. */
  tellingWords?: readonly string[]
  /** As the engine says, e.g. `host` or `project_default`. */
  networkMode?: string
  labels: Record<string, string>
  /** `null` when Compose did not make it. */
  compose: ComposeLabels | null
}

/** One thing that happened to a container, as the engine's event stream tells it. */
export interface ContainerEvent {
  containerId: string
  name: string
  /** `start`, `die`, `oom`, `health_status: healthy`, …: the engine's own word. Exec events are left out. */
  action: string
  /** Unix ms. */
  at: number
  attributes: Record<string, string>
}

export type EngineChange =
  | { type: 'status'; status: EngineStatus }
  /** The list of containers was read anew: after a reconnect, an event, or a slow regular look. */
  | { type: 'containers' }
  /** Each event once, in order, none lost over a reconnect that the engine still remembers. */
  | { type: 'event'; event: ContainerEvent }
  /** An image was pulled, by whomever; its name with tag. `at`: Unix ms. */
  | { type: 'pull'; image: string; at: number }

/** The Docker engine, wherever it is: connects by itself, again and again, and keeps the list of containers current. */
export interface Engine {
  status(): EngineStatus
  /** The client while connected; waits for a first attempt that is under way. Throws a Problem `docker.…` otherwise. */
  client(): Promise<Dockerode>
  /** Every container, stopped ones too, as last seen; empty while there is no engine. */
  containers(): readonly Container[]
  /** Listens to what changes; returns the function that stops it. */
  onChange(listen: (change: EngineChange) => void): () => void
  /** Looks again at once. */
  reconnect(): Promise<EngineStatus>
  /** Uses this address from now on; `null`: Docker's own rules (DOCKER_HOST, context, default). Throws on bad ones. */
  setAddress(address: string | null): Promise<EngineStatus>
  /** What a Compose program needs in its environment to reach the same engine, e.g. `DOCKER_HOST`. */
  environment(): Record<string, string>
  close(): Promise<void>
}
