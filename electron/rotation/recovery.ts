import { setTimeout as wait } from 'node:timers/promises'
import type { Proof, Rotation } from '../../shared/contract'
import { Problem, reason } from '../../shared/problems'
import { removeLeftovers } from '../storage/files'
import type { CredentialsContext } from '../credentials/context'
import { isOpenedBy } from '../credentials/control'
import { mainFingerprint, recordOf } from '../credentials/credentials'
import { prove } from '../credentials/proof'
import type { CredentialRecord } from '../credentials/record'
import type { BegunRotation } from './journal'
import { commit, note, type RotationEnd, type RotationRun } from './parts'
import type { StepId } from './record'
import { rollBack } from './roll-back'
import { mendTorn } from './torn'
import { withRequirement } from '../credentials/sinks/plan'
import { compareSink, writeSink } from '../credentials/sinks/sinks'

/** How often services are looked at that could not be asked, in ms. */
const lookAgainMs = 1_000

/** What a crash may have left beside the sinks of every credential: temporary files, which may hold a secret. */
export const clearSinkFolders = (context: CredentialsContext): Promise<void> =>
  context.exclusively(async () => {
    const files = new Set(
      context
        .book()
        .all()
        .flatMap(({ sinks }) => sinks.map(({ path }) => path)),
    )
    for (const file of files) await removeLeftovers(file)
  })

/**
 * How a rotation ended that the vault holds nothing of any more: the crash came before its secret was made, or after
 * its last change. Only its end was not told.
 */
export function untoldEnd(record: CredentialRecord | null, begun: BegunRotation): RotationEnd {
  const { newFingerprint = null, step } = begun
  const inForce = record && mainFingerprint(record.scheme, record.secret)
  if (step === 'commit' && newFingerprint !== null && inForce === newFingerprint) return { state: 'committed' }
  return { state: 'rolled-back', step: failedStep(begun), cause: reason('rotation.interrupted') }
}

const failedStep = (begun: BegunRotation | null): StepId =>
  (begun?.step === 'roll-back' ? begun.failedStep : begun?.step) ?? 'apply'

/**
 * Goes on with what an earlier run left in the middle. A rotation that was proven is completed, any other is rolled
 * back. While a service cannot be asked (Docker is not there yet), both secrets are kept, and this waits.
 */
export async function recoverRun(run: RotationRun, begun: BegunRotation | null): Promise<RotationEnd> {
  const { record, context, credentialId } = run
  const { pending, scheme } = recordOf(context, credentialId)
  record.newFingerprint(pending && mainFingerprint(scheme, pending))
  if (begun?.step === 'commit' && (await complete(run, begun.proof))) return { state: 'committed' }
  const step = failedStep(begun)
  const cause = reason('rotation.interrupted')
  record.failed(step, cause)
  try {
    if (step !== 'prepare') await findTouched(run, { step, services: begun?.services ?? [] })
  } catch (error) {
    if (run.signal.aborted) return { state: 'left' }
    throw error
  }
  const rest = await rollBack(run, step)
  if (rest?.problem === 'rotation.waiting')
    return recoverRun(emptied(run), begun && { ...begun, step: 'roll-back', failedStep: step })
  return rest ? { state: 'failed', step, cause, rest } : { state: 'rolled-back', step, cause }
}

const emptied = (run: RotationRun): RotationRun => ({ ...run, touched: { sinks: [], services: [], asked: [] } })

/** Everything that may have been touched before the crash: all of it is put back. */
async function findTouched(run: RotationRun, { step, services }: { step: StepId; services: readonly string[] }) {
  const { context, control, credentialId, touched } = run
  const { sinks } = recordOf(context, credentialId)
  touched.sinks.push(...sinks)
  const users = context.usersOf(credentialId)
  const needed = sinks.some((sink) => withRequirement(sink, users.length > 0).requires !== 'nothing')
  for (const user of users) {
    if (user.runtime === 'external') {
      touched.asked.push(user)
      continue
    }
    const standing = await whenKnown(run, user.id)
    // Its container outlives the panel: whoever stopped it in the middle was this rotation.
    const wasStopped = user.runtime === 'compose' && standing === 'stopped' && services.includes(user.id)
    if (standing === 'stopped' && !(wasStopped && step !== 'write')) continue
    if (needed || user.given) touched.services.push({ id: user.id, action: null, asksFirst: step === 'write' })
    else touched.asked.push(user)
  }
  // What somebody else runs and does not answer cannot be asked; it reads its files when it starts.
  const silent = new Set<string>()
  for (const user of users)
    if (user.runtime === 'external' && (await control.standing(user.id)) === 'stopped') silent.add(user.id)
  touched.asked = touched.asked.filter(({ id }) => !silent.has(id))
}

/** Whether a service runs; waits as long as that cannot be told. Throws when the panel ends. */
async function whenKnown({ control, record, credentialId, onWaiting, signal }: RotationRun, service: string) {
  for (let looks = 0; ; looks++) {
    const standing = await control.standing(service)
    if (standing !== 'unknown') {
      onWaiting(null)
      return standing
    }
    if (looks === 0) {
      record.begin('roll-back')
      record.line('roll-back', 'roll-back.waiting', { service })
      onWaiting(reason('rotation.waiting', { id: credentialId, service }))
    }
    await wait(lookAgainMs, undefined, { signal })
  }
}

/** Takes a rotation that was proven to its end. False when a sink or a service does not have the new secret any more. */
async function complete(run: RotationRun, proven: Proof | undefined): Promise<boolean> {
  const { context, credentialId, record, control, patienceMs, reportError } = run
  const { pending, sinks, secret: old } = recordOf(context, credentialId)
  if (!pending) return false
  context.rotating.set(credentialId, 'pending')
  record.begin('commit')
  record.line('commit', 'commit.resumed')
  try {
    await context.exclusively(async () => {
      await mendTorn(context, credentialId)
      for (const sink of sinks) {
        const write = { credentialId, sink, secret: pending }
        if ((await compareSink(write)).state !== 'same') await writeSink(write, await context.writeMode(sink.path))
      }
    })
    const targets = []
    for (const user of context.usersOf(credentialId).filter(isOpenedBy))
      if ((await control.standing(user.id)) === 'running') targets.push(user)
    const { surfacesOf } = context
    const signal = new AbortController().signal
    const found = await prove({ targets, surfacesOf, secrets: { old, fresh: pending }, signal, patienceMs })
    if (found.outcome === 'failed')
      throw new Problem(found.reason?.problem ?? 'rotation.unexpected', found.reason?.params)
    // Nothing that runs could be asked: what was proven before the crash stands.
    const fallback: Proof = proven ?? { at: context.now(), outcome: 'unreachable', rows: [] }
    await commit(run, found.outcome === 'proven' ? { at: context.now(), ...found } : fallback)
    record.end('commit', 'done')
    return true
  } catch (error) {
    if (!(error instanceof Problem)) reportError(error)
    record.end('commit', 'failed')
    await note(run, 'roll-back', { failedStep: 'commit' }).catch(reportError)
    return false
  }
}

/** Whether the audit log tells of a rotation already, by the last part of the action's name. */
export async function isTold(
  { audit }: CredentialsContext,
  { id, credentialId }: { id: string; credentialId: string },
  what: 'started' | Rotation['state'],
): Promise<boolean> {
  const entries = await audit.history(credentialId, 500)
  return entries.some(({ action, details }) => action === `rotation.${what}` && details['rotation'] === id)
}
