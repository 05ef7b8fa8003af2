import type { Capabilities, GenerationParams, ProofRow, ServiceKind, WorkflowInput } from '../../shared/contract'
import type { Problem, Reason } from '../../shared/problems'
import type { Redact } from '../logs/cutting'
import type { LendSecret, Secret } from '../vault/secret'
import type { NodeClasses } from './comfyui/class-inputs'
import type { Graph } from './comfyui/graph'
import type { AnswerReader } from './reading/reader'

/** A picture to generate from. */
export interface InputPicture {
  bytes: Buffer
  mime: 'image/png' | 'image/jpeg' | 'image/webp'
  width: number
  height: number
}

/** A version of a workflow that somebody imported, as it is run. */
export interface ImportedWorkflow {
  name: string
  version: number
  /** In API format, with the values that it was saved with. */
  graph: Graph
  /** What may be set in it. */
  form: readonly WorkflowInput[]
  /** Inputs that take the value of one of the form, by its id. */
  together: Readonly<Record<string, readonly { node: string; input: string }[]>>
}

/** Where a backend is and how it is opened. */
export interface BackendTarget {
  serviceId: string
  kind: ServiceKind
  url: string
  lendSecret: LendSecret
  /** Takes the secrets that Regie knows out of what the service says. */
  redact: Redact
  /** Reads long answers away from the event loop; left out, they are read where they come. */
  reader?: AnswerReader
  /** A job's place in the line that the service keeps itself (the lower goes first); null, or left out: as it counts. */
  numberFor?: (jobId: string) => number | null
  /** A picture that somebody gave, by its id. Throws a Problem for an unknown one. Left out where there are none. */
  readInput?: (id: string) => Promise<InputPicture>
  /** An imported workflow, by its id; left out: its newest version. Throws a Problem for an unknown one. */
  readWorkflow?: (id: string, version?: number) => Promise<ImportedWorkflow>
  /** Where an answer with pictures lies while it is taken, made when it is needed; left out, the system's own folder. */
  spoolFolder?: string
}

/** Evidence of one probe of the health ladder: what was asked and what came back, in protocol terms. */
export interface ProbeEvidence {
  rung: 'listening' | 'authenticated' | 'ready'
  outcome: 'proven' | 'refused' | 'failed'
  asked: string
  answered: string
  tookMs: number
  /** Always set when the outcome is not `proven`; on a proven rung it is a caveat, e.g. that the server is open. */
  reason?: Reason
  /** What answers may not be all there yet: in some seconds it may answer otherwise. */
  settling?: boolean
  /** Which version of the program answered, where it tells. */
  version?: string
}

/** Result of climbing from `listening` to `ready`; stops at the first rung that is not proven. */
export interface BackendProbe {
  evidence: ProbeEvidence[]
  model: string | null
  /** `waiting` is null where it is told nowhere. */
  queue: { running: number; waiting: number | null } | null
}

/** One file as the backend made it: an image, a video, or something else. It is held by nobody: it is on its way, or still on the service. */
export interface BackendImage {
  /** Its file, piece by piece, fetched when the first is asked for. Throws a Problem when it cannot be had. */
  pieces: () => AsyncIterable<Uint8Array>
  /** The folder in which the service itself keeps it, as the service names it; null where it keeps none. */
  place: string | null
  /** The file's name there; null where it has none. */
  name: string | null
}

/**
 * What happens to one generation, in order. The stream ends after `done` or `cancelled`, or throws a Problem whose
 * `detail` parameter, if any, holds the service's own words.
 */
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
  /** To be taken, or left, before the next event is asked for. */
  | { type: 'image'; image: BackendImage }
  | { type: 'done'; cached: boolean; warnings: Reason[] }
  /**
   * Interrupted, by the caller's signal or by somebody else on the service. `remains`: the job is still there, in line
   * or at work; `interrupt` takes it off when that becomes possible.
   */
  | { type: 'cancelled'; remains?: boolean; warnings?: Reason[] }

/**
 * What a service still knows of a job that an earlier run of the panel submitted. `cached` and `warnings` as in
 * `done`.
 */
export type RecoveredJob =
  | { state: 'running' }
  | { state: 'succeeded'; images: BackendImage[]; cached: boolean }
  | { state: 'cancelled' }
  | { state: 'failed'; problem: Problem }

/**
 * The reason to abort `generate` with when the panel stops: the connection is closed, but the job stays on the
 * service, where `recover` finds it at the next start.
 */
export const detached = Symbol('detached')

type Resolved = 'seed' | 'steps' | 'cfg' | 'width' | 'height' | 'sampler' | 'scheduler' | 'batch'

type OfImported = 'workflowVersion' | 'values'

/** Parameters for a family of models, with every default filled in and the seed drawn. */
export type FamilyParams = Omit<GenerationParams, Resolved | OfImported> & {
  [K in Resolved]: NonNullable<GenerationParams[K]>
} & { [K in OfImported]?: undefined }

/**
 * Parameters for an imported workflow: which version, and its inputs that are otherwise than in it, seeds and the prompt
 * always among them. What else is there tells what its inputs of a usual role are set to, for people who look at the record; where it
 * has none of a role, nothing stands in its place.
 */
export type ImportedParams = GenerationParams & { workflow: string } & {
  [K in OfImported]-?: NonNullable<GenerationParams[K]>
}

/** Parameters as a service is asked with them. */
export type ResolvedParams = FamilyParams | ImportedParams

/** Whether an imported workflow is run, not a family of models. */
export const isImported = (params: ResolvedParams): params is ImportedParams => params.workflowVersion !== undefined

/** Whether a service takes a graph, as it says itself; null where it could not be asked, as the reason says. */
export interface Acceptance {
  accepted: boolean | null
  tookMs: number | null
  reason: Reason | null
}

/** What imported workflows are asked of. */
export interface NodeQuestions {
  /** What the service tells of classes of nodes now; those that it does not have are left out. Throws a Problem. */
  classes(types: Iterable<string>, signal: AbortSignal): Promise<NodeClasses>
  /**
   * Asks without running anything. `given`: inputs that get a picture when it runs, so that one that is not there now does
   * not matter. Throws a Problem where the service does not answer.
   */
  accepts(
    graph: Graph,
    given: readonly Pick<WorkflowInput, 'node' | 'input'>[],
    signal: AbortSignal,
  ): Promise<Acceptance>
}

/** A card as a service itself tells of it. In MiB. */
export interface BackendDevice {
  /** As PyTorch calls it; null where the service does not say. */
  name: string | null
  /** PyTorch's number of it, within what the service sees; null where it does not say. */
  index: number | null
  totalMiB: number
  /** What is free on the card, whoever holds the rest. */
  freeMiB: number
  /** What PyTorch has taken for models and work; the driver's context of the process comes on top. Null: not told. */
  reservedMiB: number | null
  /** What of that holds something; the rest is kept for the next job. Null: not told. */
  activeMiB: number | null
}

/** How a job ended, as its service remembers it. */
export interface EndedJob {
  outcome: 'succeeded' | 'failed' | 'cancelled'
  /** Answered from the cache alone. */
  cached: boolean
  /** When it began and ended by the service's own clock (Unix ms); null where it does not tell. */
  ran: { from: number; to: number } | null
  /** Files that it made. */
  images: number
}

/** What a service remembers of the jobs that it was given, by whomever. Calls throw a Problem where it does not answer. */
export interface JobMemory {
  /** Null where it has not ended, or nothing is known of it. */
  ended(jobId: string, signal: AbortSignal): Promise<EndedJob | null>
  /** The ids of what runs and what waits. */
  queued(signal: AbortSignal): Promise<{ running: string[]; waiting: string[] }>
}

/** One image generator behind its HTTP API. Calls throw a Problem on expected failures. */
export interface ImageBackend {
  /** `upTo`: the last rung that is climbed; left out, all are. */
  probe(signal: AbortSignal, upTo?: 'authenticated'): Promise<BackendProbe>
  capabilities(signal: AbortSignal): Promise<Capabilities>
  /** What runs and waits on the service now, whoever asked for it; `waiting` is null where it is told nowhere. */
  queueState(signal: AbortSignal): Promise<{ running: number; waiting: number | null }>
  /** Fills in defaults and checks the choices against what the service has; throws a Problem that lists what is there. */
  resolve(params: GenerationParams, signal: AbortSignal): Promise<ResolvedParams>
  /**
   * `jobId` is a UUID that the caller chose. Aborting the signal cancels the job on the service, then ends the stream
   * with `cancelled` (with the reason `detached` it ends at once and leaves the job alone).
   */
  generate(jobId: string, params: ResolvedParams, signal: AbortSignal): AsyncGenerator<BackendEvent, void, undefined>
  /**
   * Follows a job that an earlier run of the panel submitted and that still waits or runs (`recover` says so), as
   * `generate` does. Left out where a job can only be waited for.
   */
  follow?(jobId: string, signal: AbortSignal): AsyncGenerator<BackendEvent, void, undefined>
  /**
   * Picks up a job that an earlier run of the panel submitted: its outcome if the service still knows it
   * (ComfyUI's queue and history), else null.
   */
  recover(jobId: string, signal: AbortSignal): Promise<RecoveredJob | null>
  /**
   * Takes one job off the service, queued or running, and resolves when it is off: where a waiting job cannot be
   * withdrawn (Forge), that is after its turn has come. Touches no job that is not known to be this one. Null stops
   * whatever runs there.
   */
  interrupt(jobId: string | null, signal: AbortSignal): Promise<void>
  /**
   * The same of a job that somebody else has sent, by the name that it has on the service. False: the service does not
   * tell which job is this one, and nothing was touched.
   */
  takeOff(name: string, signal: AbortSignal): Promise<boolean>
  freeMemory(signal: AbortSignal): Promise<void>
  /** The cards that the service says it works on, with what it holds there; none where it has none, or does not tell. */
  devices(signal: AbortSignal): Promise<BackendDevice[]>
  /** Left out where a kind remembers no jobs. */
  jobs?: JobMemory
  /** The classes of nodes that others than the program's makers brought, sorted; left out where a kind has no nodes. */
  customNodes?(signal: AbortSignal): Promise<string[]>
  /** Left out where a kind has no nodes. */
  nodes?: NodeQuestions
}

/** What came back from one question to a surface. */
export interface SurfaceAnswer {
  /** The HTTP status; 101 for a WebSocket that opened. */
  status: number
  /** Whether it turned the asker away (`isRefusal`, or the form's own way to say so). */
  refused: boolean
}

/** One protected surface of a kind of service, asked with any secret or none. */
export interface Surface {
  surface: ProofRow['surface']
  purpose: ProofRow['purpose']
  /** The status of the usual refusal without or with a wrong credential (any refusal will do), and of the right one. */
  expect: { none: number; wrong: number; right: number }
  /**
   * Left out when every deployment of this kind has the surface. Otherwise tells whether this one does (Forge's login
   * form exists only with `--gradio-auth`): a surface that does not apply proves nothing and is not counted.
   */
  applies?(url: string, signal: AbortSignal): Promise<boolean>
  /** Throws a Problem when nothing answers. */
  ask(url: string, secret: Secret | null, signal: AbortSignal): Promise<SurfaceAnswer>
}

/** Browser sessions of a kind of service: a person signs in once, and a cookie opens the door from then on. */
export interface Sessions {
  /** What is asked with a cookie. */
  surface: ProofRow['surface']
  /** Status expected without or with a dead cookie, and with a living one. */
  expect: Surface['expect']
  /** A cookie that no server has given. */
  madeUp: string
  /** What they live in: the file of a key that seals them, or the memory of the process. */
  endedBy: 'key' | 'process'
  /** The surface that tells whether the service knows a secret: only then may anybody sign in with it. */
  provenBy: ProofRow['purpose']
  /** Signs in. Answers the cookie, or what came back in its place. Throws a Problem when nothing answers. */
  open(url: string, secret: Secret, signal: AbortSignal): Promise<{ cookie: string } | SurfaceAnswer>
  /** Throws a Problem when nothing answers. */
  ask(url: string, cookie: string | null, signal: AbortSignal): Promise<SurfaceAnswer>
}
