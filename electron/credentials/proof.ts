import type { Proof, ProofCell, ProofRow, ServiceKind } from '../../shared/contract'
import { kinds } from '../../shared/kinds'
import { Problem, reason, type Reason } from '../../shared/problems'
import type { Sessions, Surface, SurfaceAnswer } from '../kinds/backend'
import { pause as sleep } from '../async/pause'
import type { Secret } from '../vault/secret'
import { madeUpLike } from './secrets'

/** A running service whose surfaces are asked. */
export interface ProofTarget {
  id: string
  kind: ServiceKind
  url: string
}

/** Asks a path of a service through its gateway, as Regie itself; null where none listens. */
export type ThroughGateway = (
  serviceId: string,
) => ((path: string, signal: AbortSignal) => Promise<SurfaceAnswer>) | null

export interface ProofRequest {
  targets: readonly ProofTarget[]
  surfacesOf: (kind: ServiceKind) => readonly Surface[]
  /** `old` is null where none is known. */
  secrets: { old: Secret | null; fresh: Secret }
  /** Browser sessions that were opened with the old secret, and must be dead now. */
  sessions?: OldSessions | undefined
  /** Left out: services are asked directly alone. */
  throughGateway?: ThroughGateway
  signal: AbortSignal
  /**
   * How long a service may take until it gives a definite answer, in ms: after a restart some routes come late. The first
   * definite answer that fails the proof ends the wait for all.
   */
  patienceMs: number
  /** Called with all rows each time that one of them changes. */
  onRows?: (rows: ProofRow[]) => void
  /** Called with each surface that turns the fresh secret away. */
  onRefused?: (surface: string) => void
}

export interface OldSessions {
  of: (kind: ServiceKind) => Sessions
  /** A cookie for each service that promised to end its sessions. */
  cookies: ReadonlyMap<string, string>
}

/** A proof without its time. The reason is set unless it is proven. */
export interface ProofFinding {
  outcome: Proof['outcome']
  rows: ProofRow[]
  reason?: Reason
}

/** One question may take this long, in ms. */
const askTimeoutMs = 10_000
const firstPauseMs = 100
const longestPauseMs = 1000
/** Once it is decided, those who are being asked may answer so long still, in ms. */
const lastWordMs = 1000

type Ask = (signal: AbortSignal) => Promise<SurfaceAnswer>
type Question = 'none' | 'wrong' | 'old' | 'fresh'
const questions: readonly Question[] = ['none', 'wrong', 'old', 'fresh']

/** One row of a proof, and how each of its questions is asked; null where there is nothing to ask with. */
interface Probe {
  target: ProofTarget
  surface: Pick<Surface, 'surface' | 'purpose' | 'expect'>
  ask: Record<Question, Ask | null>
  row: ProofRow
}

/**
 * Asks every protected surface of every target without a secret, with a made-up, with the old and with the fresh one.
 * The outcome is `proven` only when each answered as it must: one let in where it should be refused proves that nothing
 * is protected, and what such a surface says to the fresh secret is not counted. One such answer decides the proof, so
 * that nobody is waited for any longer. Where all of them did, gateways are asked as well: they must open their services.
 * Throws the signal's reason when aborted.
 */
export async function prove(request: ProofRequest): Promise<ProofFinding> {
  const { targets, onRows, onRefused } = request
  if (targets.length === 0) return { outcome: 'none', rows: [] }
  const probes: Probe[] = []
  const reasons: Reason[] = []
  for (const { target, surfaces } of await Promise.all(targets.map((target) => surfacesFor(target, request)))) {
    probes.push(...surfaces.map((surface) => surfaceProbe(target, surface, request.secrets)))
    probes.push(...sessionProbes(target, request))
    if (surfaces.length === 0) reasons.push(reason('proof.no-surface', { service: target.id }))
  }
  const tell = () => onRows?.(probes.map(({ row }) => structuredClone(row)))
  const ask = async (some: readonly Probe[]) => {
    tell()
    const wait = createWait(request)
    const found = await Promise.all(some.map((probe) => askProbe(probe, wait, { tell, onRefused }))).finally(wait.end)
    for (const why of found) if (why) reasons.push(why)
  }
  await ask([...probes])
  const further = reasons.length === 0 ? targets.flatMap((target) => gatewayProbes(target, request)) : []
  probes.push(...further)
  if (further.length > 0) await ask(further)
  const rows = probes.map(({ row }) => row)
  const worst = reasons.toSorted((a, b) => weightOf(a) - weightOf(b))[0]
  if (!worst) return { outcome: 'proven', rows }
  const silent = reasons.every((why) => why.problem === 'proof.silent') && rows.every((row) => row.fresh.got === null)
  return { outcome: silent ? 'unreachable' : 'failed', rows, reason: worst }
}

/** What decides a proof is its reason; what nobody waited for any more, and silence, come after it. */
function weightOf({ problem }: Reason): number {
  return problem === 'proof.silent' ? 2 : problem === 'proof.unexpected' ? 1 : 0
}

/** How long is waited for definite answers: until the patience ends, or one of them decides. */
interface Wait {
  signal: AbortSignal
  /** Aborted when nobody is waited for any more. */
  over: AbortSignal
  /** Ends the question that is being asked, once it is decided. */
  lastWord: AbortSignal
  /** A definite answer failed the proof. */
  decide: () => void
  end: () => void
}

function createWait({ signal, patienceMs }: ProofRequest): Wait {
  const over = new AbortController()
  const lastWord = new AbortController()
  const patience = setTimeout(() => over.abort(), patienceMs)
  let last: NodeJS.Timeout | undefined
  return {
    signal,
    over: over.signal,
    lastWord: lastWord.signal,
    decide() {
      over.abort()
      last ??= setTimeout(() => lastWord.abort(), lastWordMs)
    },
    end() {
      clearTimeout(patience)
      clearTimeout(last)
    },
  }
}

/** Which surfaces this deployment has; one that does not answer the question is asked like the others, and says so. */
async function surfacesFor(target: ProofTarget, { surfacesOf, signal }: ProofRequest) {
  const surfaces = await Promise.all(
    surfacesOf(target.kind).map(async (surface) => {
      if (!surface.applies) return surface
      const applies = await surface.applies(target.url, limited(signal)).catch((error: unknown) => {
        if (error instanceof Problem) return true
        throw error
      })
      return applies ? surface : null
    }),
  )
  signal.throwIfAborted()
  return { target, surfaces: surfaces.filter((surface) => surface !== null) }
}

function surfaceProbe(target: ProofTarget, surface: Surface, { old, fresh }: ProofRequest['secrets']): Probe {
  const asker = (secret: Secret | null) => (signal: AbortSignal) => surface.ask(target.url, secret, signal)
  const ask = {
    none: asker(null),
    wrong: asker(madeUpLike(fresh)),
    old: old === null ? null : asker(old),
    fresh: asker(fresh),
  }
  return { target, surface, ask, row: emptyRow(target, surface, ask) }
}

/** The row of a service's browser sessions, where one was open before. */
function sessionProbes(target: ProofTarget, { sessions, secrets: { fresh } }: ProofRequest): Probe[] {
  const cookie = sessions?.cookies.get(target.id)
  if (!sessions || cookie === undefined) return []
  const kept = sessions.of(target.kind)
  const surface = { ...kept, purpose: 'session' } as const
  const asker = (held: string | null) => (signal: AbortSignal) => kept.ask(target.url, held, signal)
  const signedIn = async (signal: AbortSignal) => {
    const opened = await kept.open(target.url, fresh, signal)
    return 'cookie' in opened ? kept.ask(target.url, opened.cookie, signal) : opened
  }
  const ask = {
    none: asker(null),
    wrong: asker(kept.madeUp),
    old: asker(cookie),
    // Nobody can sign in with a hash alone.
    fresh: fresh.password === null ? null : signedIn,
  }
  return [{ target, surface, ask, row: emptyRow(target, surface, ask) }]
}

/** The row of a service's gateway, where one listens. It has no secret to be asked with: Regie itself asks. */
function gatewayProbes(target: ProofTarget, { throughGateway }: ProofRequest): Probe[] {
  const through = throughGateway?.(target.id) ?? null
  if (through === null) return []
  const { protectedPath } = kinds[target.kind]
  const surface: Probe['surface'] = {
    surface: `GET ${protectedPath} (gateway)`,
    purpose: 'gateway',
    expect: { none: 401, wrong: 401, right: 200 },
  }
  const ask = { none: null, wrong: null, old: null, fresh: (signal: AbortSignal) => through(protectedPath, signal) }
  return [{ target, surface, ask, row: emptyRow(target, surface, ask) }]
}

function emptyRow({ id }: ProofTarget, { surface, purpose, expect }: Probe['surface'], ask: Probe['ask']): ProofRow {
  const cell = (question: Question, status: number): ProofCell => {
    const state = ask[question] === null ? 'not-counted' : 'waiting'
    return { expect: status, got: null, state, tookMs: null }
  }
  return {
    serviceId: id,
    surface,
    purpose,
    none: cell('none', expect.none),
    wrong: cell('wrong', expect.wrong),
    old: cell('old', expect.wrong),
    fresh: cell('fresh', expect.right),
  }
}

async function askProbe(
  { row, surface, ask, target }: Probe,
  wait: Wait,
  { tell, onRefused }: { tell: () => void; onRefused: ProofRequest['onRefused'] },
): Promise<Reason | null> {
  let worst: Reason | null = null
  for (const question of questions) {
    const asked = ask[question]
    if (asked === null) continue
    const cell = row[question]
    cell.state = 'probing'
    tell()
    const { answer, tookMs } = await askPatiently(asked, surface, wait)
    cell.got = answer?.status ?? null
    cell.tookMs = tookMs
    cell.state = isAsExpected(question, answer, surface) ? 'pass' : 'fail'
    // Whoever lets everybody in has accepted nothing.
    if (question === 'fresh' && cell.state === 'pass' && row.none.got === surface.expect.right)
      cell.state = 'not-counted'
    if (cell.state === 'fail' && isDefinite(answer, surface)) wait.decide()
    tell()
    if (cell.state === 'fail') worst ??= reasonFor({ target, surface }, question, answer)
    if (question === 'fresh' && answer?.refused === true) onRefused?.(surface.surface)
  }
  return worst
}

const isAsExpected = (question: Question, answer: SurfaceAnswer | null, { expect }: Probe['surface']) =>
  question === 'fresh' ? answer?.status === expect.right : answer?.refused === true

/** Whether it was let in or turned away: anything else may change while a service starts. */
const isDefinite = (answer: SurfaceAnswer | null, { expect }: Probe['surface']) =>
  answer !== null && (answer.refused || answer.status === expect.right)

/** Asks until the answer is definite or nobody waits any more; then with what came last (null: silence). */
async function askPatiently(
  ask: Ask,
  surface: Probe['surface'],
  { signal, over, lastWord }: Wait,
): Promise<{ answer: SurfaceAnswer | null; tookMs: number }> {
  const isOver = () => over.aborted
  for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, longestPauseMs)) {
    const start = performance.now()
    const answer = await answerOf(ask, AbortSignal.any([signal, lastWord]))
    const tookMs = Math.round(performance.now() - start)
    signal.throwIfAborted()
    if (isDefinite(answer, surface) || isOver()) return { answer, tookMs }
    await sleep(pause, AbortSignal.any([signal, over]))
    signal.throwIfAborted()
    // Its time was up while it waited: what it said last is what it says.
    if (isOver()) return { answer, tookMs }
  }
}

const limited = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(askTimeoutMs)])

async function answerOf(ask: Ask, signal: AbortSignal): Promise<SurfaceAnswer | null> {
  const limit = limited(signal)
  try {
    return await ask(limit)
  } catch (error) {
    if (error instanceof Problem || limit.aborted) return null
    throw error
  }
}

/** One question. Null when nothing answered. */
export const askOnce = (
  surface: Surface,
  url: string,
  secret: Secret | null,
  signal: AbortSignal,
): Promise<SurfaceAnswer | null> => answerOf((limit) => surface.ask(url, secret, limit), signal)

function reasonFor(
  { target, surface }: Pick<Probe, 'target' | 'surface'>,
  question: Question,
  answer: SurfaceAnswer | null,
): Reason {
  const params = { service: target.id, surface: surface.surface }
  if (answer === null) return reason('proof.silent', params)
  if (surface.purpose === 'gateway') return reason('proof.gateway', { ...params, status: answer.status })
  if (!isDefinite(answer, surface)) return reason('proof.unexpected', { ...params, status: answer.status })
  switch (question) {
    case 'none':
      return reason('proof.open', params)
    case 'wrong':
      return reason('proof.wrong-accepted', params)
    case 'old':
      return reason(surface.purpose === 'session' ? 'proof.session-alive' : 'proof.wrong-accepted', params)
    case 'fresh':
      return reason('proof.refused', params)
  }
}

/** What a service says of one secret, by its first surface that tells protected from open. */
export async function askLive(
  target: ProofTarget,
  secret: Secret,
  { surfacesOf, signal }: { surfacesOf: ProofRequest['surfacesOf']; signal: AbortSignal },
): Promise<{ state: 'accepted' | 'refused' | 'open' | 'unknown'; reason?: Reason }> {
  const surface = surfacesOf(target.kind).find((one) => !one.applies) ?? surfacesOf(target.kind)[0]
  if (!surface) return { state: 'unknown', reason: reason('proof.no-surface', { service: target.id }) }
  const params = { service: target.id, surface: surface.surface }
  const answer = await askOnce(surface, target.url, secret, signal)
  if (answer === null) return { state: 'unknown', reason: reason('proof.silent', params) }
  if (answer.refused) return { state: 'refused', reason: reason('proof.refused', params) }
  if (answer.status !== surface.expect.right)
    return { state: 'unknown', reason: reason('proof.unexpected', { ...params, status: answer.status }) }
  // Whoever lets everybody in has accepted nothing.
  const anybody = await askOnce(surface, target.url, null, signal)
  if (anybody?.status === surface.expect.right) return { state: 'open', reason: reason('proof.open', params) }
  return { state: 'accepted' }
}
