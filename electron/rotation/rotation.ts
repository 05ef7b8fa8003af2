import { randomUUID } from 'node:crypto'
import type { PanelEvent, Rotation } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import type { ServiceControl } from '../credentials/control'
import { recordOf, refuseWhileRotating } from '../credentials/credentials'
import type { CredentialRecord } from '../credentials/record'
import { openJournal } from './journal'
import type { RotationEnd, RotationRun } from './parts'
import { clearSinkFolders, recoverRun, untoldEnd } from './recovery'
import { runRotation } from './run'
import { startAgain } from './start-again'
import { createStage, type ActiveRotation } from './stage'
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
  const { launch, tell, waiting, active, ending, byId, lastOf, ends, watch } = createStage({
    context,
    control,
    journal,
    patienceMs,
    reportError,
  })

  let closed = false
  const closing = new AbortController()
  /** Services of rotations that were cut off, which are brought up again; nobody waits for that but the closing. */
  let rising: Promise<unknown> | null = null
  const bringUp = () =>
    Promise.all(journal.cutOff.map((begun) => startAgain({ context, control, reportError }, begun, closing.signal)))
  const isLeft = (record: CredentialRecord) => record.pending !== null && !active.has(record.id)
  const recoverOne = (record: CredentialRecord): ActiveRotation => {
    const id = record.pending?.rotationId ?? ''
    const begun = journal.unfinished().find(({ rotationId }) => rotationId === id) ?? null
    return launch(record, { id, who: 'regie', given: {}, recovers: begun }, (run) => recoverRun(run, begun))
  }
  /** Starts a rotation; where a service could not be asked in its roll-back, that goes on by itself. */
  const begin = (record: CredentialRecord, start: Parameters<typeof launch>[1]): ActiveRotation => {
    const launched = launch(record, start, runRotation)
    void launched.ended.then((end) => {
      if (end.state !== 'failed' || end.rest.problem !== 'rotation.waiting') return
      // Whoever waits for the rotation is told first how it ended.
      setImmediate(() => {
        const left = context.book().find(record.id)
        if (left && isLeft(left) && !closed) recoverOne(left)
      })
    })
    return launched
  }
  /** Goes on with what could not be rolled back, before anything new is begun. Throws `rotation.unfinished`. */
  const finishEarlier = async (record: CredentialRecord) => {
    const { id } = record
    const end = await recoverOne(record).ended
    if (recordOf(context, id).pending === null) return
    throw new Problem('rotation.unfinished', { id, cause: end.state === 'failed' ? end.rest.message : '' })
  }
  /** Tells the ends that a crash kept from being told. */
  const tellUntold = async (): Promise<Rotation[]> => {
    const told: Rotation[] = []
    for (const begun of journal.unfinished()) {
      const record = context.book().find(begun.credentialId)
      if (record?.pending?.rotationId === begun.rotationId || byId.has(begun.rotationId)) continue
      const end = untoldEnd(record, begun)
      if (end.state !== 'left') told.push(await tell(begun, end))
    }
    return told
  }

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
      if (isLeft(record)) {
        await finishEarlier(record)
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
    return outcome(byId.get(answering?.rotation.id ?? earlier?.id ?? '') ?? unreachable())
  }

  const recover = async () => {
    const left = context.book().all().filter(isLeft)
    const launched = left.map(recoverOne)
    await clearSinkFolders(context)
    const told = await tellUntold()
    await Promise.all(launched.map(({ ended }) => ended))
    rising ??= bringUp()
    return [...told, ...launched.map(({ rotation }) => byId.get(rotation.id) ?? rotation)]
  }
  // What a crash left in the middle can only be finished with the secrets at hand.
  const stopListening = options.listen?.((event) => {
    if (event.type === 'vault' && event.vault.state === 'open') void recover().catch(reportError)
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
    watch: (id, signal) => watch(recordOf(context, id).id, signal),
    recover,
    notices: () => [...waiting.values()],
    async close() {
      closed = true
      stopListening?.()
      for (const { controller } of active.values()) controller.abort()
      closing.abort()
      await Promise.all(ending)
      await rising
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
