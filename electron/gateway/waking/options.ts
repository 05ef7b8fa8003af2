import type { Fit, PanelEvent, Service, TimelineEntry } from '../../../shared/contract'
import type { Reason } from '../../../shared/problems'
import type { Listen } from '../../async/listeners'
import type { Rotating } from './condition'
import type { HoldingLimits } from './holding'

export interface WakingOptions {
  services: {
    /** Throws `service.not-found`. */
    get: (id: string) => Service
    start: (id: string) => Promise<Service>
    stop: (id: string) => Promise<Service>
  }
  /** Looks at a service now, so that what is known of it is fresh. */
  look: (serviceId: string) => Promise<void>
  timeline: {
    during: <T>(
      asked: { serviceId: string; operation: 'start' | 'stop'; name: string; reason: Reason },
      work: () => Promise<T>,
    ) => Promise<T>
    /** How long the last starts took until it was ready, in ms. */
    startTimes: (id: string, most: number) => Promise<number[]>
    list: (of: { id: string; limit: number }) => Promise<{ items: TimelineEntry[] }>
  }
  /** Whether its model will find room on its card. */
  fit: (serviceId: string) => Promise<Pick<Fit, 'state' | 'words'>>
  /** What a rotation asks of a service's requests now. */
  rotating: (serviceId: string) => Rotating
  /** Whether the vault is open: without it nothing can be given its secret. */
  isOpen: () => boolean
  /** Work goes on at a service; returns what ends that. */
  work: (serviceId: string) => () => void
  /** Something is read from a service; it is not stopped in the middle of that. */
  reading: (serviceId: string) => () => void
  /** Whether anybody works with a service, or has jobs for it: requests that are held count, pages that wait do not. */
  isUsed: (serviceId: string) => boolean
  /** What happens in the panel. */
  listen: Listen<[PanelEvent]>
  /** How long a request is held at most, in ms. */
  holdMs?: number
  limits?: HoldingLimits
  /** Unix ms, in place of the machine's clock. */
  now?: () => number
  reportBug: (error: unknown) => void
}
