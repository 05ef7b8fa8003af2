import type { GpuAsk } from '../files/gpus'
import type { ComposeProject, ComposeSpec, OperationStep } from '../../../shared/contract'
import type { Recreating } from './arguments'
import type { Dependency } from './dependencies'

export interface ComposeRun {
  /** Told of every step as the program tells of it. */
  onStep?: (step: OperationStep) => void
  /** Ends the program and what it started. */
  signal?: AbortSignal
}

/** From what a project is derived. */
export interface DeriveFrom {
  spec: ComposeSpec
  /** Name of the derived project. */
  project: string
  /** Settings that its environment file does not have yet. They must not be secrets. */
  settings?: Record<string, string>
  signal?: AbortSignal
}

/**
 * A project that no file describes: its model is another's, changed. It is given to Compose through a pipe and never a
 * file, for every secret stands in it; it lives as long as this object.
 */
export interface DerivedProject {
  build(service: string, options?: ComposeRun): Promise<void>
  /** Makes the service's container anew and starts it, alone. */
  up(service: string, options?: ComposeRun): Promise<void>
}

/** The Compose program (`docker compose`, else `docker-compose`): argv arrays only, never a shell. */
export interface Compose {
  /** Which program it is. Throws a Problem `compose.cli-missing` when there is none. */
  program(): Promise<{ program: 'plugin' | 'standalone'; version: string }>
  /**
   * Makes a service's container if there is none, and starts it, after what it depends on; recreates one only where
   * that is asked for, and then leaves its dependencies alone.
   */
  up(spec: ComposeSpec, options?: ComposeRun & { recreate?: Recreating }): Promise<void>
  /** The same for other services of the project, by their names; for all of them where none is named. Never recreates. */
  start(spec: ComposeSpec, services: readonly string[], options?: ComposeRun): Promise<void>
  /** Stops every container of the project. */
  stop(spec: ComposeSpec, options?: ComposeRun): Promise<void>
  /** Builds the service's image. */
  build(spec: ComposeSpec, options?: ComposeRun): Promise<void>
  pull(spec: ComposeSpec, options?: ComposeRun): Promise<void>
  /** Stops and removes the project's containers and networks; never its volumes. */
  down(spec: ComposeSpec, options?: ComposeRun): Promise<void>
  /** The merged and interpolated configuration, as `compose config` prints it, read by a schema. */
  config(spec: Pick<ComposeSpec, 'file' | 'overrides' | 'profiles' | 'project' | 'envFile'>): Promise<ComposeConfig>
  /**
   * The configuration, with the hash of each service's part as a container made from it now would carry it. Kept until
   * a file or the environment changes; the values of variables are replaced by their fingerprints.
   */
  rendered(spec: ComposeSpec): Promise<RenderedProject>
  /** The project's name: given, else as Compose tells it; as far as it can be told where Compose cannot be asked. */
  projectName(spec: ComposeSpec): Promise<string>
  /** A project of another's model, changed; nothing of it is written to a file. Throws what Compose finds wrong. */
  derive(from: DeriveFrom, change: (model: unknown) => object): Promise<DerivedProject>
  /** The projects that have containers, by their labels. */
  projects(): ComposeProject[]
  /** Reads a project from its files. */
  readProject(files: {
    file: string
    overrides?: string[] | undefined
    profiles?: string[] | undefined
    envFile?: string | undefined
    project?: string | undefined
  }): Promise<ComposeProject>
}

export interface RenderedProject extends ComposeConfig {
  hashes: Record<string, string>
  /** The version of the program that rendered it: releases hash in ways of their own. */
  version: string
}

/** What Regie reads of a merged configuration. */
export interface ComposeConfig {
  name: string
  services: Record<
    string,
    {
      image: string | null
      containerName: string | null
      environment: Record<string, string | null>
      ports: { hostIp: string; hostPort: number; containerPort: number }[]
      volumes: { type: string; source: string; target: string; readOnly: boolean }[]
      /** GPUs asked for: UUIDs or indices as written, or `all`, or a count. */
      gpuIds: string[]
      /** The same as it is asked; left out where nothing is. */
      gpuAsks?: GpuAsk[]
      /** `null`: the image's own. One word when Compose left it to a shell to cut. */
      command: string[] | null
      entrypoint: string[] | null
      /** As written, e.g. `host`; absent for the project's own network. */
      networkMode?: string
      dependsOn: Dependency[]
      /** Whether its image is built from the files. */
      hasBuild: boolean
      /** How many containers of it are asked for, where that is said. */
      replicas?: number
    }
  >
}
