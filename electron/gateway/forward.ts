import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { Problem } from '../../shared/problems'
import { kindOf } from '../kinds'
import type { WholeAnswer } from '../kinds/gateway'
import { isRefusal } from '../kinds/refusal'
import { answerOwn, isOwn, refusedBy } from './answering'
import { hasBody, type Request } from './asking'
import { leaveBody, readAll, SentBody } from './body'
import type { Entering } from './entering'
import { exchange, unreadMs, type Outcome } from './exchange'
import { requestHeaders, type Places } from './headers'
import type { AllHeldBytes, HeldBytes } from './held-bytes'
import type { Opened } from './inside'
import type { Passed, Pipeline } from './pipeline'
import { isOfAdministrators, redacted } from './redacting'
import type { Ending, OwnAnswer, Refused, Upstream } from './stages'
import { isBrokenOff, isUnreached, problemOf, type Upstreams } from './upstreams'

export interface Forwarding {
  upstreams: Upstreams
  entering: Entering
  pipeline: Pipeline
  redact: (text: string) => string
  heldBytes: AllHeldBytes
  /** How long a body that is read whole may stop, in ms, in place of the usual. */
  stallMs?: number | undefined
}

/** One request on its way. */
interface Way {
  request: IncomingMessage
  response: ServerResponse
  asked: Request
  passed: Passed
  openBody: () => IncomingMessage
  entry: Pick<Opened, 'isEndless'>
}

interface HoldingWay extends Way {
  held: HeldBytes
}

/** Gives back what a request held once its client has all of the answer, or has gone; who does not read it is gone. */
function freeAfter(response: ServerResponse, held: HeldBytes): void {
  if (response.writableFinished || response.destroyed || response.writableLength === 0) {
    held.free()
    return
  }
  response.once('close', () => held.free())
  response.setTimeout(unreadMs)
}

/** Taken apart once: there are as many as services, and addresses by which people reach them. */
const known = new Map<string, Places['service']>()

/** Where a service is, from its base URL. */
function serviceAt(url: string): Places['service'] {
  const found = known.get(url)
  if (found) return found
  const { origin, host, pathname } = new URL(url)
  const made = { origin, host, prefix: pathname === '/' ? '' : pathname.replace(/\/+$/, '') }
  if (known.size > 1000) known.clear()
  known.set(url, made)
  return made
}

/** The places of a request, for the headers that name them. */
export const placesOf = (upstream: Upstream, gateway: string): Places => ({ service: serviceAt(upstream.url), gateway })

/** So often a request is sent on at most: whatever keeps breaking off must be told. */
const mostTimes = 5

const harmless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The body of a request: what comes, what a rule made of it, or nothing. */
type Body = SentBody | Buffer | null

/** Whether asking again asks nothing twice: nothing was sent on, or it can be asked twice and the body is still there. */
function canAskAgain(way: Way, body: Body, error: Error | null): boolean {
  const isUntouched = !(body instanceof SentBody) || (body.bytes === 0 && !way.request.readableEnded)
  if (error !== null && !isUnreached(error))
    return body === null && harmless.has(way.asked.method) && isBrokenOff(error)
  return isUntouched
}

/** Sends a request that has passed on to its service, and the answer back. Never rejects. */
export async function forward(by: Forwarding, coming: Way): Promise<Ending> {
  const { request, response, asked, passed, openBody, entry } = coming
  const held = asked.held ?? by.heldBytes.of(passed.admitted.guest.account)
  try {
    const { body, ending } = await forwarded(by, { request, response, asked, passed, openBody, entry, held })
    const bytesIn = body instanceof SentBody ? body.bytes : (body?.length ?? 0)
    if (!isOwn(ending)) {
      leaveBody(request, response)
      return { status: ending.status, bytesIn, bytesOut: ending.bytesOut, isCut: ending.isCut }
    }
    answerOwn(request, response, ending)
    return { status: ending.own.status, bytesIn, bytesOut: 0, isCut: false }
  } catch (error) {
    answerOwn(request, response, by.pipeline.failed(asked, passed.admitted.guest, error))
    return { status: response.statusCode, bytesIn: 0, bytesOut: 0, isCut: response.destroyed }
  } finally {
    freeAfter(response, held)
    passed.admitted.route.handling?.ended?.()
  }
}

/** A body that a rule reads whole, as it is sent on; `streams` where it goes through as it comes. */
async function readBody(
  { pipeline, stallMs }: Forwarding,
  way: HoldingWay,
): Promise<Buffer | OwnAnswer | null | 'streams'> {
  const { openBody, request, passed, asked } = way
  const rule = passed.admitted.route.handling?.body
  if (asked.heldBody && !rule)
    throw new Error('a rule has read the body of a request, and does not say what is sent on')
  if (!rule) return hasBody(request) ? 'streams' : null
  if (request.headers['content-encoding'] !== undefined)
    return refusal(pipeline, way, { refused: new Problem('gateway.encoded'), status: 415 })
  const how = { maxBytes: rule.maxBytes, take: (bytes: number) => way.held.take(bytes), stallMs }
  const body = asked.heldBody ?? (hasBody(request) ? await readAll(openBody(), how) : Buffer.alloc(0))
  const read = await rule.read(body)
  return Buffer.isBuffer(read) ? read : { own: read }
}

const refusal = (pipeline: Pipeline, { asked, passed }: Way, refused: Refused): OwnAnswer =>
  pipeline.refuse(asked, passed.admitted.guest, refused)

const told = ({ pipeline }: Forwarding, way: Way, problem: Problem): OwnAnswer =>
  refusal(pipeline, way, refusedBy(problem))

function streamed({ openBody, passed }: Way): SentBody {
  return new SentBody(openBody(), passed.admitted.route.handling?.watch?.() ?? null)
}

async function forwarded(by: Forwarding, way: HoldingWay) {
  const { asked, passed } = way
  if (asked.isBodyRead) throw new Error('a stage has read the body of a request that is sent on')
  const given = await readBody(by, way)
  if (given !== null && given !== 'streams' && isOwn(given)) return { body: null, ending: given }
  let { upstream } = passed
  let isRenewed = false
  for (let again = 1; ; again += 1) {
    const body = given === 'streams' ? streamed(way) : given
    const { outcome, places } = await askOnce(by, way, upstream, body)
    if (outcome.type === 'answered') return { body, ending: outcome }
    if (outcome.type === 'own') return { body, ending: told(by, way, outcome.answer) }
    const id = asked.serviceId
    if (outcome.type === 'refused') {
      if (isRenewed || !canAskAgain(way, body, null) || !(await by.entering.renew(places, asked.path)))
        return { body, ending: told(by, way, new Problem('gateway.refused', { id })) }
      isRenewed = true
      continue
    }
    if (again > mostTimes || asked.signal.aborted || !canAskAgain(way, body, outcome.error))
      return { body, ending: told(by, way, new Problem(problemOf(outcome.error), { id })) }
    const found = await by.pipeline.ready(passed.admitted, again)
    if (isOwn(found)) return { body, ending: found }
    upstream = found
  }
}

const isText = (type = ''): boolean => /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]+\+)?json)/i.test(type)

/**
 * Who reads an answer whole: the rule, where it narrows a good one; and of what administrators alone are shown the
 * redactor.
 */
function readerOf(
  route: Passed['admitted']['route'],
  { status, headers }: { status: number; headers: IncomingHttpHeaders },
  redact: (text: string) => string,
): WholeAnswer | undefined {
  if (status < 300 && route.handling?.answer) return route.handling.answer
  return isOfAdministrators(route) && isText(headers['content-type']) ? redacted(redact) : undefined
}

async function askOnce(
  { upstreams, entering, redact }: Forwarding,
  { request, response, asked, passed, entry, held }: HoldingWay,
  upstream: Upstream,
  body: Body,
): Promise<{ outcome: Outcome; places: Places }> {
  const places = placesOf(upstream, asked.origin)
  const { origin, prefix } = places.service
  const added = await entering.credentials(places, asked)
  const { route } = passed.admitted
  const { handling } = route
  const headers = requestHeaders(request.rawHeaders, request.headers.connection, {
    places,
    added,
    keepsLength: !handling?.body && !handling?.watch,
    wantsWhole: handling?.answer !== undefined || route.rule === 'admin',
  })
  const path = prefix + (handling?.target ?? asked.target)
  const outcome = await exchange({
    response,
    places,
    redact,
    entry,
    connections: upstreams.of(origin),
    send: { method: asked.method, path, headers, body },
    whole: (status, answered) => readerOf(route, { status, headers: answered }, redact),
    hold: (bytes) => held.take(bytes),
    seen: handling?.seen,
    isContent: () => kindOf(asked.kind).gateway.isContent(asked),
    isRefusal: (status, location) =>
      added.isOpened && (status === 401 || (location !== null && isRefusal({ status, location }, origin + path))),
  })
  return { outcome, places }
}
