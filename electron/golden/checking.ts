import { readFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import type { GoldenCheck, GoldenFinding, GoldenRan, GoldenSettings, Service } from '../../shared/contract'
import { Problem, reason } from '../../shared/problems'
import { pause } from '../async/pause'
import { isImported, type BackendProbe, type FamilyParams, type ImageBackend } from '../kinds/backend'
import { fileErrorCode } from '../storage/files'
import { measurePicture } from '../trial/judge'
import { makePicture, testPrompt, testSeed, type MadePicture } from '../trial/picture'
import { modelOf, type TrialPorts } from '../trial/ports'
import { watchVram } from '../trial/vram'
import { judgeMade, judgeSampled, judgeSimilarity, judgeTime, slowerThanUsual, verdictOf } from './judging'

/** How long things may take, in ms. */
export interface GoldenPatience {
  /** One image. */
  pictureMs: number
  /** A service that unloads its models says so at once and does it a moment later. */
  unloadMs: number
}

export const usualPatience: GoldenPatience = { pictureMs: 20 * 60_000, unloadMs: 1_500 }

/** What a check needs of the world. */
export interface CheckPorts extends TrialPorts {
  /** Throws a Problem where there is no such service. */
  service: (serviceId: string) => Service
}

/** One check on its way. */
export interface Checking {
  /** As it is now. */
  check: () => GoldenCheck
  change: (change: Partial<GoldenCheck>) => void
  settings: GoldenSettings
  /** The one that it is held against, and where its image lies. */
  golden: { check: GoldenCheck; file: string } | null
  /** The checks before it, the newest first. */
  before: readonly GoldenCheck[]
  /** Where its image is put. */
  file: string
  limitPct: number
  patience: GoldenPatience
  signal: AbortSignal
}

const callMs = 30_000
const largestSeed = 2 ** 32 - 1

const problems = {
  none: () => new Problem('golden.no-image'),
  late: (seconds: number) => new Problem('golden.late', { seconds }),
}

/** What a service answers to the credential, and without it, as its probe has seen. */
function authenticatedIn({ evidence }: BackendProbe): GoldenFinding {
  const seen = evidence.find(({ rung }) => rung === 'authenticated')
  const found = { id: 'authenticated' as const, value: null, limit: null }
  if (!seen) return { ...found, state: 'skipped' }
  // On a rung that holds a reason is a caveat: it lets everybody in.
  const isOpen = seen.reason !== undefined
  const state = seen.outcome !== 'proven' ? 'failed' : isOpen ? 'warning' : 'passed'
  return { ...found, state, ...(seen.reason && { reason: seen.reason }) }
}

async function resolveParams(backend: ImageBackend, { params }: GoldenSettings, signal: AbortSignal) {
  const wanted = { ...params, prompt: params.prompt ?? testPrompt, seed: params.seed ?? testSeed, batch: 1 }
  const resolved = await backend.resolve(wanted, AbortSignal.any([signal, AbortSignal.timeout(callMs)]))
  if (isImported(resolved)) throw new Problem('golden.family-only')
  return resolved
}

const toldOf = ({ prompt, seed, width, height, steps, workflow }: FamilyParams): GoldenCheck['made'] => ({
  ...{ prompt, seed, width, height, steps },
  family: workflow ?? null,
})

/** Takes the models out of memory, so that the first image is a cold one. False where the service cannot. */
async function unload(backend: ImageBackend, { patience, signal }: Checking): Promise<boolean> {
  try {
    await backend.freeMemory(AbortSignal.any([signal, AbortSignal.timeout(callMs)]))
    await pause(patience.unloadMs, signal)
    signal.throwIfAborted()
    return true
  } catch (error) {
    if (signal.aborted || !(error instanceof Problem)) throw error
    return false
  }
}

async function goldenOf({ golden }: Checking) {
  if (golden === null) return null
  const bytes = await readFile(golden.file).catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') return null
    throw error
  })
  return { check: golden.check, measured: bytes && (await measurePicture(bytes)) }
}

/** Makes both images: first a cold one with another seed, which no cache can answer, then the one that is compared. */
async function makeBoth(ports: CheckPorts, checking: Checking, backend: ImageBackend, params: FamilyParams) {
  const { signal, patience, file, change } = checking
  const { serviceId } = checking.check()
  const make = async (phase: 'cold' | 'warm', seed: number): Promise<MadePicture> => {
    const jobId = randomUUID()
    const end = ports.trials.begin(serviceId, jobId)
    change({ progress: { phase, step: null, steps: params.steps } })
    try {
      return await makePicture(
        backend,
        { ...params, seed },
        {
          ...{ jobId, signal, problems, patienceMs: patience.pictureMs, cancels: true },
          file: phase === 'warm' ? file : null,
          onStep: (step, steps) => change({ progress: { phase, step, steps } }),
        },
      )
    } finally {
      end()
    }
  }
  const isCold = await unload(backend, checking)
  const cold = await make('cold', params.seed === largestSeed ? 0 : params.seed + 1)
  change({ coldMs: isCold && !cold.cached ? cold.tookMs : null })
  return make('warm', params.seed)
}

/** What the service is asked before anything is made; refuses where others work there. */
async function lookAtService(ports: CheckPorts, checking: Checking, backend: ImageBackend) {
  const { serviceId } = checking.check()
  const { running, waiting } = await backend.queueState(AbortSignal.any([checking.signal, AbortSignal.timeout(callMs)]))
  if (running + (waiting ?? 0) > 0) throw new Problem('golden.others-work', { service: serviceId })
  const probe = await backend.probe(checking.signal)
  const version = probe.evidence.find((one) => one.version !== undefined)?.version ?? null
  return { found: authenticatedIn(probe), version, gpu: ports.cardOf(serviceId) }
}

/** What runs there while the check is made. */
function ranAs({ container, pid, model }: Service, version: string | null, { params }: GoldenSettings): GoldenRan {
  return {
    ...{ container: container?.id ?? null, image: container?.image ?? null, startedAt: container?.startedAt ?? null },
    ...{ pid, version, model: params.checkpoint === undefined ? model : null },
  }
}

/** Carries a check out when its turn has come. Throws a Problem where nothing came of it. */
export async function carryOut(ports: CheckPorts, checking: Checking): Promise<void> {
  const { change, signal, check, settings, before, limitPct } = checking
  const { serviceId, by, id } = check()
  const turn = await ports.cards.turn({ serviceId, person: by ?? 'regie', lane: serviceId, job: id }, signal)
  const watching = new AbortController()
  try {
    change({ state: 'running' })
    const backend = ports.backendOf(serviceId)
    const { found, version, gpu } = await lookAtService(ports, checking, backend)
    const params = await resolveParams(backend, settings, signal)
    const made = toldOf(params)
    const conditions = { model: modelOf(params), version, gpu }
    change({ made, conditions, ran: ranAs(ports.service(serviceId), version, settings) })
    const vram = watchVram(ports.gpus, serviceId, { signal: watching.signal, reportBug: ports.reportBug })
    const warm = await makeBoth(ports, checking, backend, params)
    const { mib, totalMiB } = vram.held()
    const isCached = judgeSampled(warm, { steps: params.steps, caches: backend.jobs !== undefined })
    const warmMs = isCached.state === 'failed' ? null : warm.tookMs
    const slowerPct = slowerThanUsual({ conditions, made, warmMs }, before)
    const findings = [
      judgeSimilarity(made, warm.measured, await goldenOf(checking)),
      judgeMade(warm.measured, params),
      ...[isCached, found, judgeTime(slowerPct, limitPct)],
    ]
    const failed = findings.find(({ state }) => state === 'failed')
    change({
      ...{ warmMs, slowerPct, findings, vramMiB: mib, vramTotalMiB: totalMiB, hasPicture: true, progress: null },
      stepMs: warmMs === null ? null : warm.stepMs,
      state: verdictOf(findings),
      ...(failed?.reason && { reason: failed.reason }),
    })
  } finally {
    watching.abort()
    turn.end()
  }
}

/** What says nothing of the service: it could not be asked now. */
const saysNothing: ReadonlySet<string> = new Set(['golden.others-work', 'vault.locked'])

/** How a check ended that was cut short. */
export function endOf(error: unknown, signal: AbortSignal): Pick<GoldenCheck, 'state' | 'reason'> {
  if (signal.aborted) {
    const why = signal.reason instanceof Problem ? signal.reason.reason : reason('golden.cancelled')
    return { state: 'cancelled', reason: why }
  }
  if (error instanceof Problem) return { state: saysNothing.has(error.id) ? 'skipped' : 'failed', reason: error.reason }
  return { state: 'failed', reason: reason('golden.unexpected') }
}
