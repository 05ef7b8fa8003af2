import type { Capabilities, GenerationParams, ProofRow, ServiceKind } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import type { LendSecret, Secret } from '../vault/secret'

/** Where a backend is and how it is opened. */
export interface BackendTarget {
  serviceId: string
  kind: ServiceKind
  url: string
  lendSecret: LendSecret
}

/** Evidence of one probe of the health ladder: what was asked and what came back, in protocol terms. */
export interface ProbeEvidence {
  rung: 'listening' | 'authenticated' | 'ready'
  outcome: 'proven' | 'refused' | 'failed'
  asked: string
  answered: string
  tookMs: number
  /** Set when the outcome is not `proven`. */
  reason?: Reason
}

/** Result of climbing from `listening` to `ready`; stops at the first rung that is not proven. */
export interface BackendProbe {
  evidence: ProbeEvidence[]
  model: string | null
  queue: { running: number; waiting: number } | null
}

/** One image as the backend made it, with its file bytes unchanged. */
export interface BackendImage {
  bytes: Uint8Array
  mime: string
}

/** What happens to one generation, in order. The stream ends after `done`, or throws a Problem. */
export type BackendEvent =
  | { type: 'queued'; position: number | null }
  | { type: 'running' }
  | {
      type: 'progress'
      phase: 'loading' | 'sampling' | 'decoding' | 'saving'
      step: number | null
      steps: number | null
      fraction: number | null
    }
  | { type: 'preview'; mime: 'image/jpeg' | 'image/png' | 'image/webp'; bytes: Uint8Array; step: number | null }
  | { type: 'image'; image: BackendImage }
  | { type: 'done'; cached: boolean; warnings: Reason[] }

/** Parameters with every default filled in and the seed drawn. */
export type ResolvedParams = GenerationParams &
  Required<Pick<GenerationParams, 'seed' | 'steps' | 'cfg' | 'width' | 'height' | 'sampler' | 'scheduler' | 'batch'>>

/** One image generator behind its HTTP API. Calls throw a Problem on expected failures. */
export interface ImageBackend {
  probe(signal: AbortSignal): Promise<BackendProbe>
  capabilities(signal: AbortSignal): Promise<Capabilities>
  /** Fills in defaults and checks the choices against what the service has; throws a Problem that lists what is there. */
  resolve(params: GenerationParams, signal: AbortSignal): Promise<ResolvedParams>
  /** `jobId` is a UUID that the caller chose. Aborting the signal cancels the job on the service, then ends the stream. */
  generate(jobId: string, params: ResolvedParams, signal: AbortSignal): AsyncGenerator<BackendEvent, void, undefined>
  /**
   * Picks up a job that an earlier run of the panel submitted: its outcome if the service still knows it
   * (ComfyUI's history), else null.
   */
  recover(
    jobId: string,
    signal: AbortSignal,
  ): Promise<{ state: 'succeeded'; images: BackendImage[] } | { state: 'running' } | null>
  interrupt(signal: AbortSignal): Promise<void>
  freeMemory(signal: AbortSignal): Promise<void>
}

/** One protected surface of a kind of service, asked with any secret or none. */
export interface Surface {
  surface: ProofRow['surface']
  purpose: ProofRow['purpose']
  /** Status expected without or with a wrong credential, and with the right one. */
  expect: { none: number; wrong: number; right: number }
  /** Returns the HTTP status (101 for a WebSocket that opened). Throws a Problem when nothing answers. */
  ask(url: string, secret: Secret | null, signal: AbortSignal): Promise<number>
}
