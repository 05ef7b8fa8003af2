import type { Proof } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import type { ChangedFile, Effect, ServiceControl } from '../services/control'
import { isAskable } from './checks'
import type { VaultContext } from './context'
import { auditWrites, completeSecret, mainFingerprint, recordOf, type GivenSecret } from './credentials'
import { askOnce, prove, type ProofTarget } from './proof'
import type { StoredSink } from './record'
import type { RotationJournal } from './rotation-journal'
import type { RotationLine } from './rotation-lines'
import type { RotationRecord, StepId } from './rotation-record'
import type { Secret } from './secret'
import { withRequirement } from './sinks/plan'
import { checkSinks, writeSink } from './sinks/sinks'

/** Everything one rotation works with. */
export interface RotationRun {
  rotationId: string
  credentialId: string
  who: string
  given: Pick<GivenSecret, 'password' | 'token'>
  context: VaultContext
  control: ServiceControl
  journal: RotationJournal
  record: RotationRecord
  /** Aborted by a cancel; from `commit` on it is not looked at. */
  signal: AbortSignal
  /** How long a restarted service may take until it gives a definite answer, in ms. */
  patienceMs: number
  reportError: (error: unknown) => void
  /** What was touched, and so must be put back. */
  touched: { sinks: StoredSink[]; services: TouchedService[]; asked: ProofTarget[] }
}

/** A service that was made to read its files again, and how; `null` when an earlier run did it. */
interface TouchedService {
  id: string
  action: Effect['action'] | null
}

/** Where the run ended, for the caller's answer. */
export type RotationEnd =
  | { state: 'committed' }
  | { state: 'rolled-back'; step: StepId; cause: Reason }
  | { state: 'failed'; step: StepId; cause: Reason; rest: Reason }

/**
 * Gives a credential a new secret: prepare → write → apply → prove → commit. A failure or a cancel at any step rolls
 * every sink and service back to the old secret. Never throws; the record tells all.
 */
export async function runRotation(run: RotationRun): Promise<RotationEnd> {
  const { record, signal } = run
  let current: StepId = 'prepare'
  const step = async <T>(id: StepId, work: () => Promise<T>): Promise<T> => {
    current = id
    signal.throwIfAborted()
    await note(run, id)
    record.begin(id)
    const result = await work()
    record.end(id, 'done')
    return result
  }
  try {
    const { old, fresh } = await step('prepare', () => prepare(run))
    await step('write', () => writeSinks(run, fresh))
    await step('apply', () => apply(run))
    const proof = await step('prove', () => proveFresh(run, old, fresh))
    await step('commit', () => commit(run, proof))
    return { state: 'committed' }
  } catch (error) {
    const cause = causeOf(error, run)
    record.end(current, 'failed')
    record.failed(current, cause)
    const rest = await rollBack(run)
    return rest ? { state: 'failed', step: current, cause, rest } : { state: 'rolled-back', step: current, cause }
  }
}

const note = ({ journal, rotationId, credentialId, context }: RotationRun, step: StepId) =>
  journal.step({ at: context.now(), rotationId, credentialId, step })

function causeOf(error: unknown, { signal, reportError }: RotationRun): Reason {
  if (signal.aborted) return reason('rotation.cancelled')
  if (error instanceof Problem) return error.reason
  reportError(error)
  return reason('rotation.unexpected')
}

/** The new secret stands in the vault as pending before any sink sees it. */
async function prepare(run: RotationRun) {
  const { context, credentialId, rotationId, given, record, who } = run
  const { secret: old, scheme } = recordOf(context, credentialId)
  const oldFingerprint = mainFingerprint(scheme, old) ?? ''
  const details = { rotation: rotationId, old: oldFingerprint }
  await context.audit.append({ who, action: 'rotation.started', target: credentialId, details })
  const fresh = await completeSecret(context, scheme, { ...given, username: old.username ?? undefined })
  for (const text of [fresh.password, fresh.token]) if (text !== null) context.redactor.learn(text)
  if (scheme === 'comfyui-login' && given.token === undefined) {
    record.line('prepare', 'prepare.hashed', { cost: context.hasher.cost })
  }
  await context.book().edit(credentialId, (now) => ({ ...now, pending: { ...fresh, rotationId } }))
  const newFingerprint = mainFingerprint(scheme, fresh)
  record.newFingerprint(newFingerprint)
  const isGiven = given.password !== undefined || given.token !== undefined
  record.line('prepare', isGiven ? 'prepare.given' : 'prepare.generated', { fingerprint: newFingerprint ?? '' })
  await checkServices(run)
  return { old, fresh }
}

/** The files that the credential's services may read, with what a change of each requires. */
const changedFiles = ({ context, credentialId }: RotationRun): ChangedFile[] =>
  recordOf(context, credentialId).sinks.map((sink) => ({
    path: sink.path,
    requires: withRequirement(sink, true).requires,
  }))

/** Makes sure, before any sink is touched, that each running service can be made to read the new secret. */
async function checkServices(run: RotationRun) {
  const { context, control, credentialId, record } = run
  const files = changedFiles(run)
  if (files.every(({ requires }) => requires === 'nothing')) return
  const running = context.usersOf(credentialId).filter((user) => user.running && user.runtime !== 'external')
  for (const { id } of running) await control.prepare(id, files)
  if (running.length > 0) record.line('prepare', 'prepare.services', { count: running.length })
}

async function writeSinks(run: RotationRun, fresh: Secret) {
  const { context, credentialId, record, signal, touched, who } = run
  const { sinks } = recordOf(context, credentialId)
  const writes = sinks.map((sink) => ({ credentialId, sink, secret: fresh }))
  if (writes.length === 0) record.line('write', 'write.none')
  await context.exclusively(async () => {
    await checkSinks(writes)
    if (writes.length > 0) record.line('write', 'write.checked', { count: writes.length })
    for (const write of writes) {
      signal.throwIfAborted()
      touched.sinks.push(write.sink)
      await writeSink(write, await context.writeMode(write.sink.path))
      record.line('write', write.sink.key === null ? 'write.sink' : 'write.env', lineParams(write.sink))
    }
  })
  await auditWrites(context, writes, who)
}

const lineParams = ({ path, key }: StoredSink) => (key === null ? { path } : { path, key })

/** Restarts every running service that reads its secret at start, or makes its container anew. */
async function apply(run: RotationRun) {
  const { context, control, credentialId, record, signal, touched } = run
  const users = context.usersOf(credentialId)
  const { sinks } = recordOf(context, credentialId)
  const needed = sinks.some((sink) => withRequirement(sink, users.length > 0).requires !== 'nothing')
  // From here on services come up with the new secret, so that is the one to lend.
  context.rotating.set(credentialId, 'pending')
  if (!needed || users.length === 0) {
    record.line('apply', 'apply.nothing')
    return
  }
  for (const { id, runtime, running } of users) {
    const service = { service: id }
    if (runtime === 'external') record.line('apply', 'apply.external', service)
    else if (!running) record.line('apply', 'apply.stopped', service)
    else {
      const effect = await control.effectOf(id, changedFiles(run))
      signal.throwIfAborted()
      touched.services.push({ id, action: effect.action })
      record.line('apply', lineOf(effect), 'path' in effect ? { ...service, path: effect.path } : service)
      const start = performance.now()
      await control[effect.action](id, signal)
      const ms = Math.round(performance.now() - start)
      record.line('apply', effect.action === 'restart' ? 'apply.restarted' : 'apply.recreated', { ...service, ms })
    }
  }
}

/** Which way, and why. */
function lineOf(effect: Effect): RotationLine {
  switch (effect.why) {
    case 'start':
      return 'apply.restarting'
    case 'mounted':
      return 'apply.restarting-mounted'
    case 'environment':
      return 'apply.recreating-environment'
    case 'named':
      return 'apply.recreating-named'
  }
}

async function proveFresh(run: RotationRun, old: Secret, fresh: Secret): Promise<Proof> {
  const { context, credentialId, record, signal, patienceMs, touched } = run
  const { surfacesOf, now } = context
  const users = context.usersOf(credentialId)
  const targets = await answering(run, users.filter(isAskable))
  touched.asked.push(...targets)
  if (targets.length === 0) {
    record.line('prove', users.length === 0 ? 'prove.nobody' : 'prove.idle')
    return { at: now(), outcome: users.length === 0 ? 'none' : 'unreachable', rows: [] }
  }
  const found = await prove({
    targets,
    surfacesOf,
    secrets: { old, fresh },
    signal,
    patienceMs,
    onRows: (rows) => record.rows(rows),
  })
  if (found.outcome === 'proven') {
    record.line('prove', 'prove.proven', { count: found.rows.length })
    return { at: now(), ...found }
  }
  if (!found.reason) throw new Error('a proof failed without a reason')
  throw new Problem(found.reason.problem, found.reason.params)
}

/** What Regie runs itself must answer; what somebody else runs is left out when nothing answers there. */
async function answering({ context, signal }: RotationRun, users: ReturnType<VaultContext['usersOf']>) {
  const targets: ProofTarget[] = []
  for (const user of users) {
    if (user.runtime !== 'external' || (await answers(user, { context, signal }))) targets.push(user)
  }
  return targets
}

async function answers(target: ProofTarget, { context, signal }: { context: VaultContext; signal: AbortSignal }) {
  const [surface] = context.surfacesOf(target.kind)
  return surface !== undefined && (await askOnce(surface, target.url, null, signal)) !== null
}

async function commit({ context, credentialId, record }: RotationRun, proof: Proof) {
  const { secret: old, previous, pending, version } = recordOf(context, credentialId)
  if (!pending) throw new Error('a rotation came to its commit without a pending secret')
  const { username, password, token } = pending
  await context.book().edit(credentialId, (now) => ({
    ...now,
    version: version + 1,
    changedAt: context.now(),
    secret: { username, password, token },
    pending: null,
    previous: old,
    lastProof: proof,
  }))
  context.refused.delete(credentialId)
  for (const text of [previous?.password, previous?.token]) if (text) context.redactor.forget(text)
  record.line('commit', 'commit.done', { version: version + 1 })
}

/**
 * Puts the old secret back everywhere that was touched. Resolves with null when every sink holds it and no service
 * refuses it (one that does not run will take it when it starts), else with what is left to a person; the vault then
 * keeps both secrets.
 */
export async function rollBack(run: RotationRun): Promise<Reason | null> {
  const { context, credentialId, record, touched } = run
  context.rotating.set(credentialId, 'current')
  // The journal cannot be allowed to stop this: with a full disk, putting back is still worth trying.
  await note(run, 'roll-back').catch(run.reportError)
  record.begin('roll-back')
  let rest: Reason | null = null
  try {
    if (touched.sinks.length === 0 && touched.services.length === 0) record.line('roll-back', 'roll-back.untouched')
    rest = await putSinksBack(run)
    const down = await startWithOld(run)
    rest ??= await proveOld(run, down)
    if (rest === null) await context.book().edit(credentialId, (now) => ({ ...now, pending: null }))
  } catch (error) {
    rest ??= error instanceof Problem ? error.reason : reason('rotation.unexpected')
    if (!(error instanceof Problem)) run.reportError(error)
  }
  record.end('roll-back', rest ? 'failed' : 'done')
  return rest
}

async function putSinksBack({ context, credentialId, record, touched, reportError }: RotationRun) {
  const { secret } = recordOf(context, credentialId)
  let rest: Reason | null = null
  await context.exclusively(async () => {
    for (const sink of touched.sinks) {
      try {
        await writeSink({ credentialId, sink, secret }, await context.writeMode(sink.path))
        record.line('roll-back', 'roll-back.sink', { path: sink.path })
      } catch (error) {
        if (!(error instanceof Problem)) reportError(error)
        const why = error instanceof Problem ? error.reason : reason('rotation.unexpected')
        record.line('roll-back', 'roll-back.sink-failed', { path: sink.path, cause: why.message })
        rest ??= why
      }
    }
  })
  return rest as Reason | null // assigned in the closure, which the compiler does not follow
}

/** Does again what was done to the services; resolves with those that would not start. */
async function startWithOld(run: RotationRun): Promise<Set<string>> {
  const { control, record, touched, reportError } = run
  const down = new Set<string>()
  for (const { id: service, action } of touched.services) {
    try {
      const known = action ?? (await control.effectOf(service, changedFiles(run))).action
      await control[known](service, new AbortController().signal)
      record.line('roll-back', known === 'restart' ? 'roll-back.restarted' : 'roll-back.recreated', { service })
    } catch (error) {
      if (!(error instanceof Problem)) reportError(error)
      const cause = error instanceof Problem ? error.message : ''
      record.line('roll-back', 'roll-back.down', { service, cause })
      down.add(service)
    }
  }
  return down
}

/** A service that answers must accept the old secret again; one that does not run will read it at its start. */
async function proveOld(run: RotationRun, down: ReadonlySet<string>): Promise<Reason | null> {
  const { context, credentialId, record, touched } = run
  const { secret, pending } = recordOf(context, credentialId)
  const { surfacesOf } = context
  const signal = new AbortController().signal
  const asked = new Map(touched.asked.map((target) => [target.id, target]))
  const started = new Set(touched.services.map(({ id }) => id))
  for (const user of context.usersOf(credentialId)) if (started.has(user.id)) asked.set(user.id, user)
  let rest: Reason | null = null
  for (const target of asked.values()) {
    if (down.has(target.id) && !(await answers(target, { context, signal }))) continue
    const { rows } = await prove({
      targets: [target],
      surfacesOf,
      secrets: { old: pending ?? secret, fresh: secret },
      signal,
      patienceMs: run.patienceMs,
    })
    const refusing = rows.find((row) => row.fresh.state !== 'pass')
    record.line('roll-back', refusing ? 'roll-back.refused' : 'roll-back.proven', { service: target.id })
    if (refusing) rest ??= reason('proof.refused', { service: target.id, surface: refusing.surface })
  }
  return rest
}
