import { randomUUID } from 'node:crypto'
import { Problem, reason, type Reason } from '../../shared/problems'
import { kindOf } from '../kinds'
import type { ImageBackend } from '../kinds/backend'
import { alike, judgePicture, similarity, type Measured } from '../trial/judge'
import { makePicture, testSeed, type MadePicture } from '../trial/picture'
import { compareNodes, nameSome } from './nodes'
import { asThrown, assertProven, besideUrl, idOf, pictureProblems, places, proveAt, type UpdateRun } from './run-parts'
import type { Golden } from './snapshot'
import { secondsOf } from './lines'

/** So much longer than on the old version a picture may take before that is said. */
const slower = 1.3
/** A difference of less than this, in ms, is no news. */
const noiseMs = 50

const refuse = (why: Reason): never => {
  throw new Problem(...asThrown(why))
}

async function verifyProtected(run: UpdateRun, port: number): Promise<void> {
  const { record, signal } = run
  record.check('authenticated', { state: 'running' })
  const proof = await proveAt(run, besideUrl(port), signal)
  assertProven(proof)
  record.check('authenticated', { state: 'passed', value: proof.rows.length })
  record.line('verify', 'verify.authenticated', { count: proof.rows.length })
}

/** Custom nodes that the old version could not import either say nothing of the new one. */
async function failedImports(run: UpdateRun): Promise<string[]> {
  const { config, containers, facts } = run
  const read = kindOf(config.kind).failedImports
  const beside = await containers.beside(idOf(run))
  if (!read || !beside) return []
  const [before, after] = await Promise.all([
    containers.lastLines(facts.oldContainer).then(read),
    containers.lastLines(beside.id).then(read),
  ])
  return after.filter((name) => !before.includes(name))
}

async function verifyNodes(run: UpdateRun, backend: ImageBackend): Promise<void> {
  const { record, facts, signal } = run
  const golden = facts.nodes
  record.check('nodes', { state: 'running', golden: golden?.length ?? null })
  const failed = await failedImports(run)
  if (failed.length > 0) throw new Problem('updates.import-failed', { nodes: nameSome(failed) })
  const after = await backend.customNodes?.(signal)
  if (golden === null || after === undefined) {
    record.check('nodes', { state: 'skipped' })
    return
  }
  const { missing, added } = compareNodes(golden, after)
  if (missing.length > 0)
    throw new Problem('updates.nodes-missing', { count: missing.length, nodes: nameSome(missing) })
  record.check('nodes', { state: 'passed', value: after.length })
  record.line('verify', 'verify.nodes', { count: golden.length, added: added.length })
}

/** Why the new version's picture verifies nothing; null where it does. */
function wrongWith(measured: Measured, wanted: { width: number; height: number; mayBeFlat: boolean }): Reason | null {
  switch (judgePicture(measured, wanted)) {
    case null:
      return null
    case 'size':
      return reason('updates.picture-size', {
        got: `${measured.width}×${measured.height}`,
        wanted: `${wanted.width}×${wanted.height}`,
      })
    case 'black':
      return reason('updates.picture-black')
    case 'flat':
      return reason('updates.picture-flat')
  }
}

/** Times are held against those of the old version; one of another order is told, and stops nothing. */
function compareTimes({ record }: UpdateRun, golden: MadePicture, made: MadePicture): void {
  const compare = (id: 'time' | 'step-time', value: number | null, before: number | null) => {
    const limit = before === null ? null : Math.round(before * slower + noiseMs)
    const isSlow = value !== null && limit !== null && value > limit
    const state = value === null || before === null ? 'skipped' : isSlow ? 'warning' : 'passed'
    record.check(id, { state, value, golden: before, limit })
  }
  compare('time', made.tookMs, golden.cached ? null : golden.tookMs)
  compare('step-time', made.stepMs, golden.stepMs)
}

async function verifyPicture(run: UpdateRun, backend: ImageBackend, golden: Golden | null): Promise<void> {
  const { record, patience, signal } = run
  if (!golden) {
    for (const id of ['picture', 'similarity', 'time', 'step-time'] as const) record.check(id, { state: 'skipped' })
    return
  }
  record.check('picture', { state: 'running' })
  const { to } = record.snapshot()
  const made = await makePicture(backend, golden.params, {
    ...{ file: places(run).picture('new'), patienceMs: patience.pictureMs, signal, cancels: false },
    ...{ jobId: randomUUID(), problems: pictureProblems },
    onStep: (step, steps) => record.change({ sampling: { of: 'new', step, steps } }),
  })
  const { measured, tookMs, cached } = made
  const { width, height } = measured
  record.change({
    sampling: null,
    pictures: { ...record.snapshot().pictures, new: { version: to, width, height, tookMs: cached ? null : tookMs } },
  })
  if (cached) throw new Problem('updates.picture-cached')
  const wrong = wrongWith(measured, {
    width: golden.picture.measured.width,
    height: golden.picture.measured.height,
    mayBeFlat: golden.isSmoke,
  })
  if (wrong) refuse(wrong)
  record.check('picture', { state: 'passed' })
  record.line('verify', 'verify.picture', { seconds: secondsOf(tookMs), seed: testSeed })
  const value = similarity(golden.picture.measured.grey, measured.grey)
  record.check('similarity', { state: value >= alike ? 'passed' : 'warning', value, golden: 1, limit: alike })
  record.line('verify', 'verify.similarity', { value })
  compareTimes(run, golden.picture, made)
}

/**
 * Asks the new version beside the old one for everything that the old one does: it is protected and lets the credential
 * in, it has all nodes, and it makes a picture. Throws the Problem of the first thing that it does not.
 */
export async function verifyBeside(run: UpdateRun, port: number, golden: Golden | null): Promise<void> {
  const { parts, config, record } = run
  const backend = parts.backendFor({ ...config, url: besideUrl(port) })
  try {
    await verifyProtected(run, port)
    await verifyNodes(run, backend)
    await verifyPicture(run, backend, golden)
  } catch (error) {
    const { checks } = record.snapshot()
    const running = checks.find(({ state }) => state === 'running')
    const why = error instanceof Problem ? { reason: error.reason } : {}
    if (running) record.check(running.id, { state: 'failed', ...why })
    throw error
  }
}
