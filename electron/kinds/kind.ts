import type { DoorRow, DoorVerdict, ServiceKind } from '../../shared/contract'
import type { ProblemId } from '../../shared/problems'
import type { BackendTarget, ImageBackend, Sessions } from './backend'
import type { SurfaceRow } from './surfaces'
import type { BackendTiming } from './timing'

/**
 * What Regie knows of a kind of backend, beside what the pages know too (`shared/kinds`). Everything that differs between
 * kinds stands in one of these: topics ask `kindOf` and compare no names.
 */
export interface Kind {
  id: ServiceKind
  /** The client of one service. Opens nothing until it is asked. */
  createBackend(target: BackendTarget, timing: BackendTiming): ImageBackend
  /** All that is asked of a service by proof, exposure test and doctor. */
  surfaces: readonly SurfaceRow[]
  sessions: Sessions
  /** A well-known cause of an open door, whose words say what to do; null for any other. */
  causeOfExposure(rows: ExposureRows): ProblemId | null
}

/** What an exposure test found. */
export interface ExposureRows {
  /** Rows in which a stranger was given control. */
  open: readonly Pick<DoorRow, 'id' | 'with'>[]
  /** Whether any answer of a row was this one. */
  has(id: string, verdict: DoorVerdict): boolean
}
