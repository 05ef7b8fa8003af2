import type { PanelEvent, Service, ServiceLoad, TimelineEntry, TimelineKind } from '../../shared/contract'
import type { Problem, Reason } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import type { IdleTimes } from '../ledger'
import type { SleepClock } from './clock'

export interface SleepingOptions {
  services: {
    list: () => Service[]
    start: (id: string) => Promise<Service>
    stop: (id: string) => Promise<Service>
    freeMemory: (id: string) => Promise<Service>
    /** Throws a Problem while something is done to it, or an update has it for itself. */
    assertFree: (id: string) => void
  }
  /** Whether something runs there, whoever asked for it. Must not throw for what the service does. */
  loadOf: (id: string) => Promise<ServiceLoad>
  /** Regie's own generations on a service that have not ended. */
  own: (id: string) => number
  /** The credential that is being rotated and that the service uses; null when none is. */
  rotatingOn: (id: string) => string | null
  /** Whether the vault is open: without it a service cannot be given its secret, and is not started. */
  isOpen: () => boolean
  timeline: {
    during: <T>(
      asked: { serviceId: string; operation: 'start' | 'stop'; name: string; reason: Reason },
      work: () => Promise<T>,
    ) => Promise<T>
    note: (noted: { serviceId: string; kind: TimelineKind; name: string; why: Problem }) => void
    list: (of: { id: string; limit: number }) => Promise<{ items: TimelineEntry[] }>
  }
  /** What the panel before this one had watched, and what this one does. */
  kept: IdleTimes
  /** What happens in the panel. */
  listen: Listen<[PanelEvent]>
  /** Told when what `read` answers is another. */
  changed: () => void
  clock?: SleepClock
  /** Takes what is no expected failure. */
  reportBug: (error: unknown) => void
}
