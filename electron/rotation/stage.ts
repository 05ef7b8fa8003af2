import type { Rotation } from '../../shared/contract'
import { mainFingerprint } from '../credentials/credentials'
import type { CredentialRecord } from '../credentials/record'
import type { BegunRotation } from './journal'
import { createMemory, type ActiveRotation } from './memory'
import type { RotationEnd, RotationRun } from './parts'
import { createRotationRecord, type RotationRecord } from './record'
import { isTold } from './recovery'

/** What a run is about. `recovers`: what an earlier run noted of it, or null where nothing is known. */
export interface RunStart {
  id: string
  who: string
  given: RotationRun['given']
  recovers?: BegunRotation | null
}

/** Whose end is to be told. */
type Told = Pick<RotationRun, 'who' | 'credentialId'> & {
  record: Pick<RotationRecord, 'snapshot' | 'finish'>
  start: Pick<RunStart, 'recovers'>
}

type ToldEnd = Exclude<RotationEnd, { state: 'left' }>

/** What every run on this stage has in common. */
type Ports = Pick<RotationRun, 'context' | 'control' | 'journal' | 'patienceMs' | 'reportError'>

/** Writes an end down, in the audit log and the journal: what is told already is not told twice. */
async function writeEnd(
  { context, journal }: Pick<Ports, 'context' | 'journal'>,
  { record, who, credentialId, start }: Told,
  { end, at }: { end: ToldEnd; at: number },
): Promise<void> {
  const rotation = record.snapshot()
  const { id, oldFingerprint, newFingerprint } = rotation
  const prints = { rotation: id, old: oldFingerprint ?? '', new: newFingerprint ?? '' }
  const details = end.state === 'committed' ? prints : { ...prints, step: end.step, problem: end.cause.problem }
  const target = credentialId
  const isRecovery = start.recovers !== undefined
  // A crash may have come between the journal and the audit log: what is lacking there is told now, and nothing twice.
  if (isRecovery && !(await isTold(context, rotation, 'started'))) {
    const details = { rotation: id, old: prints.old }
    await context.audit.append({ who: start.recovers?.who ?? who, action: 'rotation.started', target, details })
  }
  if (!isRecovery || !(await isTold(context, rotation, end.state)))
    await context.audit.append({ who, action: `rotation.${end.state}`, target, details })
  await journal.end({ ...rotation, state: end.state, finishedAt: at })
}

/** Where rotations run: starts them under their credential's lock, remembers them, tells of each change. */
export function createStage(ports: Ports) {
  const { context, control, journal, reportError } = ports
  const memory = createMemory(journal.ended, context)
  const { active, changed, ends, waiting } = memory
  /** Runs whose last word (audit, journal, pages) may still be on its way. */
  const ending = new Set<Promise<RotationEnd>>()

  /** Starts a run under the credential's lock and cleans up after it. */
  const launch = (
    record: CredentialRecord,
    start: RunStart,
    work: (run: RotationRun) => Promise<RotationEnd>,
  ): ActiveRotation => {
    const controller = new AbortController()
    const rotationRecord = createRotationRecord(
      {
        id: start.id,
        credentialId: record.id,
        startedBy: start.who,
        oldFingerprint: mainFingerprint(record.scheme, record.secret),
      },
      { now: context.now, changed },
    )
    const run: RotationRun = {
      rotationId: start.id,
      credentialId: record.id,
      who: start.who,
      given: start.given,
      ...ports,
      record: rotationRecord,
      signal: controller.signal,
      touched: { sinks: [], services: [], asked: [] },
      onWaiting: (why) => {
        if (why) waiting.set(record.id, why)
        else waiting.delete(record.id)
      },
    }
    context.rotating.set(record.id, 'current')
    const ended = finish(run, start, work).finally(() => ending.delete(ended))
    ending.add(ended)
    const isRecovery = start.recovers !== undefined
    const launched: ActiveRotation = { rotation: rotationRecord.snapshot(), controller, ended, isRecovery }
    active.set(record.id, launched)
    changed(launched.rotation)
    return launched
  }

  const finish = async (
    run: RotationRun,
    start: RunStart,
    work: (run: RotationRun) => Promise<RotationEnd>,
  ): Promise<RotationEnd> => {
    // A change of sinks that began before this rotation ends first; later ones are refused by name.
    await context.exclusively(() => Promise.resolve())
    await context.announce(run.credentialId).catch(reportError)
    const end = await work(run)
    waiting.delete(run.credentialId)
    ends.set(run.rotationId, end)
    if (end.state === 'left') return end
    // Told once it is written down: whoever hears of the end finds it in the audit log.
    const at = context.now()
    await writeEnd(ports, { ...run, start }, { end, at }).catch(reportError)
    context.rotating.delete(run.credentialId)
    active.delete(run.credentialId)
    run.record.finish(end.state, at)
    await context.announce(run.credentialId).catch(reportError)
    for (const { id } of context.usersOf(run.credentialId)) await control.refresh(id).catch(reportError)
    return end
  }

  /** Tells the end of a rotation of which nothing is left to do. */
  const tell = async (begun: BegunRotation, end: ToldEnd): Promise<Rotation> => {
    const { rotationId: id, credentialId, oldFingerprint = null, newFingerprint = null } = begun
    const record = createRotationRecord(
      { id, credentialId, startedBy: begun.who ?? 'regie', oldFingerprint },
      { now: context.now, changed },
    )
    record.newFingerprint(newFingerprint)
    if (end.state !== 'committed') record.failed(end.step, end.cause)
    const at = context.now()
    await writeEnd(ports, { record, who: 'regie', credentialId, start: { recovers: begun } }, { end, at })
    record.finish(end.state, at)
    return record.snapshot()
  }

  return { launch, tell, ending, ...memory }
}

export type Stage = ReturnType<typeof createStage>
