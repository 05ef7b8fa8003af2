import type { IncomingHttpHeaders } from 'node:http'
import type { AccountId, Role } from '../../shared/contract'
import type { AnswerKind } from './limits'

/** What is asked of a service through the gateway, as far as a kind reads it. */
export interface GatewayQuestion {
  method: string
  /** The pathname as it was sent, and as it will be sent on. */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  isUpgrade: boolean
}

/** The same with what follows its head, for what must be known before the service is asked. */
export interface WholeQuestion extends GatewayQuestion {
  /**
   * The whole body, kept for `Handling.body`, which reads it in place of what comes then. It is counted as held by its
   * person from here on. Throws `gateway.body-too-large`, `gateway.body-stopped` and what is held too much.
   */
  holdBody(maxBytes: number, account: string): Promise<Buffer>
}

/**
 * Who may ask a route.
 * - `everybody`: goes through unread, and streams.
 * - `admin`: hits everybody, tells of everybody, or is spelled as no client spells it: refused to users.
 * - `unknown`: not on the list: refused to users unless the service's switch allows it; then it goes through unread.
 * - `job`: starts work. `own`: a user's own things only. Both pass through `Isolation.handle`, whoever asks.
 */
export type Route = { rule: 'everybody' | 'admin' | 'unknown' | 'job' | 'own' }

/** Who asks. */
export interface Visitor {
  account: AccountId
  keyId: string | null
  role: Role
}

/** What belongs to people: jobs of ComfyUI, jobs of Forge, files of either. */
export type OwnedThing = 'prompt' | 'task' | 'file'

/** Who owns what on one service. What was never noted is nobody's: seen by administrators only. */
export interface GatewayOwners {
  /** Readable at once, and on disk. False: it is somebody else's, and stays his (files are their last writer's). */
  note: (what: OwnedThing, id: string, who: Pick<Visitor, 'account' | 'keyId'>) => boolean
  of: (what: OwnedThing, id: string) => { account: string } | null
  /** Whether something whose id begins so, with a slash at the end, is another account's. */
  othersBelow: (what: OwnedThing, begin: string, account: string) => boolean
}

/** What a kind may use of the gateway for one service. */
export interface GatewayWorld {
  serviceId: string
  owners: GatewayOwners
  /** Whether the service's switch lets users ask routes (and get messages) that are not on the list. */
  unknownRoutes: () => boolean
  /** The place in ComfyUI's line for this person's next job (lower runs first); null: as the service counts. */
  numberFor: (visitor: Visitor, jobId: string) => number | null
  /** Asks the service itself, with its secret. Throws a Problem where it does not answer. */
  ask: (question: ServiceQuestion) => Promise<ServiceAnswer>
  /** Whether it is known that nothing runs behind the service, or there is none any more. */
  hasEnded: () => boolean
}

export interface ServiceQuestion {
  method: 'GET' | 'POST'
  /** Path and query. */
  target: string
  json?: object
  /** It is behind the sign-in form of the service's pages. */
  isOfPage?: boolean
  /** How long the answer may be; `status`: nothing else of it is read. */
  kind: AnswerKind | 'status'
}

export interface ServiceAnswer {
  status: number
  body: Buffer
}

/** An answer that the gateway gives in place of the service. */
export interface OwnAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

export type Eventually<T> = T | Promise<T>

/**
 * How one question of one person goes to the service and back. Where `answer` is there, whoever forwards it asks without
 * `Accept-Encoding`, `Range` and conditions, so that what comes back can be read. Where `target` is there, it is sent in
 * place of path and query.
 */
export interface Handling {
  target?: string
  body?: WholeBody
  /** In place of `body`: it is looked at on its way. */
  watch?: () => BodyWatch
  answer?: WholeAnswer
  /**
   * In place of `answer`: it streams on, and what passes is looked at. `add` puts a text of the gateway's own between the
   * pieces that have passed and those that come.
   */
  seen?: (add: (text: string) => void) => (chunk: Buffer) => void
  socket?: () => SocketFilter
  /** It starts work, which is known by its body and not by its route. */
  isJob?: true
  /**
   * For work that goes on after its answer, once the exchange has ended: how the work ends, the same each time; null where
   * the service took none. It is at work until then: what was taken for it is kept. Never rejects.
   */
  outlives?: () => Promise<WorkEnd> | null
  /** The id of the job that this starts, once the body was read; null where it starts none. */
  jobId?: () => string | null
  /** How many images that job makes, once the body was read; null where it does not say. */
  images?: () => number | null
  /** Called once, when the exchange has ended in whatever way; not where it never came to one. */
  ended?: () => void
}

/** How work ended that went on after its answer, as far as that is known. */
export interface WorkEnd {
  /** `withdrawn`: it never began. `unknown`: it is no longer there, and nobody told how it ended. */
  outcome: 'succeeded' | 'failed' | 'withdrawn' | 'unknown'
  /** When it began and ended (Unix ms); null where that is not known. */
  ran: { from: number; to: number } | null
  images: number | null
}

/**
 * A body that is read before it is sent on, as JSON in UTF-8; a longer one is refused, and so is one that `read` throws a
 * Problem at.
 */
export interface WholeBody {
  maxBytes: number
  read: (body: Buffer) => Eventually<Buffer | OwnAnswer>
}

/**
 * Looks at a body on its way. Nothing is complete for the service before `end` was sent on, so that a Problem thrown by
 * either ends the exchange without effect: the connection to the service is then cut.
 */
export interface BodyWatch {
  next: (chunk: Buffer) => Buffer
  end: () => Eventually<Buffer>
}

/** A good answer (200 to 299) that is read before it is given; a longer one is given to nobody. */
export interface WholeAnswer {
  maxBytes: number
  read: (body: Buffer) => Eventually<Buffer>
}

/** What reaches a person of the messages of a service. Cheap: it runs for each frame of each socket. */
export interface SocketFilter {
  /** true: as it is; false: not at all; else this in its place. */
  fromService: (data: Buffer, isBinary: boolean) => boolean | Buffer
}

/** How the gateway keeps people apart on one service. Lives as long as the service is there. */
export interface Isolation {
  /** For the routes `job` and `own`, administrators included: what they start is noted as theirs. Throws Problems. */
  handle: (question: WholeQuestion, visitor: Visitor) => Eventually<Handling | OwnAnswer>
}

/** Why somebody is refused; the words are a Problem's, in the language of the one who asks. */
export interface RefusalWords {
  status: number
  message: string
  hint: string
}

/** What a kind tells the gateway. */
export interface GatewayKind {
  /**
   * A refusal in the program's own shape, so that its clients show the words. The question is the one that `handle` had,
   * where it came so far.
   */
  refusal: (question: GatewayQuestion, words: RefusalWords) => OwnAnswer
  /** Pure. A path that is spelled in another way is never more allowed than the plain one. */
  route: (question: GatewayQuestion) => Route
  /**
   * Whether a path answers with what people have put there. It is shown, and runs nothing: it comes from the same origin as
   * the page, where whoever opens it may do more than whoever put it there.
   */
  isContent: (question: Pick<GatewayQuestion, 'method' | 'path'>) => boolean
  isolate: (world: GatewayWorld) => Isolation
  /** Jobs wait in a line of its own, by the numbers that they are given; else it works behind a lock, and calls are held. */
  keepsLine: boolean
}

/** Whether it is an answer of the gateway's own. */
export const isOwnAnswer = (value: Handling | Buffer | OwnAnswer): value is OwnAnswer =>
  !Buffer.isBuffer(value) && 'status' in value
