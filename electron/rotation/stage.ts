import type { Rotation } from '../../shared/contract'
import { mainFingerprint } from '../credentials/credentials'
import type { CredentialRecord } from '../credentials/record'
import type { BegunRotation } from './journal'
import { createMemory, type ActiveRotation, type Memory } from './memory'
import type { RotationEnd, RotationRun } from './parts'
import { createRotationRecord, type RotationRecord } from './record'
import { isTold } from './recovery'

/** What a run is about. `recovers`: what an earlier run noted of it, or null where nothing is known. */
export interface RunStart {
  id: string
  who: string
  given: RotationRun['given']
  interrupts?: boolean
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

type Work = (run: RotationRun) => Promise<RotationEnd>

/** Where rotations run: starts them under their credential's lock, remembers them, tells of each change. */
export class Stage {
  readonly #ports: Ports
  /** What is known of rotations, those that run among them. */
  readonly memory: Memory
  /** Runs whose last word (audit, journal, pages) may still be on its way. */
  readonly #ending = new Set<Promise<RotationEnd>>()

  constructor(ports: Ports) {
    this.#ports = ports
    this.memory = createMemory(ports.journal.ended, ports.context)
  }

  /** Starts a run under the credential's lock and cleans up after it. */
  launch(record: CredentialRecord, start: RunStart, work: Work): ActiveRotation {
    const { active, changed } = this.memory
    const controller = new AbortController()
    const run = this.#runOf(record, start, controller.signal)
    this.#ports.context.rotating.set(record.id, 'current')
    const ended = this.#finish(run, start, work).finally(() => this.#ending.delete(ended))
    this.#ending.add(ended)
    const isRecovery = start.recovers !== undefined
    const launched: ActiveRotation = { rotation: run.record.snapshot(), controller, ended, isRecovery }
    active.set(record.id, launched)
    changed(launched.rotation)
    return launched
  }

  /** Tells the end of a rotation of which nothing is left to do. */
  async tell(begun: BegunRotation, end: ToldEnd): Promise<Rotation> {
    const { now } = this.#ports.context
    const { rotationId: id, credentialId, oldFingerprint = null, newFingerprint = null } = begun
    const record = createRotationRecord(
      { id, credentialId, startedBy: begun.who ?? 'regie', oldFingerprint },
      { now, changed: this.memory.changed },
    )
    record.newFingerprint(newFingerprint)
    if (end.state !== 'committed') record.failed(end.step, end.cause)
    const at = now()
    await writeEnd(this.#ports, { record, who: 'regie', credentialId, start: { recovers: begun } }, { end, at })
    record.finish(end.state, at)
    return record.snapshot()
  }

  /** Resolves when the last word of every run has been told. */
  async settled(): Promise<void> {
    await Promise.all(this.#ending)
  }

  #runOf({ id: credentialId, scheme, secret }: CredentialRecord, start: RunStart, signal: AbortSignal): RotationRun {
    const { id: rotationId, who, given, interrupts = false } = start
    const { changed, waiting } = this.memory
    const oldFingerprint = mainFingerprint(scheme, secret)
    const record = createRotationRecord(
      { id: rotationId, credentialId, startedBy: who, oldFingerprint },
      { now: this.#ports.context.now, changed },
    )
    return {
      ...this.#ports,
      ...{ rotationId, credentialId, who, given, interrupts, record, signal },
      touched: { sinks: [], services: [], asked: [] },
      onWaiting: (why) => {
        if (why) waiting.set(credentialId, why)
        else waiting.delete(credentialId)
      },
    }
  }

  async #finish(run: RotationRun, start: RunStart, work: Work): Promise<RotationEnd> {
    const { context, control, reportError } = this.#ports
    const { active, ends, waiting } = this.memory
    // A change of sinks that began before this rotation ends first; later ones are refused by name.
    await context.exclusively(() => Promise.resolve())
    await context.announce(run.credentialId).catch(reportError)
    const end = await work(run)
    waiting.delete(run.credentialId)
    ends.set(run.rotationId, end)
    if (end.state === 'left') return end
    // Told once it is written down: whoever hears of the end finds it in the audit log.
    const at = context.now()
    await writeEnd(this.#ports, { ...run, start }, { end, at }).catch(reportError)
    context.rotating.delete(run.credentialId)
    active.delete(run.credentialId)
    run.record.finish(end.state, at)
    await context.announce(run.credentialId).catch(reportError)
    for (const { id } of context.usersOf(run.credentialId)) await control.refresh(id).catch(reportError)
    return end
  }
}
