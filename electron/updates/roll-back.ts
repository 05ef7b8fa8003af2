import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { Problem, reason, type Reason } from '../../shared/problems'
import { removeIfEmpty, replaceFile } from '../stacks/files'
import { pause } from '../async/pause'
import { readIfPresent, writeFileAtomic } from '../storage/files'
import { isWantedElsewhere, updateTags } from './images'
import { assertProven, idOf, note, places, proveAt, type UpdateRun } from './run-parts'
import { removeSettings } from './settings'
import { printIn } from './snapshot'
import { secondsOf } from './lines'

const never = () => new AbortController().signal

/** A file that the person wrote after the switch is put aside, never over. */
async function keepTheirs(run: UpdateRun, name: string): Promise<void> {
  const { short } = updateTags(idOf(run))
  const file = path.join(run.facts.folder, name)
  await writeFileAtomic(`${file}.changed-${short}`, await readFile(file))
}

/** Puts the old version's files back, to the byte. Returns how many were not there any more. */
async function putBack(run: UpdateRun): Promise<number> {
  const { folder, files, settings } = run.facts
  let count = 0
  for (const { path: name, before, after } of files) {
    const now = await printIn(folder, name)
    if (now === before) continue
    if (now !== null && now !== after) await keepTheirs(run, name)
    if (before === null) await rm(path.join(folder, name), { force: true })
    else {
      const bytes = await readIfPresent(path.join(places(run).old, name))
      if (bytes === null) throw new Problem('updates.snapshot-gone', { file: name })
      await replaceFile(path.join(folder, name), bytes)
    }
    count++
  }
  await removeSettings(folder, settings)
  // What the new version wrote there is the person's by now.
  for (const name of run.facts.folders) await removeIfEmpty(path.join(folder, name))
  return count
}

/** Gives the names of images back to those that had them. */
async function nameBack({ facts, images }: UpdateRun): Promise<void> {
  await images.tag(facts.oldImage.id, facts.oldImage.name)
  const { newImageName: named, newImage } = facts
  if (!named || newImage === null || named.name === facts.oldImage.name) return
  if (named.before !== null) await images.tag(named.before, named.name)
}

/** The new version's name goes where nothing had it before, and no other service asks for it by now. */
async function dropNewName({ facts, images, parts }: UpdateRun): Promise<void> {
  const { newImageName: named, newImage, oldImage } = facts
  if (!facts.replaced || !named || newImage === null || named.name === oldImage.name || named.before !== null) return
  if (!(await isWantedElsewhere(parts, facts.spec, named.name))) await images.dropName(named.name, newImage)
}

const timely = ({ patience }: UpdateRun) => AbortSignal.timeout(patience.startMs)

/** So long it is tried again where something else is in the way for a moment, and how often, in ms. */
const persistMs = 30_000
const againMs = 500

/** A port that another program has taken may be free again in a moment, and a lock too. */
const mayPass = ({ id }: Problem) => id.startsWith('compose.port') || id === 'service.busy'

async function patiently(work: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + persistMs
  for (;;) {
    try {
      await work()
      return
    } catch (error) {
      if (!(error instanceof Problem) || !mayPass(error) || performance.now() > end) throw error
      await pause(againMs, never())
    }
  }
}

/** Brings the old version's container back, if it is not there. Returns whether it is to be asked. */
async function bringBack(run: UpdateRun): Promise<boolean> {
  const { parts, claim, config, containers, facts, record } = run
  const wasReplaced = facts.replaced
  const old = await containers.inspect(facts.oldContainer)
  const runs = old?.state === 'running'
  const service = config.id
  if (!wasReplaced && runs) {
    record.line('roll-back', 'roll-back.untouched')
    return true
  }
  if (!wasReplaced && !facts.stoppedOld) {
    // Somebody else stopped or removed it: that is theirs to undo.
    record.line('roll-back', 'roll-back.left')
    return false
  }
  if (runs && old.imageId === facts.oldImage.id) {
    record.line('roll-back', 'roll-back.untouched')
    return true
  }
  const asked = { serviceId: service, operation: old && !wasReplaced ? 'start' : 'recreate', name: 'update' } as const
  await patiently(() =>
    parts.during(asked, () => (asked.operation === 'start' ? claim.start() : claim.recreate(timely(run)))),
  )
  if (asked.operation === 'start') record.line('roll-back', 'roll-back.started')
  else record.line('roll-back', 'roll-back.recreated', { image: facts.oldImage.name })
  return true
}

/** Clears up what was made on the way, once the old version answers. */
async function clearUp(run: UpdateRun): Promise<void> {
  const { images } = run
  const { fresh, keep } = updateTags(idOf(run))
  const { old, staged, beside } = places(run)
  await images.dropOwn(fresh)
  await images.dropOwn(keep)
  await dropNewName(run)
  for (const folder of [old, staged, beside]) await rm(folder, { recursive: true, force: true })
}

/**
 * Brings the old version back from wherever the update is. Resolves with null when it answers and is proven, or stands
 * still because somebody stopped it, else with what is left to do; everything that it takes is then kept.
 */
export async function rollBack(run: UpdateRun): Promise<Reason | null> {
  const { facts, images, containers, record, config, parts } = run
  const began = performance.now()
  // The journal cannot be allowed to stop this: with a full disk, putting back is still worth trying.
  record.begin('roll-back')
  await note(run, 'roll-back').catch(parts.reportBug)
  try {
    const wasReplaced = facts.replaced
    if (wasReplaced && !(await images.look(facts.oldImage.id))) throw new Problem('updates.image-gone')
    if (await containers.removeBeside(idOf(run))) record.line('roll-back', 'roll-back.beside')
    record.change({ besidePort: null, sampling: null })
    if (wasReplaced) {
      record.line('roll-back', 'roll-back.files', { count: await putBack(run) })
      await nameBack(run)
    }
    const isAsked = await bringBack(run)
    if (isAsked) {
      const proof = await proveAt(run, config.url, never())
      assertProven(proof)
      const ms = Math.round(performance.now() - began)
      record.line('roll-back', 'roll-back.proven', { seconds: secondsOf(ms), count: proof.rows.length })
      record.change({ answering: 'old', ...(wasReplaced && { lastUndo: { at: Date.now(), tookMs: ms } }) })
    } else record.change({ answering: null })
    await clearUp(run).catch(parts.reportBug)
    record.end('roll-back', 'done')
    return null
  } catch (error) {
    if (!(error instanceof Problem)) parts.reportBug(error)
    record.end('roll-back', 'failed')
    record.log('roll-back', await containers.lastLines(facts.oldContainer).catch(() => []))
    return error instanceof Problem ? error.reason : reason('updates.unexpected')
  }
}
