import type { Rotation } from '../../shared/contract'
import { mainFingerprint } from './credentials'
import type { CredentialRecord } from './record'
import { createRotationRecord } from './rotation-record'
import type { RotationEnd, RotationRun } from './rotation-run'

/** A rotation that runs now. */
export interface ActiveRotation {
  rotation: Rotation
  controller: AbortController
  ended: Promise<RotationEnd>
}

type Listeners = Map<string, Set<(rotation: Rotation) => void>>

/** What every run on this stage has in common. */
type Ports = Pick<RotationRun, 'context' | 'control' | 'journal' | 'patienceMs' | 'reportError'>

/** Where rotations run: starts them under their credential's lock, remembers them, tells of each change. */
export function createStage(ports: Ports) {
  const { context, control, journal, reportError } = ports
  const byId = new Map(journal.ended.map((rotation) => [rotation.id, rotation]))
  const lastOf = new Map(journal.ended.map((rotation) => [rotation.credentialId, rotation]))
  const active = new Map<string, ActiveRotation>()
  const ends = new Map<string, RotationEnd>()
  /** Runs whose last word (audit, journal, pages) may still be on its way. */
  const ending = new Set<Promise<RotationEnd>>()
  const listeners: Listeners = new Map()

  const changed = (rotation: Rotation) => {
    byId.set(rotation.id, rotation)
    lastOf.set(rotation.credentialId, rotation)
    const running = active.get(rotation.credentialId)
    if (running) running.rotation = rotation
    context.publish({ type: 'rotation', rotation })
    for (const listen of listeners.get(rotation.credentialId) ?? []) listen(rotation)
  }

  /** Starts a run under the credential's lock and cleans up after it. */
  const launch = (
    record: CredentialRecord,
    start: { id: string; who: string; given: RotationRun['given'] },
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
    }
    context.rotating.set(record.id, 'current')
    const ended = finish(run, work).finally(() => ending.delete(ended))
    ending.add(ended)
    const launched: ActiveRotation = { rotation: rotationRecord.snapshot(), controller, ended }
    active.set(record.id, launched)
    changed(launched.rotation)
    return launched
  }

  const finish = async (run: RotationRun, work: (run: RotationRun) => Promise<RotationEnd>): Promise<RotationEnd> => {
    // A change of sinks that began before this rotation ends first; later ones are refused by name.
    await context.exclusively(() => Promise.resolve())
    await context.announce(run.credentialId).catch(reportError)
    const end = await work(run)
    ends.set(run.rotationId, end)
    context.rotating.delete(run.credentialId)
    run.record.finish(end.state)
    active.delete(run.credentialId)
    await writeEnd(run, end).catch(reportError)
    await context.announce(run.credentialId).catch(reportError)
    for (const { id } of context.usersOf(run.credentialId)) await control.refresh(id).catch(reportError)
    return end
  }

  const writeEnd = async ({ record, who, credentialId }: RotationRun, end: RotationEnd) => {
    const { id, oldFingerprint, newFingerprint } = record.snapshot()
    const prints = { rotation: id, old: oldFingerprint ?? '', new: newFingerprint ?? '' }
    const details = end.state === 'committed' ? prints : { ...prints, step: end.step, problem: end.cause.problem }
    await context.audit.append({ who, action: `rotation.${end.state}`, target: credentialId, details })
    await journal.end(record.snapshot())
  }

  return {
    launch,
    active,
    ending,
    byId,
    lastOf,
    ends,
    watch: (id: string, signal: AbortSignal) => watch({ lastOf, listeners }, id, signal),
  }
}

/** Yields the newest state only: a slow reader skips what lies between. */
async function* watch(
  { lastOf, listeners }: { lastOf: Map<string, Rotation>; listeners: Listeners },
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Rotation, void, undefined> {
  let next = lastOf.get(id) ?? null
  let wake: () => void = () => undefined
  const listen = (rotation: Rotation) => {
    next = rotation
    wake()
  }
  const stop = () => wake()
  const mine = listeners.get(id) ?? new Set()
  listeners.set(id, mine.add(listen))
  signal.addEventListener('abort', stop)
  try {
    while (!signal.aborted) {
      const rotation: Rotation | null = next
      next = null
      if (rotation) {
        yield rotation
        if (rotation.state !== 'running') return
      } else {
        if (!lastOf.has(id)) return
        await new Promise<void>((resolve) => {
          wake = resolve
          if (next !== null || signal.aborted) resolve()
        })
      }
    }
  } finally {
    signal.removeEventListener('abort', stop)
    mine.delete(listen)
    if (mine.size === 0) listeners.delete(id)
  }
}
