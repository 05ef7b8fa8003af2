import type { IncomingHttpHeaders } from 'node:http'
import type { AccountId, Role } from '../../shared/contract'

/** What is asked of a service through the gateway, as far as a kind reads it. */
export interface GatewayQuestion {
  method: string
  /** The pathname as it was sent, and as it will be sent on. */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  isUpgrade: boolean
}

/**
 * Who may ask a route.
 * - `everybody`: goes through unread, and streams.
 * - `admin`: hits everybody, tells of everybody, or is spelled as no client spells it: refused to users.
 * - `unknown`: not on the list: refused to users unless the service's switch allows it; then it goes through unread.
 * - `job`: starts work. `own`: a user's own things only. Both pass through `Isolation.handle`, whoever asks.
 */
export type Route =
  | { rule: 'everybody' }
  | { rule: 'admin' }
  | { rule: 'unknown' }
  | { rule: 'job' }
  | { rule: 'own'; startsWork?: JobPeek }

/** For a route that starts work only with certain bodies: what its first bytes tell. */
export interface JobPeek {
  /** So many bytes of the body tell it; fewer where the body is shorter. */
  bytes: number
  test: (head: Uint8Array) => boolean
}

/** Who asks. */
export interface Visitor {
  account: AccountId
  keyId: string | null
  role: Role
}

/** What belongs to people: jobs of ComfyUI, jobs of Forge, files of either. */
export type OwnedThing = 'prompt' | 'task' | 'file'

/** Who owns what on one service. What was never noted is nobody's: seen by administrators only. */
export interface Owners {
  /** Readable at once. The first owner of an id stays. */
  note: (what: OwnedThing, id: string, who: { account: AccountId; key: string | null }) => void
  of: (what: OwnedThing, id: string) => { account: AccountId } | null
}

/** What a kind may use of the gateway for one service. */
export interface GatewayWorld {
  owners: Owners
  /** Whether the service's switch lets users ask routes (and get messages) that are not on the list. */
  unknownRoutes: () => boolean
  /** The place in ComfyUI's line for this person's next job (lower runs first); null: as the service counts. */
  numberFor: (visitor: Visitor) => number | null
  /** Asks the service itself, with its secret. Throws a Problem where it does not answer. */
  ask: (question: ServiceQuestion, signal: AbortSignal) => Promise<ServiceAnswer>
}

export interface ServiceQuestion {
  method: 'GET' | 'HEAD' | 'POST'
  /** Path and query. */
  target: string
  json?: string
}

export interface ServiceAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** An answer that the gateway gives in place of the service. */
export interface OwnAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

type Eventually<T> = T | Promise<T>

/**
 * How one question of one person goes to the service and back. Whoever forwards it:
 * - sends it without `Accept-Encoding`, `Range`, `If-*` where `answer` is there, so that what comes back can be read;
 * - lets `answer` read only what has a status from 200 to 299; every other answer goes back as it is;
 * - gives the length anew for what was read whole, and none (chunked) for what is read on its way.
 */
export interface Handling {
  /** Path and query as they are sent on; left out: as they came. */
  target?: string
  body?: WholeBody | StreamedBody
  answer?: WholeAnswer | StreamedAnswer
  socket?: SocketFilter
  /** The id of the job that this starts, once the body was read; null where it starts none. */
  jobId?: () => string | null
  /** Called once, when the exchange has ended in whatever way, also if it was never sent on. */
  ended?: () => void
}

/**
 * A body that is read before it is sent on: more than `maxBytes` is refused with 413, one with a `Content-Encoding` with
 * 415. What `read` gives is sent as JSON in UTF-8; an own answer is given in place of sending anything.
 */
export interface WholeBody {
  mode: 'whole'
  maxBytes: number
  read: (body: Buffer, signal: AbortSignal) => Eventually<Buffer | OwnAnswer>
}

/**
 * A body that is looked at on its way. Nothing is complete for the service before `end` was sent on, so that an own answer
 * of either ends the exchange without effect: the connection to the service is then cut.
 */
export interface StreamedBody {
  mode: 'streamed'
  next: (chunk: Buffer) => Buffer | OwnAnswer
  end: (signal: AbortSignal) => Eventually<Buffer | OwnAnswer>
}

/** An answer that is read before it is given: more than `maxBytes` is 502. */
export interface WholeAnswer {
  mode: 'whole'
  maxBytes: number
  read: (answer: ServiceAnswer, signal: AbortSignal) => Eventually<Buffer>
}

/** An answer that is narrowed on its way. */
export interface StreamedAnswer {
  mode: 'streamed'
  next: (chunk: Buffer) => Buffer
  end: () => Buffer
}

/** What reaches a person of the messages of a service. Cheap: it runs for each frame of each socket. */
export interface SocketFilter {
  /** true: as it is; false: not at all; else this in its place. */
  fromService: (data: Buffer, isBinary: boolean) => boolean | Buffer
}

/** How the gateway keeps people apart on one service. Lives as long as the service is there. */
export interface Isolation {
  /** For the routes `job` and `own`, administrators included: what they start is noted as theirs. */
  handle: (question: GatewayQuestion, visitor: Visitor, signal: AbortSignal) => Eventually<Handling | OwnAnswer>
}

/** Why somebody is refused; the words are a Problem's, in the language of the one who asks. */
export interface RefusalWords {
  status: number
  message: string
  hint: string
}

/** What cannot be kept apart on a service of a kind, for the page to say. */
export type SharedThing =
  | 'saved-workflows'
  | 'program-settings'
  | 'input-files'
  | 'model-lists'
  | 'custom-nodes'
  | 'web-interface'
  | 'global-interrupt'

/** What a kind tells the gateway. */
export interface GatewayKind {
  /** A refusal in the program's own shape, so that its clients show the words. */
  refusal: (question: GatewayQuestion, words: RefusalWords) => OwnAnswer
  /** Pure. A path that is spelled in another way is never more allowed than the plain one. */
  route: (question: GatewayQuestion) => Route
  isolate: (world: GatewayWorld) => Isolation
  /** What is shared by everybody all the same. */
  shared: readonly SharedThing[]
}

/** Whether a handling, or what was read, is an answer of the gateway's own. */
export const isOwnAnswer = (value: Handling | Buffer | OwnAnswer): value is OwnAnswer =>
  !Buffer.isBuffer(value) && 'status' in value
