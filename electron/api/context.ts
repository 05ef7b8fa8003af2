import type { About, PanelEvent, Service, Settings } from '../../shared/contract'
import type { ImageBackend } from '../backends'
import type { Compose } from '../docker/compose/compose'
import type { Engine } from '../docker/engine'
import type { Stats } from '../docker/stats'
import type { Shells } from '../docker/shell'
import type { Stacks } from '../docker/stacks/stacks'
import type { Generations } from '../generation'
import type { GpuMonitor } from '../gpu'
import type { Services } from '../services'
import type { ServiceContainers } from '../services/containers'
import type { DoorTests } from '../services/door'
import type { ServiceLinter } from '../services/lint'
import type { Timeline } from '../services/timeline'
import type { Log } from '../storage/log'
import type { Audit, Rotations, Vault } from '../vault'

export type Role = 'user' | 'admin'

/** What only the desktop can do; the shell provides it. */
export interface DesktopActions {
  openFolder(folder: string): Promise<void>
  /** Asks the person for a folder or a file; null when none was chosen. */
  choosePath(kind: 'folder' | 'file', from: string | undefined): Promise<string | null>
}

/** The parts of a running panel that procedures reach. */
export interface PanelParts {
  version: string
  dataFolder: string
  log: Log
  services: Services
  backendOf(serviceId: string): ImageBackend
  vault: Vault
  audit: Audit
  rotations: Rotations
  generations: Generations
  gpus: GpuMonitor
  engine: Engine
  stats: Stats
  timeline: Timeline
  containers: ServiceContainers
  shells: Shells
  door: DoorTests
  compose: Compose
  linter: ServiceLinter
  stacks: Stacks
  events: { subscribe(signal?: AbortSignal): AsyncGenerator<PanelEvent, void, undefined>; subscriberCount(): number }
  settings: { read(): Settings; change(change: Partial<Settings>): Settings }
  about(): About
  /** Adds the two simulated services and their credentials where they are missing. */
  addSimulators(who: string): Promise<Service[]>
  desktop: DesktopActions | null
}

/** Signing in and out; only the HTTP door has it. */
export interface SessionActions {
  /** Returns the role and the cookie to set. Throws a Problem. */
  signIn(token: string): { role: Role; cookie: string }
  /** Ends the caller's session and returns the cookie that clears it. */
  signOut(): { cookie: string }
}

/** Who calls, and through which door. `role` is null for somebody who has not signed in. */
export interface Caller {
  door: 'desktop' | 'http'
  role: Role | null
  session: SessionActions | null
}

/** What every procedure gets beside its input. */
export interface ApiContext {
  parts: PanelParts
  caller: Caller
  /** Headers of the answer; absent over a WebSocket. */
  resHeaders?: Headers
}
