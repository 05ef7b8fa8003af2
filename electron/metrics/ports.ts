import type {
  About,
  Attention,
  Credential,
  Gateway,
  GpuReport,
  PanelEvent,
  Service,
  VaultStatus,
} from '../../shared/contract'
import type { Listen } from '../async/listeners'
import type { Figures } from '../ledger'

/** Told of all that is counted to a service, as it is counted. */
export type CountedListener = (service: string, what: Partial<Figures>) => void

/** What the metrics are read from. What cannot be had just now is null, and has no series then. */
export interface MetricsPorts {
  about: () => Pick<About, 'version' | 'commit' | 'startedAt'>
  services: () => readonly Service[]
  gpus: () => Promise<GpuReport>
  /** Jobs that wait in Regie's lines. */
  waiting: () => readonly { serviceId: string }[]
  gateway: () => Pick<Gateway, 'listeners'>
  sleepers: () => Promise<Gateway['sleepers']>
  vault: () => Pick<VaultStatus, 'state'>
  /** Null while the vault is locked. */
  credentials: () => Promise<readonly Credential[] | null>
  /** Null where it cannot be told just now. */
  attention: () => Promise<Pick<Attention, 'items'> | null>
  listen: Listen<[PanelEvent]>
  onCounted: (listener: CountedListener) => () => void
}
