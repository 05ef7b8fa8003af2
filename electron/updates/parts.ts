import type {
  GpuReport,
  LogLine,
  Operation,
  PanelEvent,
  Service,
  ServiceConfig,
  ServiceLoad,
  StartPlan,
} from '../../shared/contract'
import type { Problem } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import type { Audit } from '../audit/audit'
import type { Compose } from '../compose/program/compose'
import type { Credentials } from '../credentials'
import type { Engine } from '../docker/engine'
import type { ImageBackend } from '../kinds/backend'
import type { ServiceClaim } from '../services/services'
import type { RecognisedStack } from '../stacks/recognise'

/** What updates need of the rest of the panel. */
export interface UpdateParts {
  /** Folder that holds the ready-made stacks. */
  templates: string
  /** The journal, and the folder with what may have to be put back. */
  journalFile: string
  filesFolder: string
  audit: Audit
  engine: Engine
  compose: Compose
  gpus: { report(): Promise<GpuReport> }
  credentials: Credentials
  services: {
    list(): Service[]
    get(id: string): Service
    config(id: string): ServiceConfig
    claim(id: string, why: () => Problem): ServiceClaim
    startPlan(id: string): Promise<StartPlan>
    logs(id: string, tail: number): Promise<LogLine[]>
    probe(id: string): Promise<Service>
  }
  /** Speaks to a service, or to the same service at another address. */
  backendFor(service: Pick<ServiceConfig, 'id' | 'kind' | 'url' | 'credentialId'>): ImageBackend
  /** Whether something runs on a service. */
  loadOf(serviceId: string): Promise<ServiceLoad>
  /** Says from which stack a folder was made, by its files; null for any other folder. */
  recognise(folder: string): Promise<RecognisedStack | null>
  /** Lets the timeline know who asks for what happens to a service. */
  during<T>(asked: { serviceId: string; operation: Operation; name: string }, work: () => Promise<T>): Promise<T>
  listen: Listen<[PanelEvent]>
  publish(event: Extract<PanelEvent, { type: 'update' }>): void
  redact: (text: string) => string
  reportBug: (error: unknown) => void
  patience?: Partial<Patience>
}

/** How long things may take, in ms. */
export interface Patience {
  /** Until a new container answers. */
  startMs: number
  /** Until an answer is definite, once it answers. */
  proofMs: number
  /** Until a test picture is done. */
  pictureMs: number
  /** Until nothing runs on the old version any more, before it is switched. */
  idleMs: number
}

export const usualPatience: Patience = {
  startMs: 15 * 60_000,
  proofMs: 60_000,
  pictureMs: 15 * 60_000,
  idleMs: 5 * 60_000,
}
