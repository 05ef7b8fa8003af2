import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { Problem } from '../../shared/problems'
import { pause } from '../async/pause'
import { contextOf } from '../credentials'
import { recordOf } from '../credentials/credentials'
import { askOnce } from '../credentials/proof'
import { replaceFile } from '../stacks/files'
import { updateTags } from './images'
import { assertProven, idOf, note, places, portOf, proveAt, type UpdateRun } from './run-parts'
import { addSettings } from './settings'
import { printIn } from './snapshot'
import { secondsOf } from './lines'

const lookMs = 100

/** Throws where the old version is not as it was when the update began: then nothing of it is replaced. */
async function assertUntouched({ parts, facts, containers, config }: UpdateRun): Promise<void> {
  const changed: string[] = []
  for (const { path: name, before } of facts.files)
    if ((await printIn(facts.folder, name)) !== before) changed.push(name)
  if (changed.length > 0) throw new Problem('updates.files-changed', { files: changed.join(', ') })
  const context = contextOf(parts.credentials)
  const { version, pending } = recordOf(context, facts.credentialId)
  if (version !== facts.vaultVersion || pending || context.rotating.has(facts.credentialId))
    throw new Problem('updates.secret-changed', { id: config.id })
  const old = await containers.inspect(facts.oldContainer)
  if (!old || (old.state !== 'running' && !facts.stoppedOld))
    throw new Problem('updates.old-stopped', { id: config.id })
}

/** Waits until nothing runs on the old version; it is interrupted by nobody. Throws `updates.generating`. */
async function untilIdle({ parts, config, patience, record, signal }: UpdateRun): Promise<void> {
  const end = performance.now() + patience.idleMs
  for (let looks = 0; ; looks++) {
    signal.throwIfAborted()
    const { state, own, running, waiting } = await parts.loadOf(config.id)
    if (state !== 'busy') {
      if (looks > 0) record.line('switch', 'switch.idle')
      return
    }
    if (performance.now() > end)
      throw new Problem('updates.generating', { id: config.id, count: Math.max(own, (running ?? 0) + (waiting ?? 0)) })
    await pause(5 * lookMs, signal)
  }
}

/** Measures how long nothing answers at an address, until it is ended. */
function watchSilence({ parts, config }: Pick<UpdateRun, 'parts' | 'config'>) {
  const [surface] = contextOf(parts.credentials).surfacesOf(config.kind)
  const ending = new AbortController()
  let [lastAnswer, longest] = [performance.now(), 0]
  const watching = (async () => {
    while (surface && !ending.signal.aborted) {
      const answer = await askOnce(surface, config.url, null, ending.signal).catch(() => null)
      const now = performance.now()
      if (answer !== null) {
        longest = Math.max(longest, now - lastAnswer)
        lastAnswer = now
      }
      await pause(lookMs, ending.signal)
    }
  })()
  return {
    async end(): Promise<number> {
      ending.abort()
      await watching
      return Math.round(longest)
    },
  }
}

/** Puts the new files in the place of the old ones, each whole or not at all. */
async function putFiles(run: UpdateRun, written: ReadonlyMap<string, string>): Promise<void> {
  const { facts, record } = run
  for (const [name, text] of written) await replaceFile(path.join(facts.folder, name), text)
  // Docker would make them as its own, and the program could not write there.
  for (const name of facts.folders) await mkdir(path.join(facts.folder, name), { recursive: true })
  await addSettings(facts.folder, facts.settings)
  record.line('switch', 'switch.files', { count: written.size, settings: facts.settings.length })
}

/** Replaces the container, and asks the new one for the same as beside the old. */
async function recreateAndProve(run: UpdateRun): Promise<void> {
  const { parts, record, facts, containers, claim, config, patience, signal } = run
  const late = AbortSignal.timeout(patience.startMs)
  const asked = { serviceId: config.id, operation: 'recreate', name: 'update' } as const
  try {
    await parts.during(asked, () => claim.recreate(AbortSignal.any([signal, late])))
  } catch (error) {
    if (late.aborted) throw new Problem('updates.silent', { seconds: Math.round(patience.startMs / 1000) })
    throw error
  }
  const proof = await proveAt(run, config.url, signal)
  const id = parts.services.get(config.id).container?.id
  const now = id === undefined ? null : await containers.inspect(id)
  if (now?.state !== 'running' || now.restartCount > 0)
    throw new Problem('updates.ended', { code: now?.exitCode ?? '–' })
  if (now.imageId !== facts.newImage) throw new Problem('updates.not-built', { image: facts.newImageName?.name ?? '' })
  assertProven(proof)
  record.line('switch', 'switch.authenticated', { port: portOf(config), count: proof.rows.length })
}

/** Lets the new version answer on the service's own port, and proves it again there. Throws where it does not. */
export async function switchOver(run: UpdateRun, written: ReadonlyMap<string, string>): Promise<void> {
  await run.inTurn(async () => {
    await untilIdle(run)
    await replaceOld(run, written)
  }, run.signal)
}

async function replaceOld(run: UpdateRun, written: ReadonlyMap<string, string>): Promise<void> {
  const { record, facts, images, containers, signal } = run
  // The card holds the new version once: what was tried makes room for it.
  await containers.removeBeside(idOf(run))
  record.change({ besidePort: null })
  await rm(places(run).beside, { recursive: true, force: true })
  await assertUntouched(run)
  const { keep, fresh } = updateTags(idOf(run))
  await images.tag(facts.oldImage.id, keep)
  const { newImage, newImageName } = facts
  if (newImage === null || newImageName === null) throw new Problem('updates.not-built', { image: fresh })
  const { name } = newImageName
  // Another service of this stack may have been switched since it was built.
  facts.newImageName = { name, before: (await images.look(name))?.id ?? null }
  facts.replaced = true
  await note(run, 'switch')
  await putFiles(run, written)
  await images.tag(newImage, name)
  signal.throwIfAborted()
  const silence = watchSilence(run)
  try {
    record.change({ answering: null })
    await recreateAndProve(run)
  } finally {
    record.change({ withoutAnswerMs: await silence.end() })
  }
  record.line('switch', 'switch.down', { seconds: secondsOf(record.snapshot().withoutAnswerMs ?? 0) })
  record.change({ answering: 'new' })
}
