import { setTimeout as wait } from 'node:timers/promises'
import type { Proof, ProofCell, ProofRow, ServiceKind } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import type { Surface } from '../backends/backend'
import type { Secret } from './secret'

/** A running service whose surfaces are asked. */
export interface ProofTarget {
  id: string
  kind: ServiceKind
  url: string
}

export interface ProofRequest {
  targets: readonly ProofTarget[]
  surfacesOf: (kind: ServiceKind) => readonly Surface[]
  secrets: { old: Secret; fresh: Secret }
  signal: AbortSignal
  /** How long a service may take until it gives a definite answer: after a restart some routes come late. */
  patienceMs: number
  /** Called with all rows each time that one of them changes. */
  onRows?: (rows: ProofRow[]) => void
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

type Question = 'none' | 'old' | 'fresh'
const questions: readonly Question[] = ['none', 'old', 'fresh']

interface Probe {
  target: ProofTarget
  surface: Surface
  row: ProofRow
}

/**
 * Asks every protected surface of every target without a secret, with the old and with the fresh one. The outcome is
 * `proven` only when each answered as it must: one let in where it should be refused proves that nothing is protected.
 * Throws the signal's reason when aborted.
 */
export async function prove(request: ProofRequest): Promise<ProofFinding> {
  const { targets, onRows } = request
  if (targets.length === 0) return { outcome: 'none', rows: [] }
  const end = performance.now() + request.patienceMs
  const probes: Probe[] = []
  const reasons: Reason[] = []
  for (const { target, surfaces } of await Promise.all(targets.map((target) => surfacesFor(target, request)))) {
    probes.push(...surfaces.map((surface) => ({ target, surface, row: emptyRow(target, surface) })))
    if (surfaces.length === 0) reasons.push(reason('proof.no-surface', { service: target.id }))
  }
  const tell = () => onRows?.(probes.map(({ row }) => structuredClone(row)))
  tell()
  const found = await Promise.all(probes.map((probe) => askSurface(probe, request, { end, tell })))
  for (const why of found) if (why) reasons.push(why)
  const rows = probes.map(({ row }) => row)
  const worst = reasons.find((why) => why.problem !== 'proof.silent') ?? reasons[0]
  if (!worst) return { outcome: 'proven', rows }
  const silent = reasons.every((why) => why.problem === 'proof.silent') && rows.every((row) => row.fresh.got === null)
  return { outcome: silent ? 'unreachable' : 'failed', rows, reason: worst }
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

const emptyRow = ({ id }: ProofTarget, { surface, purpose, expect }: Surface): ProofRow => {
  const waiting = (status: number): ProofCell => ({ expect: status, got: null, state: 'waiting', tookMs: null })
  return {
    serviceId: id,
    surface,
    purpose,
    none: waiting(expect.none),
    old: waiting(expect.wrong),
    fresh: waiting(expect.right),
  }
}

async function askSurface(
  probe: Probe,
  request: ProofRequest,
  { end, tell }: { end: number; tell: () => void },
): Promise<Reason | null> {
  let worst: Reason | null = null
  const secrets = { none: null, ...request.secrets }
  for (const question of questions) {
    const cell = probe.row[question]
    cell.state = 'probing'
    tell()
    const answer = await askPatiently(probe, secrets[question], { signal: request.signal, end })
    cell.got = answer.status
    cell.tookMs = answer.tookMs
    cell.state = answer.status === cell.expect ? 'pass' : 'fail'
    tell()
    if (cell.state === 'fail') worst ??= reasonFor(probe, question, answer.status)
  }
  return worst
}

/** Asks until the answer is a definite yes or no, or time is up; then with what came last (null: silence). */
async function askPatiently(
  { surface, target }: Probe,
  secret: Secret | null,
  { signal, end }: { signal: AbortSignal; end: number },
): Promise<{ status: number | null; tookMs: number }> {
  const definite = Object.values(surface.expect)
  for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, longestPauseMs)) {
    const start = performance.now()
    const status = await askOnce(surface, target.url, secret, signal)
    const tookMs = Math.round(performance.now() - start)
    signal.throwIfAborted()
    if ((status !== null && definite.includes(status)) || performance.now() + pause > end) return { status, tookMs }
    await wait(pause, undefined, { signal })
  }
}

const limited = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(askTimeoutMs)])

/** One question. Null when nothing answered. */
export async function askOnce(
  surface: Surface,
  url: string,
  secret: Secret | null,
  signal: AbortSignal,
): Promise<number | null> {
  const limit = limited(signal)
  try {
    return await surface.ask(url, secret, limit)
  } catch (error) {
    if (error instanceof Problem || limit.aborted) return null
    throw error
  }
}

function reasonFor({ target, surface }: Probe, question: Question, status: number | null): Reason {
  const params = { service: target.id, surface: surface.surface }
  if (status === null) return reason('proof.silent', params)
  if (!Object.values(surface.expect).includes(status)) return reason('proof.unexpected', { ...params, status })
  switch (question) {
    case 'none':
      return reason('proof.open', params)
    case 'old':
      return reason('proof.wrong-accepted', params)
    case 'fresh':
      return reason('proof.refused', params)
  }
}

/** What a service says of one secret, by its first surface that tells protected from open. */
export async function askLive(
  target: ProofTarget,
  secret: Secret,
  { surfacesOf, signal }: { surfacesOf: ProofRequest['surfacesOf']; signal: AbortSignal },
): Promise<{ state: 'accepted' | 'refused' | 'unknown'; reason?: Reason }> {
  const surface = surfacesOf(target.kind).find((one) => !one.applies) ?? surfacesOf(target.kind)[0]
  if (!surface) return { state: 'unknown', reason: reason('proof.no-surface', { service: target.id }) }
  const params = { service: target.id, surface: surface.surface }
  const status = await askOnce(surface, target.url, secret, signal)
  if (status === null) return { state: 'unknown', reason: reason('proof.silent', params) }
  if (status === surface.expect.wrong) return { state: 'refused', reason: reason('proof.refused', params) }
  if (status !== surface.expect.right)
    return { state: 'unknown', reason: reason('proof.unexpected', { ...params, status }) }
  // Whoever lets everybody in has accepted nothing.
  const anybody = await askOnce(surface, target.url, null, signal)
  if (anybody === surface.expect.right) return { state: 'unknown', reason: reason('proof.open', params) }
  return { state: 'accepted' }
}
