import type { Rotation } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { recordOf } from '../credentials/credentials'
import type { CredentialRecord } from '../credentials/record'
import type { ActiveRotation } from './memory'
import type { RotationRun } from './parts'
import { clearSinkFolders, recoverRun, untoldEnd } from './recovery'
import type { Stage } from './stage'
import { startAgain } from './start-again'

type Ports = Pick<RotationRun, 'context' | 'control' | 'journal' | 'reportError'>

/** What earlier runs left in the middle: completed, rolled back, or told of. */
export function createRecoveries({ context, control, journal, reportError }: Ports, stage: Stage) {
  const { active, byId } = stage.memory
  const closing = new AbortController()
  /** Services of rotations that were cut off, which are brought up again; nobody waits for that but the closing. */
  let rising: Promise<unknown> | null = null
  const bringUp = () =>
    Promise.all(journal.cutOff.map((begun) => startAgain({ context, control, reportError }, begun, closing.signal)))
  /** Whether an earlier run left it in the middle, and nothing goes on with it now. */
  const isLeft = (record: CredentialRecord) => record.pending !== null && !active.has(record.id)
  const recoverOne = (record: CredentialRecord): ActiveRotation => {
    const id = record.pending?.rotationId ?? ''
    const begun = journal.unfinished().find(({ rotationId }) => rotationId === id) ?? null
    return stage.launch(record, { id, who: 'regie', given: {}, recovers: begun }, (run) => recoverRun(run, begun))
  }
  /** Tells the ends that a crash kept from being told. */
  const tellUntold = async (): Promise<Rotation[]> => {
    const told: Rotation[] = []
    for (const begun of journal.unfinished()) {
      const record = context.book().find(begun.credentialId)
      if (record?.pending?.rotationId === begun.rotationId || byId.has(begun.rotationId)) continue
      const end = untoldEnd(record, begun)
      if (end.state !== 'left') told.push(await stage.tell(begun, end))
    }
    return told
  }

  return {
    isLeft,
    /** All that is left, at the start or when the vault opens. */
    recover: async (): Promise<Rotation[]> => {
      const launched = context.book().all().filter(isLeft).map(recoverOne)
      await clearSinkFolders(context)
      const told = await tellUntold()
      await Promise.all(launched.map(({ ended }) => ended))
      rising ??= bringUp()
      return [...told, ...launched.map(({ rotation }) => byId.get(rotation.id) ?? rotation)]
    },
    /** Goes on by itself with one that waits for a service. */
    goOnWith(id: string) {
      // Whoever waits for the rotation is told first how it ended.
      setImmediate(() => {
        const left = context.book().find(id)
        if (left && isLeft(left) && !closing.signal.aborted) recoverOne(left)
      })
    },
    /** Finishes what could not be rolled back, before anything new is begun. Throws `rotation.unfinished`. */
    async finishEarlier(record: CredentialRecord) {
      const { id } = record
      const end = await recoverOne(record).ended
      if (recordOf(context, id).pending === null) return
      throw new Problem('rotation.unfinished', { id, cause: end.state === 'failed' ? end.rest.message : '' })
    },
    /** Begins nothing more. */
    close: () => closing.abort(),
    settled: () => rising,
  }
}

export type Recoveries = ReturnType<typeof createRecoveries>
