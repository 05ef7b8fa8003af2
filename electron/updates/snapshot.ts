import { randomUUID } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { UpdateOrder } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { ImageBackend, ResolvedParams } from '../kinds/backend'
import { manifestName, manifestText, textFingerprint } from '../stacks/manifest'
import { readIfPresent, writeFileAtomic } from '../storage/files'
import { makePicture, testPrompt, testSeed, type MadePicture } from '../trial/picture'
import { updateTags } from './images'
import { planFiles } from './offer'
import { idOf, pictureProblems, places, type UpdateRun } from './run-parts'
import type { StackOfService } from './stack'
import { secondsOf } from './lines'

/** What the old version showed, and the new one is held against. */
export interface Golden {
  params: ResolvedParams
  picture: MadePicture
  /** Only a plain colour is asked for, since no model is there. */
  isSmoke: boolean
}

/** The files that the order lets the switch write, with their texts; the manifest is among them. */
export function filesToWrite(stack: StackOfService, order: Pick<UpdateOrder, 'files'>): Map<string, string> {
  const planned = planFiles(stack, (text) => text).filter(
    ({ path: name, change, isChanged }) => change !== 'same' && (!isChanged || order.files[name] === 'replace'),
  )
  const written = new Map(planned.map(({ path: name }) => [name, stack.fresh.get(name) ?? '']))
  return written.set(manifestName, manifestText(stack.template, stack.fresh))
}

/** The text of a file of the stack as a fingerprint; null where there is none. */
export async function printIn(folder: string, name: string): Promise<string | null> {
  const bytes = await readIfPresent(path.join(folder, name))
  return bytes && textFingerprint(bytes.toString('utf8'))
}

/** Copies the files that the switch will replace; `.env` and the files of the secrets are never among them. */
async function copyOld(run: UpdateRun): Promise<void> {
  const { folder, files } = run.facts
  const { old } = places(run)
  await mkdir(old, { recursive: true, mode: 0o700 })
  for (const { path: name, before } of files) {
    if (before === null) continue
    await writeFileAtomic(path.join(old, name), await readFile(path.join(folder, name)))
    // What is copied must be what was noted: somebody may have written in between.
    if ((await printIn(old, name)) !== before) throw new Problem('updates.files-changed', { files: name })
  }
}

/** What the test picture is made with: the service's default, and a plain colour where no known model is there. */
async function resolveTest(backend: ImageBackend, signal: AbortSignal): Promise<ResolvedParams> {
  const wanted = { prompt: testPrompt, seed: testSeed, batch: 1 }
  try {
    return await backend.resolve(wanted, signal)
  } catch (error) {
    if (!(error instanceof Problem) || error.id !== 'backend.no-known-model') throw error
    return backend.resolve({ ...wanted, workflow: 'smoke' }, signal)
  }
}

/** The picture of the old version; null where it can make none, which is told. */
async function makeGolden(run: UpdateRun): Promise<Golden | null> {
  const { parts, config, record, signal, patience } = run
  const backend = parts.backendFor(config)
  const { from } = record.snapshot()
  try {
    const params = await resolveTest(backend, signal)
    const picture = await makePicture(backend, params, {
      ...{ file: places(run).picture('old'), patienceMs: patience.pictureMs, signal, cancels: true },
      ...{ jobId: randomUUID(), problems: pictureProblems },
      onStep: (step, steps) => record.change({ sampling: { of: 'old', step, steps } }),
    })
    const { measured, tookMs, cached } = picture
    const { width, height } = measured
    record.change({
      sampling: null,
      pictures: {
        ...record.snapshot().pictures,
        old: { version: from, width, height, tookMs: cached ? null : tookMs },
      },
    })
    if (cached) record.line('snapshot', 'snapshot.picture-cached', { version: from })
    else
      record.line('snapshot', 'snapshot.picture', {
        version: from,
        seconds: secondsOf(tookMs),
        width,
        height,
        seed: testSeed,
      })
    const isSmoke = params.workflow === 'smoke'
    if (isSmoke) record.line('snapshot', 'snapshot.smoke')
    return { params, picture, isSmoke }
  } catch (error) {
    if (signal.aborted || !(error instanceof Problem)) throw error
    record.change({ sampling: null })
    record.line('snapshot', 'snapshot.no-picture', { cause: error.message })
    return null
  }
}

/**
 * Notes all that the way back needs, and what works today: files with their hashes, the image, the nodes, the version in
 * the vault, and a test picture. Throws a Problem where the old version is not what it was.
 */
export async function takeSnapshot(run: UpdateRun): Promise<Golden | null> {
  const { parts, record, facts, images, config, signal } = run
  await copyOld(run)
  const { keep } = updateTags(idOf(run))
  await images.tag(facts.oldImage.id, keep)
  record.line('snapshot', 'snapshot.files', { count: facts.files.length, image: facts.oldImage.name })
  facts.nodes = (await parts.backendFor(config).customNodes?.(signal)) ?? null
  if (facts.nodes === null) record.line('snapshot', 'snapshot.no-nodes')
  else record.line('snapshot', 'snapshot.nodes', { count: facts.nodes.length })
  record.line('snapshot', 'snapshot.vault', { version: facts.vaultVersion })
  return makeGolden(run)
}
