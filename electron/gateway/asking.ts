import type { IncomingMessage } from 'node:http'
import type { ServiceKind } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { clientAddress } from '../access/client-address'
import { isAskedAgain } from './again'
import { readAll } from './body'
import type { HeldBytes } from './held-bytes'
import { mayNameToken, readPath, withoutToken } from './path'
import type { Asked } from './stages'

/** The listener that a request came to. */
export interface Listening {
  serviceId: string
  kind: ServiceKind
  isTls: boolean
  /** Whether an address is of a reverse proxy that is believed where a request comes from. */
  isTrustedProxy: (address: string) => boolean
}

/** So many header lines are taken; a browser sends about twenty. */
const mostHeaders = 100

const hostName = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Whether `token` is a whole word of a header such as Connection. */
const names = (header: string | undefined, token: string) =>
  header !== undefined && header.split(',').some((part) => part.trim().toLowerCase() === token)

/**
 * Why a request is not sent on whatever the stages say, or null: what two programs could read in two ways. Node's parser
 * has refused what is no HTTP, two lengths, and a length beside chunks.
 */
function faultOf(request: IncomingMessage): string | null {
  const { rawHeaders, headers, httpVersion, method = '' } = request
  if (!methods.has(method)) return `it does not forward ${method.slice(0, 20)}`
  if (rawHeaders.length > 2 * mostHeaders) return `it has more than ${mostHeaders} headers`
  let hosts = 0
  let credentials = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
    else if (name.length === 13 && name.toLowerCase() === 'authorization') credentials += 1
  }
  if (credentials > 1) return 'it has more than one Authorization'
  if (hosts !== 1 || !hostName.test(headers.host ?? '')) return 'its Host is not one name'
  const encoding = headers['transfer-encoding']
  if (encoding !== undefined && (encoding.toLowerCase() !== 'chunked' || httpVersion !== '1.1'))
    return 'its body comes in an encoding that is not forwarded'
  if (encoding !== undefined && headers['content-length'] !== undefined) return 'it tells two lengths'
  return null
}

/** Whether it asks for a WebSocket, and as it must be asked for. */
export const isWebSocket = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && names(headers.connection, 'upgrade')

/** Whether a body follows the head. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

/** A request with what is needed to send it on. */
export interface Request extends Asked {
  /** The path with the query as it is sent on. */
  readonly target: string
  /** The body was taken by a stage. */
  readonly isBodyRead: boolean
  /** The body, where a rule has read it before the service is asked. */
  readonly heldBody: Buffer | null
  /** What is counted as held for this request; null: nothing yet. */
  readonly held: HeldBytes | null
}

/** What is there of a request beside its head. */
export interface Behind {
  /** Aborts when the client goes away, or the request is given up. */
  signal: () => AbortSignal
  giveUp: (why: Problem) => void
  /** Lets the client send its body, where it waits to be told so. */
  openBody: () => IncomingMessage
  /** Counts what is held for somebody. */
  hold: (account: string) => HeldBytes
  /** How long a body that is read whole may stop, in ms; left out: the usual. */
  stallMs?: number | undefined
}

/** Reads the head of a request; a text says why it is not sent on. */
export function readRequest(request: IncomingMessage, at: Listening, behind: Behind): Request | string {
  const fault = faultOf(request)
  if (fault !== null) return fault
  const url = request.url ?? ''
  const mark = url.indexOf('?')
  const read = readPath(mark === -1 ? url : url.slice(0, mark))
  if ('why' in read) return read.why
  const query = mark === -1 ? '' : url.slice(mark + 1)
  // What ends a line or begins a fragment is in no query that a client wrote as it should be.
  if (query.includes('#') || /[^\x21-\x7E\x80-\xFF]/.test(query)) return 'its query is not encoded as it should be'
  return new Question(request, at, { behind, path: read.path, query })
}

/** Where a request comes from, by what a trusted proxy says of it; of anybody else nothing is read. */
const fromOf = ({ socket, headers }: IncomingMessage, isTrustedProxy: Listening['isTrustedProxy']): string =>
  clientAddress(
    socket.remoteAddress ?? '',
    {
      get(name) {
        const value = headers[name]
        return typeof value === 'string' ? value : null
      },
    },
    isTrustedProxy,
  )

class Question implements Request {
  readonly machine = 'local'
  readonly serviceId: string
  readonly kind: ServiceKind
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly from: string
  readonly isUpgrade: boolean
  readonly origin: string
  readonly connection: object
  isBodyRead = false
  heldBody: Buffer | null = null
  held: HeldBytes | null = null
  readonly #request: IncomingMessage
  readonly #behind: Behind
  readonly #sentQuery: string
  #query: URLSearchParams | undefined

  constructor(
    request: IncomingMessage,
    { serviceId, kind, isTls, isTrustedProxy }: Listening,
    { path, query, behind }: { path: string; query: string; behind: Behind },
  ) {
    const { headers, socket } = request
    this.#request = request
    this.#behind = behind
    this.#sentQuery = query
    this.serviceId = serviceId
    this.kind = kind
    this.path = path
    this.method = request.method ?? ''
    this.headers = headers
    this.connection = socket
    this.from = fromOf(request, isTrustedProxy)
    this.isUpgrade = isWebSocket(request)
    this.origin = `${isTls ? 'https://' : 'http://'}${headers.host ?? ''}`
  }

  get query(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(this.#sentQuery))
  }

  get mayShowToken(): boolean {
    return mayNameToken(this.#sentQuery)
  }

  get signal(): AbortSignal {
    return this.#behind.signal()
  }

  giveUp(why: Problem): void {
    this.#behind.giveUp(why)
  }

  get wantsPage(): boolean {
    if (this.method !== 'GET' || this.isUpgrade) return false
    const mode = this.headers['sec-fetch-mode']
    if (isAskedAgain(this.headers)) return true
    return mode === undefined ? (this.headers.accept ?? '').includes('text/html') : mode === 'navigate'
  }

  get target(): string {
    const query = withoutToken(this.#sentQuery)
    return query === '' ? this.path : `${this.path}?${query}`
  }

  readBody(maxBytes: number): Promise<Buffer> {
    this.isBodyRead = true
    return readAll(this.#behind.openBody(), { maxBytes })
  }

  async holdBody(maxBytes: number, account: string): Promise<Buffer> {
    if (this.heldBody) return this.heldBody
    if (this.headers['content-encoding'] !== undefined) throw new Problem('gateway.encoded')
    const { openBody, hold, stallMs } = this.#behind
    const held = (this.held ??= hold(account))
    const how = { maxBytes, take: (bytes: number) => held.take(bytes), stallMs }
    this.heldBody = hasBody(this.#request) ? await readAll(openBody(), how) : Buffer.alloc(0)
    return this.heldBody
  }
}
