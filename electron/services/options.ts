import type { GoldenRan, PanelEvent, ProvedRung, RuntimeKind, ServiceConfig, ServiceReach } from '../../shared/contract'
import type { Listen } from '../async/listeners'
import type { Compose } from '../compose/program/compose'
import type { Engine } from '../docker/engine'
import type { ImageBackend } from '../kinds/backend'
import type { DataPaths } from '../storage/paths'
import type { Redactor } from '../vault/redactor'
import type { LastGenerations } from './checks'
import type { GpuSource } from './gpu-room'
import type { Listening } from './ports'
import type { ServiceEntries } from './registry'
import type { Giving } from './secrets/giving'
import type { Runtime } from './runtimes/runtime'

export type ServiceEvent = Extract<PanelEvent, { type: 'service' | 'service-removed' }>

export interface ServicesOptions {
  /** The services' part of the configuration file. */
  config: ServiceEntries
  paths: Pick<DataPaths, 'services'>
  /** Absolute paths of the bundled programs. */
  programs: { simulator: string; guardian: string }
  /** Called again when a service's configuration changed. */
  backendFor: (service: ServiceConfig) => ImageBackend
  /** Lends native programs what their arguments and environments refer to in the vault. */
  giving: Giving
  /** Replaces secrets in a line of output. */
  redact: (text: string) => string
  /** Learns what containers were given, while their logs are read; left out where there are none. */
  redactor?: Redactor
  publish: (event: ServiceEvent) => void
  /** What happens in the panel: a generation that has ended. */
  listen?: Listen<[PanelEvent]>
  /** Whether a page is open; without one, services are looked at rarely. */
  watched: () => boolean
  /** Tells that a page was opened. */
  onWatched?: Listen<[]>
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
  /** The Docker engine, for services in containers. */
  engine?: Engine
  /** Compose, for services that live in a project of it. */
  compose?: Compose
  /** The GPUs, for services that must share them. */
  gpus?: GpuSource
  /** The last generations of a service, by its id. */
  lastGenerations?: (id: string) => LastGenerations
  /** What the last golden check of a service showed, by its id, of what runs there now; null: none was made. */
  proved?: (id: string, now: GoldenRan) => ProvedRung | null
  /** What a service took of its card in its last golden check, in MiB; null: none was made, or it was not to be seen. */
  peak?: (id: string) => number | null
  /** Where it is kept whether services could be reached; left out: nowhere. */
  reach?: {
    of(serviceId: string): ServiceReach | null
    note(serviceId: string, reach: ServiceReach): void
    forget(serviceId: string): void
  }
  /** Resolves when what was asked of a service a moment ago is answered: waited for before it is ended. */
  settle?: (serviceId: string) => Promise<void>
  /** Where Regie itself listens now, which no service may have; a function of parts that are built later. */
  listening?: () => readonly Listening[]
  /** In place of a runtime's own patience. */
  timing?: Partial<Record<RuntimeKind, Partial<Pick<Runtime, 'startTimeoutMs' | 'stopGraceMs'>>>>
}
