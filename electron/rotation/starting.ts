import { randomUUID } from 'node:crypto'
import type { Rotation } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { CredentialsContext } from '../credentials/context'
import { recordOf, refuseWhileRotating } from '../credentials/credentials'
import type { CredentialRecord } from '../credentials/record'
import { checkField, sameSecret } from '../credentials/secrets'
import type { ActiveRotation } from './memory'
import type { RotationEnd, RotationRun } from './parts'
import type { Recoveries } from './recoveries'
import { runRotation } from './run'
import type { RunStart, Stage } from './stage'

export interface RotateRequest {
  id: string
  password?: string | undefined
  token?: string | undefined
  /** The same id a second time answers the first rotation instead of starting another. */
  operationId?: string | undefined
  /** Answer when it has ended (the default), or at once. */
  wait?: boolean
  /** What runs on its services: the rotation waits until it has ended, where new jobs can be held, or interrupts it. */
  whenBusy?: 'wait' | 'interrupt'
  who: string
}

/** A rotation that was started is remembered for as long as the panel runs. */
export const neverKnown = (): never => {
  throw new Error('a rotation that was started is not known')
}

/** How a rotation that is asked for begins, and what is answered. */
export function createStarting(
  context: CredentialsContext,
  { stage, recoveries, isOfAlerts }: { stage: Stage; recoveries: Recoveries; isOfAlerts: (id: string) => boolean },
): (request: RotateRequest) => Promise<Rotation> {
  const { active, byId, ends } = stage.memory

  /** Starts a rotation; where a service could not be asked in its roll-back, that goes on by itself. */
  const begin = (record: CredentialRecord, start: RunStart): ActiveRotation => {
    const launched = stage.launch(record, start, runRotation)
    void launched.ended.then((end) => {
      if (end.state === 'failed' && end.rest.problem === 'rotation.waiting') recoveries.goOnWith(record.id)
    })
    return launched
  }
  return async ({ id, password, token, operationId, wait = true, whenBusy, who }: RotateRequest): Promise<Rotation> => {
    const record = recordOf(context, id)
    const earlier = operationId === undefined ? undefined : byId.get(operationId)
    if (earlier && earlier.credentialId !== id)
      throw new Problem('rotation.operation-reused', { operation: earlier.id, id: earlier.credentialId })
    if (!earlier) {
      // It is an address, or what another side has given: a drawn one opens nothing.
      if (isOfAlerts(id) && token === undefined) throw new Problem('alerts.credential-used', { id })
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
      : begin(recordOf(context, id), {
          ...{ id: operationId ?? randomUUID(), who, given: { password, token } },
          interrupts: whenBusy === 'interrupt',
        })
    if (!wait) return answering?.rotation ?? earlier ?? neverKnown()
    await answering?.ended
    const rotation = byId.get(answering?.rotation.id ?? earlier?.id ?? '') ?? neverKnown()
    const problem = problemOf(rotation, ends.get(rotation.id))
    if (problem) throw problem
    return rotation
  }
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
