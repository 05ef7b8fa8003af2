import type { IncomingHttpHeaders } from 'node:http'
import type { AccountId, Role, ServiceKind } from '../../shared/contract'
import type { Problem } from '../../shared/problems'
import type { Handling, Route as KindRoute } from '../kinds/gateway'

/** Somebody who was let in. `keyId` is null for a browser's session, `services` for all of them. */
export interface Guest {
  account: AccountId
  name: string
  role: Role
  keyId: string | null
  services: readonly string[] | null
  limits: GuestLimits
}

/** What a person may use at most; null: as much as he likes. */
export interface GuestLimits {
  concurrentJobs: number | null
  jobsPerDay: number | null
  gpuSecondsPerDay: number | null
}

/** One request, as the stages see it. What is computed of it is computed when it is first read. */
export interface Asked {
  readonly serviceId: string
  readonly kind: ServiceKind
  /** Where the service runs. */
  readonly machine: 'local'
  readonly method: string
  /**
   * The path as it will be sent on: letters that were needlessly percent-encoded are decoded, so that no two spellings of
   * a path are judged differently. What leads upwards (`..`, encoded or not), a backslash or a control character never
   * comes this far.
   */
  readonly path: string
  /** The query as it was sent, with the key in `token`, which is never sent on. */
  readonly query: URLSearchParams
  /** False where `query` surely holds no `token`, so that nobody takes it apart for nothing. */
  readonly mayShowToken?: boolean
  /** What stands for the connection, for what is the same in each of its requests; absent where there is none. */
  readonly connection?: object
  readonly headers: IncomingHttpHeaders
  /** The address that the connection comes from. */
  readonly from: string
  readonly isUpgrade: boolean
  /** Whether a browser asks for a page to show. */
  readonly wantsPage: boolean
  /** Aborts when the client goes away before it has its answer, and when it is given up. */
  readonly signal: AbortSignal
  /** Ends its way through the stages: whoever waits in one gets this Problem. Absent where nobody can be told. */
  giveUp?(why: Problem): void
  /** Where it was asked: the scheme, and the Host as the client named it. */
  readonly origin: string
  /**
   * The whole body, for what the gateway answers itself or a stage must read. It is then not sent on. Throws
   * `gateway.body-too-large`, and the connection's own error where it is cut.
   */
  readBody(maxBytes: number): Promise<Buffer>
  /**
   * The whole body, read once, for a rule that must know it before the service is asked; it is sent on as the rule's
   * handling has it. It is counted as held by the person until the client has its answer. Throws as `readBody`, and
   * `gateway.held-by-you` and the like.
   */
  holdBody(maxBytes: number, account: string): Promise<Buffer>
}

/** Why a request goes no further. The kind's own way of saying so is added by `Stages.refuse`. */
export interface Refused {
  refused: Problem
  status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 502 | 503
  /** In whole seconds. */
  retryAfterS?: number
}

/** What the gateway answers itself: a page, a redirect. */
export interface OwnAnswer {
  own: { status: number; headers: Record<string, string | string[]>; body: string | Buffer }
}

/** Something taken for as long as a request or a socket lasts; ended once, whatever comes. */
export interface Lease {
  end(): void
}

/** Where a request is sent on to. */
export interface Upstream {
  /** The service's base URL, without a slash at its end. */
  url: string
}

type Awaitable<T> = T | Promise<T>

/** What a rule says of a request. */
export interface Route {
  rule: KindRoute['rule']
  /** What is read and changed on its way there and back; left out: everything streams through unread. */
  handling?: Handling
}

/** What was asked, by whom, as which route. */
export interface Admitted {
  asked: Asked
  guest: Guest
  route: Route
}

/** How a request or a socket ended. */
export interface Ending {
  /** Of the answer; 101 for a socket; null where there was none. */
  status: number | null
  bytesIn: number
  bytesOut: number
  /** Cut before its end, on whichever side. */
  isCut: boolean
}

/** Hooks for counting; they must not throw and cost little. */
export interface Observer {
  begun: (admitted: Admitted) => { ended(ending: Ending): void }
  /** `guest` is null for a stranger. */
  refused: (asked: Asked, guest: Guest | null, refused: Refused) => void
}

/**
 * The stages of the gateway, in this order; the first that refuses ends it. All are asked for every request and every
 * upgrade. What throws is answered with 500 and reported: nothing passes.
 */
export interface Stages {
  /** Who comes. */
  admit: (asked: Asked) => Awaitable<Guest | Refused | OwnAnswer>
  /** What may be asked by whom, and what is changed of it. */
  rule: (asked: Asked, guest: Guest) => Awaitable<Route | Refused | OwnAnswer>
  limits: (admitted: Admitted) => Awaitable<Lease | Refused>
  /**
   * Resolves when the service can be asked. `again` counts how often that was said of this request before and nothing
   * answered there: the service has gone meanwhile, as it does in a restart. Such a request was not sent on, or may be sent
   * twice. What is answered the first time is followed; later an `Upstream` is a promise that it answers now.
   */
  ready: (admitted: Admitted, again?: number) => Awaitable<Upstream | Refused | OwnAnswer>
  /** Resolves when it is this request's turn. */
  turn: (admitted: Admitted) => Awaitable<Lease | Refused>
  /**
   * A socket's service has gone while the client is still there: where to join it again, or null to close the client's
   * side too. Messages of the client wait meanwhile. `joined` is called when it has been, or could not be.
   */
  rejoin: (admitted: Admitted) => Awaitable<(Upstream & { joined?: () => void }) | null>
  /** How a refusal is told by a service of this kind. */
  refuse: (asked: Asked, refused: Refused) => OwnAnswer
  observer: Observer
}
