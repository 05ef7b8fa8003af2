import type {
  Credential,
  CredentialInput,
  Deployment,
  GpuReport,
  Service,
  ServiceConfig,
  VaultStatus,
} from '../../shared/contract'
import type * as z from 'zod'
import type { Compose } from '../compose/program/compose'
import type { Engine } from '../docker/engine'

/** What deployments need of the rest of the panel. */
export interface StackParts {
  /** Folder that holds the ready-made stacks. */
  templates: string
  engine: Pick<Engine, 'status' | 'containers' | 'client'>
  compose: Pick<Compose, 'program' | 'config'>
  gpus: { report(): Promise<GpuReport> }
  vault: { status(): VaultStatus }
  credentials: {
    has(id: string): boolean
    create(
      input: z.input<typeof CredentialInput>,
      who: string,
      options?: { writesSinks?: boolean },
    ): Promise<Credential>
    remove(id: string, who: string): Promise<unknown>
  }
  services: {
    list(): Service[]
    create(config: ServiceConfig): Service
    start(id: string): Promise<Service>
    cancel(id: string): Promise<Service>
    down(id: string): Promise<Service>
    remove(id: string): Promise<void>
  }
  publish(event: { type: 'deployment'; deployment: Deployment }): void
  /** Takes what is no expected failure. */
  reportBug(error: unknown): void
}
