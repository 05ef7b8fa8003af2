import { randomUUID } from 'node:crypto'
import type { Rotation } from '../../shared/contract'
import { Problem, reason } from '../../shared/problems'
import type { ServiceControl } from '../services/control'
import { removeLeftovers } from '../storage/files'
import { isAskable } from './checks'
import { recordOf, refuseWhileRotating } from './credentials'
import type { CredentialRecord } from './record'
import { openJournal } from './rotation-journal'
import { createStage } from './rotation-stage'
import { rollBack, runRotation, type RotationEnd, type RotationRun } from './rotation-run'
import { checkField, sameSecret } from './secrets'
import { contextOf, type Vault } from './vault'

export interface RotationsOptions {
  vault: Vault
  control: ServiceControl
  /** Steps are noted here before they begin, and how each rotation ended. */
  journalFile: string
  /** How long a restarted service may take until it gives a definite answer, in ms; Forge adds its API late. */
  patienceMs?: number
  /** Told of what no Problem describes; the text may go to the log. */
  reportError?: (error: unknown) => void
}

export interface RotateRequest {
  id: string
  password?: string | undefined
  token?: string | undefined
  /** The same id a second time answers the first rotation instead of starting another. */
  operationId?: string | undefined
  /** Answer when it has ended (the default), or at once. */
  wait?: boolean
  who: string
}

/** Rotations of credentials: one per credential at a time. */
export interface Rotations {
  /**
   * Replaces a secret and proves it. Throws `rotation.running`, a Problem for a bad secret, and, when waiting,
   * `rotation.rolled-back` or `rotation.failed`.
   */
  rotate(request: RotateRequest): Promise<Rotation>
  /** Stops the running rotation, and resolves when it has rolled back (or had already committed). */
  cancel(id: string): Promise<Rotation>
  /** The running or the last rotation; from earlier runs too. */
  last(id: string): Rotation | null
  /** The running or last rotation, then each change of it; ends with the rotation, or when the signal aborts. */
  watch(id: string, signal: AbortSignal): AsyncGenerator<Rotation, void, undefined>
  /** Rolls back what an earlier run left in the middle. Call it once the vault is open and the services are known. */
  recover(): Promise<Rotation[]>
  /** Cancels what runs and waits until it has rolled back. */
  close(): Promise<void>
}

const defaultPatienceMs = 60_000

export async function createRotations(options: RotationsOptions): Promise<Rotations> {
  const { reportError = () => undefined, patienceMs = defaultPatienceMs, control } = options
  const context = contextOf(options.vault)
  const journal = await openJournal(options.journalFile)
  const { launch, active, ending, byId, lastOf, ends, watch } = createStage({
    context,
    control,
    journal,
    patienceMs,
    reportError,
  })

  const outcome = (rotation: Rotation): Rotation => {
    const problem = problemOf(rotation, ends.get(rotation.id))
    if (problem) throw problem
    return rotation
  }

  const rotate = async ({ id, password, token, operationId, wait = true, who }: RotateRequest): Promise<Rotation> => {
    const record = recordOf(context, id)
    const earlier = operationId === undefined ? undefined : byId.get(operationId)
    if (earlier && earlier.credentialId !== id) {
      throw new Problem('rotation.operation-reused', { operation: earlier.id, id: earlier.credentialId })
    }
    if (!earlier) {
      refuseWhileRotating(context, id)
      checkGiven(record, { password, token })
    }
    const running = active.get(id)
    const answering = earlier
      ? running?.rotation.id === earlier.id
        ? running
        : null
      : launch(record, { id: operationId ?? randomUUID(), who, given: { password, token } }, runRotation)
    if (!wait) return answering?.rotation ?? earlier ?? unreachable()
    await answering?.ended
    return outcome(byId.get(answering?.rotation.id ?? earlier?.id ?? '') ?? unreachable())
  }

  return {
    rotate,
    async cancel(id) {
      recordOf(context, id)
      const running = active.get(id)
      if (!running) throw new Problem('rotation.none', { id })
      running.controller.abort()
      await running.ended
      return lastOf.get(id) ?? unreachable()
    },
    last: (id) => lastOf.get(recordOf(context, id).id) ?? null,
    watch: (id, signal) => watch(recordOf(context, id).id, signal),
    async recover() {
      const left = context
        .book()
        .all()
        .filter(({ pending }) => pending !== null && !byId.has(pending.rotationId))
      const launched = left.map((record) => {
        const id = record.pending?.rotationId ?? ''
        return launch(record, { id, who: 'regie', given: {} }, (run) => recoverRun(run, journal.interruptedAt(id)))
      })
      await Promise.all(launched.map(({ ended }) => ended))
      return launched.map(({ rotation }) => byId.get(rotation.id) ?? rotation)
    },
    async close() {
      for (const { controller } of active.values()) controller.abort()
      await Promise.all(ending)
    },
  }
}

const unreachable = (): never => {
  throw new Error('a rotation that was started is not known')
}

/** A person's own secret must fit its readers, and must not be the one that is to be replaced. */
function checkGiven(record: CredentialRecord, given: RotationRun['given']) {
  for (const field of ['password', 'token'] as const) {
    const value = given[field]
    if (value === undefined) continue
    checkField(record.scheme, field, value)
    if (sameSecret(value, record.secret[field])) throw new Problem('rotation.same-secret', { id: record.id })
  }
}

/** Everything may have been touched before the crash, so everything is put back. */
async function recoverRun(run: RotationRun, interruptedAt: Rotation['failedStep'] | null): Promise<RotationEnd> {
  const { context, credentialId, record, touched } = run
  const step = interruptedAt ?? 'prepare'
  const cause = reason('rotation.interrupted')
  record.failed(step, cause)
  touched.sinks.push(...recordOf(context, credentialId).sinks)
  for (const { path } of touched.sinks) await removeLeftovers(path)
  const users = context.usersOf(credentialId).filter(isAskable)
  touched.services.push(
    ...users.filter(({ runtime }) => runtime !== 'external').map(({ id }) => ({ id, action: null })),
  )
  const rest = await rollBack(run)
  return rest ? { state: 'failed', step, cause, rest } : { state: 'rolled-back', step, cause }
}

function problemOf(rotation: Rotation, end: RotationEnd | undefined): Problem | null {
  const { credentialId: id, state, reason: why, failedStep: step = 'prepare' } = rotation
  const params = { id, step, cause: why?.message ?? '' }
  switch (state) {
    case 'running':
    case 'committed':
      return null
    case 'rolled-back':
      return new Problem('rotation.rolled-back', { ...params, hint: why?.hint ?? '' })
    case 'failed':
      return new Problem('rotation.failed', { ...params, rest: end?.state === 'failed' ? end.rest.message : '' })
  }
}
