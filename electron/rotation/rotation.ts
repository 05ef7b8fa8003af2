import { randomUUID } from 'node:crypto'
import type { PanelEvent, Rotation } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import type { ServiceControl } from '../credentials/control'
import { recordOf, refuseWhileRotating } from '../credentials/credentials'
import type { CredentialRecord } from '../credentials/record'
import { openJournal } from './journal'
import type { RotationEnd, RotationRun } from './parts'
import { createRecoveries } from './recoveries'
import { runRotation } from './run'
import type { ActiveRotation } from './memory'
import { createStage, type RunStart } from './stage'
import { checkField, sameSecret } from '../credentials/secrets'
import { contextOf, type Credentials } from '../credentials'

export interface RotationsOptions {
  credentials: Credentials
  control: ServiceControl
  /** What happens in the panel: when the vault opens, what a crash left is gone on with. */
  listen?: Listen<[PanelEvent]>
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
  /**
   * Completes or rolls back what an earlier run left in the middle. Call it once the vault is open and the services are
   * known. The credentials concerned are locked at once; resolves when all is done, which may be when Docker is back.
   */
  recover(): Promise<Rotation[]>
  /** What is to be told of recoveries that cannot go on yet. */
  notices(): Reason[]
  /** Cancels what runs and waits until it has rolled back. */
  close(): Promise<void>
}

const defaultPatienceMs = 60_000

export async function createRotations(options: RotationsOptions): Promise<Rotations> {
  const { reportError = () => undefined, patienceMs = defaultPatienceMs, control } = options
  const context = contextOf(options.credentials)
  const journal = await openJournal(options.journalFile)
  const stage = createStage({ context, control, journal, patienceMs, reportError })
  const { active, ending, byId, lastOf, ends } = stage
  const recoveries = createRecoveries({ context, control, journal, reportError }, stage)

  /** Starts a rotation; where a service could not be asked in its roll-back, that goes on by itself. */
  const begin = (record: CredentialRecord, start: RunStart): ActiveRotation => {
    const launched = stage.launch(record, start, runRotation)
    void launched.ended.then((end) => {
      if (end.state === 'failed' && end.rest.problem === 'rotation.waiting') recoveries.goOnWith(record.id)
    })
    return launched
  }
  const rotate = async ({ id, password, token, operationId, wait = true, who }: RotateRequest): Promise<Rotation> => {
    const record = recordOf(context, id)
    const earlier = operationId === undefined ? undefined : byId.get(operationId)
    if (earlier && earlier.credentialId !== id)
      throw new Problem('rotation.operation-reused', { operation: earlier.id, id: earlier.credentialId })
    if (!earlier) {
      refuseWhileRotating(context, id)
      checkGiven(record, { password, token })
      // Without waiting where nothing is left: the next caller must find the credential locked.
      if (recoveries.isLeft(record)) {
        await recoveries.finishEarlier(record)
        refuseWhileRotating(context, id)
      }
    }
    const running = active.get(id)
    const answering = earlier
      ? running?.rotation.id === earlier.id
        ? running
        : null
      : begin(recordOf(context, id), { id: operationId ?? randomUUID(), who, given: { password, token } })
    if (!wait) return answering?.rotation ?? earlier ?? unreachable()
    await answering?.ended
    const rotation = byId.get(answering?.rotation.id ?? earlier?.id ?? '') ?? unreachable()
    const problem = problemOf(rotation, ends.get(rotation.id))
    if (problem) throw problem
    return rotation
  }
  // What a crash left in the middle can only be finished with the secrets at hand.
  const stopListening = options.listen?.((event) => {
    if (event.type === 'vault' && event.vault.state === 'open') void recoveries.recover().catch(reportError)
  })

  return {
    rotate,
    async cancel(id) {
      recordOf(context, id)
      const running = active.get(id)
      if (!running) throw new Problem('rotation.none', { id })
      if (running.isRecovery) throw new Problem('rotation.running', { id })
      running.controller.abort()
      await running.ended
      return lastOf.get(id) ?? unreachable()
    },
    last: (id) => lastOf.get(recordOf(context, id).id) ?? null,
    watch: (id, signal) => stage.watch(recordOf(context, id).id, signal),
    recover: recoveries.recover,
    notices: () => [...stage.waiting.values()],
    async close() {
      stopListening?.()
      recoveries.close()
      for (const { controller } of active.values()) controller.abort()
      await Promise.all(ending)
      await recoveries.settled()
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
