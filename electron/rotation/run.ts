import type { Proof, ProofRow, ServiceSessions } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { isOpenedBy, type Effect } from '../credentials/control'
import { isAskable } from '../credentials/checks'
import type { CredentialsContext } from '../credentials/context'
import { auditWrites, completeSecret, mainFingerprint, recordOf } from '../credentials/credentials'
import { prove, type ProofTarget } from '../credentials/proof'
import type { StoredSink } from '../credentials/record'
import type { JournalFacts } from './journal'
import type { RotationLine } from './lines'
import { answers, changedFiles, commit, note, runningUsers, type RotationEnd, type RotationRun } from './parts'
import type { StepId } from './record'
import { rollBack } from './roll-back'
import { keepOriginals } from './torn'
import type { Secret } from '../vault/secret'
import { freshSessionKey } from '../credentials/session-key'
import { openSessions, sessionsAfter, sessionsFate } from './sessions'
import { withRequirement } from '../credentials/sinks/plan'
import { checkSinks, writeSink } from '../credentials/sinks/sinks'

/**
 * Gives a credential a new secret: prepare → write → apply → prove → commit. A failure or a cancel at any step rolls
 * every sink and service back to the old secret. Never throws; the record tells all.
 */
export async function runRotation(run: RotationRun): Promise<RotationEnd> {
  const { record, signal } = run
  let current: StepId = 'prepare'
  const step = async <T>(id: StepId, work: () => Promise<T>, facts: JournalFacts = {}): Promise<T> => {
    current = id
    // What begins is told to have begun, also when it is cancelled at once.
    if (id !== 'prepare') signal.throwIfAborted()
    await note(run, id, facts)
    record.begin(id)
    const result = await work()
    record.end(id, 'done')
    return result
  }
  try {
    const { who, oldFingerprint } = { who: run.who, ...record.snapshot() }
    const { old, fresh } = await step('prepare', () => prepare(run), { who, oldFingerprint, ...ran(run) })
    await step('write', () => writeSinks(run, fresh), { newFingerprint: record.snapshot().newFingerprint })
    await step('apply', () => apply(run), ran(run))
    const proof = await step('prove', () => proveFresh(run, old, fresh))
    // From here on a crash is no way back: the next start goes on to the end.
    await step('commit', () => commit(run, proof), { proof })
    return { state: 'committed' }
  } catch (error) {
    const cause = causeOf(error, run)
    record.end(current, 'failed')
    record.failed(current, cause)
    const rest = await rollBack(run, current)
    return rest ? { state: 'failed', step: current, cause, rest } : { state: 'rolled-back', step: current, cause }
  }
}

const ran = (run: RotationRun): JournalFacts => ({ services: runningUsers(run).map(({ id }) => id) })

function causeOf(error: unknown, { signal, reportError }: RotationRun): Reason {
  if (signal.aborted) return reason('rotation.cancelled')
  if (error instanceof Problem) return error.reason
  reportError(error)
  return reason('rotation.unexpected')
}

/** The new secret stands in the vault as pending before any sink sees it. */
async function prepare(run: RotationRun) {
  const { context, credentialId, rotationId, given, record, who } = run
  const { secret: old, scheme, sinks } = recordOf(context, credentialId)
  const oldFingerprint = mainFingerprint(scheme, old) ?? ''
  const details = { rotation: rotationId, old: oldFingerprint }
  await context.audit.appendFirst({ who, action: 'rotation.started', target: credentialId, details })
  run.signal.throwIfAborted()
  const made = await completeSecret(context, scheme, { ...given, username: old.username ?? undefined })
  const fresh = { ...made, sessionKey: freshSessionKey(sinks) }
  for (const text of [fresh.password, fresh.token, fresh.sessionKey]) if (text !== null) context.redactor.learn(text)
  if (scheme === 'comfyui-login' && given.token === undefined) {
    record.line('prepare', 'prepare.hashed', { cost: context.hasher.cost })
  }
  await context.book().edit(credentialId, (now) => ({ ...now, pending: { ...fresh, rotationId } }))
  const newFingerprint = mainFingerprint(scheme, fresh)
  record.newFingerprint(newFingerprint)
  const isGiven = given.password !== undefined || given.token !== undefined
  record.line('prepare', isGiven ? 'prepare.given' : 'prepare.generated', { fingerprint: newFingerprint ?? '' })
  await checkServices(run)
  run.sessions = await openSessions(context, recordOf(context, credentialId), run.signal)
  const open = run.sessions?.cookies.size ?? 0
  if (open > 0) record.line('prepare', 'prepare.sessions', { count: open })
  return { old, fresh }
}

/** Makes sure, before any sink is touched, that each running service can be made to read the new secret. */
async function checkServices(run: RotationRun) {
  const { control, record } = run
  const files = changedFiles(run)
  const running = runningUsers(run)
  if (files.every(({ requires }) => requires === 'nothing') && running.every(({ given }) => !given)) return
  const how = { signal: run.signal, interrupts: run.interrupts }
  for (const { id } of running) await control.prepare(id, files, how)
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
    await keepOriginals(run)
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
  // What a program was given at its start is changed by another start alone, whatever stands in files.
  const concerned = users.filter(({ given }) => needed || given)
  if (concerned.length === 0) {
    record.line('apply', 'apply.nothing')
    return
  }
  for (const { id, runtime, running } of concerned) {
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
  const { surfacesOf, throughGateway, now } = context
  const users = context.usersOf(credentialId).filter(isOpenedBy)
  const targets = await answering(run, users.filter(isAskable))
  touched.asked.push(...targets)
  if (targets.length === 0) {
    record.line('prove', users.length === 0 ? 'prove.nobody' : 'prove.idle')
    const sessions = sessionsOfAll(run, [])
    return { at: now(), outcome: users.length === 0 ? 'none' : 'unreachable', rows: [], sessions }
  }
  const found = await prove({
    targets,
    surfacesOf,
    secrets: { old, fresh },
    sessions: run.sessions,
    throughGateway,
    signal,
    patienceMs,
    onRows: (rows) => record.rows(rows),
  })
  if (found.outcome === 'proven') {
    record.line('prove', 'prove.proven', { count: found.rows.length })
    const sessions = sessionsOfAll(run, found.rows)
    return { at: now(), ...found, sessions }
  }
  if (!found.reason) throw new Error('a proof failed without a reason')
  throw new Problem(found.reason.problem, found.reason.params)
}

/** What has become of the browser sessions of every service that uses the credential, each told in one line. */
function sessionsOfAll(run: RotationRun, rows: readonly ProofRow[]): ServiceSessions[] {
  const { context, credentialId, record, touched } = run
  const credential = recordOf(context, credentialId)
  const opened = context.usersOf(credentialId).filter(isOpenedBy)
  return opened.map(({ id, kind, runtime, running }) => {
    const still = running ? 'none' : 'stopped'
    const action = touched.services.find((one) => one.id === id)?.action
    const fate = sessionsFate(credential, kind, action ?? (runtime === 'external' ? 'external' : still))
    const after = sessionsAfter(id, fate, rows)
    record.line('prove', `prove.sessions-${after.fate}`, { service: id })
    return after
  })
}

/** What Regie runs itself must answer; what somebody else runs is left out when nothing answers there. */
async function answering({ context, signal }: RotationRun, users: ReturnType<CredentialsContext['usersOf']>) {
  const targets: ProofTarget[] = []
  for (const user of users) {
    if (user.runtime !== 'external' || (await answers(user, { context, signal }))) targets.push(user)
  }
  return targets
}
