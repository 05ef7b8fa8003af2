import { GpuUuid, type HealthCheck } from '../../../shared/contract'
import { reason, type ProblemId, type ProblemParams, type Reason } from '../../../shared/problems'
import { readCudaVisible } from '../../compose/files/gpus'
import type { GpuRequest } from './facts'

export const gpuQuestion = ['nvidia-smi', '-L'] as const

/** What `nvidia-smi -L` answered inside a container, or that it could not be asked. */
export type GpuAnswer =
  | { exitCode: number | null; started: boolean; output: string }
  /** It gave no answer in time, or Docker could not ask. */
  | { problem: Reason }

export interface GpuQuestion {
  id: string
  request: GpuRequest
  /** `CUDA_VISIBLE_DEVICES` in the container. */
  cudaVisible: string | null
  answer: GpuAnswer
  /** Under WSL2 (Docker Desktop) the ids that were asked for have no effect: every GPU of the machine is visible. */
  isDesktop: boolean
  /** The GPU that the service is meant for, as Regie knows it. */
  gpuUuid: string | null
}

/** The UUIDs in the output of `nvidia-smi -L`, in its order; MIG slices stand under their GPU. */
export const readUuids = (output: string): string[] =>
  [...output.matchAll(/\(UUID:\s*([^)\s]{1,128})\)/g)].flatMap(([, uuid]) =>
    uuid !== undefined && GpuUuid.safeParse(uuid).success ? uuid : [],
  )

/** Texts of nvidia-smi by substring, without case. The first that fits counts. */
const messages: { text: RegExp; problem: ProblemId; fix?: 'restart' | 'recreate' }[] = [
  { text: /failed to initialize nvml: unknown error/i, problem: 'check.gpu-lost', fix: 'recreate' },
  { text: /gpu access blocked by the operating system/i, problem: 'check.gpu-blocked', fix: 'recreate' },
  { text: /driver\/library version mismatch/i, problem: 'check.gpu-mismatch', fix: 'recreate' },
  { text: /couldn't communicate with the nvidia driver/i, problem: 'check.gpu-no-driver' },
  { text: /couldn't find libnvidia-ml|failed to initialize nvml/i, problem: 'check.gpu-no-driver' },
  { text: /no devices were found|no supported gpus were found/i, problem: 'check.gpu-none', fix: 'recreate' },
]

type Verdict = Pick<HealthCheck, 'state' | 'answered' | 'reason' | 'fix'>

const firstLine = (output: string) => output.trim().split(/\r?\n/)[0]?.slice(0, 200) ?? ''

/** Whether the GPU that was asked for is there inside the container. A pure function. */
export function judgeGpu({ id, answer, ...asked }: GpuQuestion): Verdict {
  if ('problem' in answer) return { state: 'unknown', answered: answer.problem.problem, reason: answer.problem }
  const { exitCode, started, output } = answer
  if (!started || exitCode === 127)
    return { state: 'unknown', answered: `exit ${exitCode ?? '?'}`, reason: reason('check.gpu-no-tool', { id }) }
  const failed = (problem: ProblemId, answered: string, params: ProblemParams = {}): Verdict => ({
    state: 'failed',
    answered,
    reason: reason(problem, { id, ...params }),
  })
  const words = firstLine(output)
  const known = messages.find(({ text }) => text.test(output))
  if (known) return { ...failed(known.problem, words), ...(known.fix ? { fix: known.fix } : {}) }
  const uuids = readUuids(output)
  if (exitCode !== 0 || uuids.length === 0)
    return failed('check.gpu-failed', `exit ${exitCode ?? '?'} ${words}`.trim(), { words: words === '' ? '–' : words })
  const seen = uuids.join(', ')
  const wrong = mismatch({ ...asked, uuids })
  return wrong
    ? { state: wrong.state, answered: seen, reason: reason(wrong.problem, { id, ...wrong.params }) }
    : { state: 'ok', answered: seen }
}

interface Mismatch {
  state: 'warning' | 'failed'
  problem: ProblemId
  params: ProblemParams
}

/** What was asked for, what is visible, and what CUDA will take of it. */
function mismatch({
  request,
  cudaVisible,
  uuids,
  isDesktop,
  gpuUuid,
}: Omit<GpuQuestion, 'id' | 'answer'> & { uuids: string[] }): Mismatch | null {
  const seen = uuids.join(', ')
  const has = (uuid: string) => uuids.some((one) => one.startsWith(uuid))
  const read = readCudaVisible(cudaVisible)
  const cuda = read?.entries ?? []
  const indices = cuda.flatMap((entry) => (entry.kind === 'index' ? [entry.index] : []))
  if (read?.entries.length === 0) {
    // Nothing and -1 hide every GPU from CUDA on purpose; a word that is no device does so by mistake.
    const isMeant = read.stopsAt === '' || /^-\d+$/.test(read.stopsAt ?? '')
    return isMeant
      ? { state: 'failed', problem: 'check.cuda-hidden', params: {} }
      : { state: 'failed', problem: 'check.cuda-word', params: { value: read.stopsAt?.slice(0, 60) ?? '' } }
  }
  const count = uuids.filter((uuid) => !uuid.startsWith('MIG-')).length
  const beyond = indices.find((index) => index >= count)
  if (beyond !== undefined) return { state: 'failed', problem: 'check.cuda-index', params: { value: beyond, count } }
  const unseen = cuda.flatMap((entry) => (entry.kind === 'uuid' ? [entry.prefix] : [])).find((prefix) => !has(prefix))
  if (unseen !== undefined) return { state: 'failed', problem: 'check.cuda-uuid', params: { value: unseen, seen } }
  const asked = request.ids.find((uuid) => /^(GPU|MIG)-/.test(uuid) && !has(uuid))
  if (asked !== undefined) return { state: 'failed', problem: 'check.gpu-other', params: { uuid: asked, seen } }
  if (gpuUuid !== null && !has(gpuUuid))
    return { state: 'warning', problem: 'check.gpu-other', params: { uuid: gpuUuid, seen } }
  // There every GPU is visible, and only CUDA_VISIBLE_DEVICES selects one; an index there follows CUDA's own order.
  if (isDesktop && uuids.length > 1 && cuda.length === 0)
    return { state: 'warning', problem: 'check.gpu-all', params: { count: uuids.length } }
  if (gpuUuid !== null && uuids.length > 1 && indices.length > 0)
    return { state: 'warning', problem: 'check.cuda-order', params: { value: indices.join(','), uuid: gpuUuid } }
  return null
}
