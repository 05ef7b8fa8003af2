import { Problem, reason, type Reason } from '../../shared/problems'
import { diskProblem } from '../storage/disk'
import { rm } from 'node:fs/promises'
import { updateTags } from './images'
import type { StepId } from './record'
import { rollBack } from './roll-back'
import { idOf, note, places, type UpdateRun } from './run-parts'
import { takeSnapshot } from './snapshot'
import type { StackOfService } from './stack'
import { switchOver } from './switching'
import { buildBeside, lastWords, startBeside } from './trying'
import { verifyBeside } from './verify'

/** How long the way back stays at least, in ms. */
const keptMs = 7 * 24 * 60 * 60_000

/** What a run needs beside what its way back needs. */
export interface Forward {
  stack: StackOfService
  written: ReadonlyMap<string, string>
  /** The old version stands still while the new one is tried. */
  mustStopOld: boolean
}

/** Where a run ended: with the new version, or back, or where a person must look. */
export type UpdateEnd = 'switched' | 'rolled-back' | 'failed'

function causeOf(error: unknown, { signal, parts, record }: UpdateRun): Reason {
  if (signal.aborted) return signal.reason instanceof Problem ? signal.reason.reason : reason('updates.cancelled')
  if (error instanceof Problem) return error.reason
  const full = diskProblem(error, record.snapshot().id)
  if (full) return full.reason
  parts.reportBug(error)
  return reason('updates.unexpected')
}

/** The new version is in the place of the old one, and proven: from here on a crash is no way back. */
export async function keepWayBack(run: UpdateRun): Promise<void> {
  const { record, facts, images } = run
  const old = await images.look(facts.oldImage.id)
  const keptUntil = Date.now() + keptMs
  record.change({ keptUntil, keptBytes: old?.bytes ?? null })
  record.line('keep', 'keep.until', { date: new Date(keptUntil).toISOString().slice(0, 10) })
  // The new image has the name that its files give it, and what was staged is in its place.
  if (facts.newImageName !== null) await images.dropOwn(updateTags(idOf(run)).fresh)
  const { staged, beside } = places(run)
  for (const folder of [staged, beside]) await rm(folder, { recursive: true, force: true })
}

/** Goes back, and tells how that ended. */
export async function goBack(run: UpdateRun): Promise<UpdateEnd> {
  const { record } = run
  record.change({ state: 'rolling-back' })
  const rest = await rollBack(run)
  if (rest === null) return 'rolled-back'
  record.change({ notBack: rest })
  return 'failed'
}

/**
 * Takes a stack to its next version: snapshot → build → start → verify → switch → keep. A failure or a roll-back that is
 * asked for at any step brings the old version back. Never throws; the record tells all.
 */
export async function runUpdate(run: UpdateRun, { stack, written, mustStopOld }: Forward): Promise<UpdateEnd> {
  const { record, signal } = run
  let current: StepId = 'snapshot'
  const step = async <T>(id: StepId, work: () => Promise<T>): Promise<T> => {
    current = id
    if (id !== 'keep') signal.throwIfAborted()
    // The switch is noted when all that may still stop it has been looked at.
    if (id !== 'switch') await note(run, id)
    record.begin(id)
    const result = await work()
    record.end(id, 'done')
    return result
  }
  try {
    const golden = await step('snapshot', () => takeSnapshot(run))
    const staged = await step('build', () => buildBeside(run, stack, written))
    const { port } = await step('start', () => startBeside(run, staged, mustStopOld))
    await step('verify', () => verifyBeside(run, port, golden))
    await step('switch', () => switchOver(run, written))
    signal.throwIfAborted()
    await step('keep', () => keepWayBack(run))
    return 'switched'
  } catch (error) {
    const cause = causeOf(error, run)
    record.log(current, await lastWords(run, current))
    record.end(current, 'failed')
    record.failed(current, cause)
    return goBack(run)
  }
}
