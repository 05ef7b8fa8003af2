import type { EffectiveGpu } from '../../../shared/contract'
import { reason, type Reason } from '../../../shared/problems'
import { flagsOf, holdsArguments, wordsOf, type ArgumentSource } from '../../compose/files/arguments'
import { askOfVisible, cdiDevice, isGpuRequest, readCudaVisible } from '../../compose/files/gpus'

export interface KnownGpu {
  /** As nvidia-smi counts: PCI bus order. */
  index: number
  uuid: string
  name: string
}

export interface GpuQuestion {
  requests: EffectiveGpu['requests']
  runtime: string | null
  /** The container's environment, as configured. */
  environment: ReadonlyMap<string, string>
  command: readonly string[]
  /** `elsewhere`: the engine runs on another machine, whose GPUs are not known here. */
  platform: EffectiveGpu['platform']
  /** The GPUs of this machine. */
  gpus: readonly KnownGpu[]
  /** The GPU that the service is meant to use. */
  wantedUuid: string | null
}

/** The program's own choice of a GPU: it sets CUDA_VISIBLE_DEVICES before CUDA is loaded. */
function programChoice({ command, environment }: GpuQuestion) {
  const delivered = { place: null, hasVariables: false }
  const sources: ArgumentSource<null>[][] = [
    command.map((written) => ({ ...delivered, written, form: 'item' })),
    ...[...environment].flatMap(([name, written]): ArgumentSource<null>[][] =>
      holdsArguments(name) ? [[{ ...delivered, written, form: 'line' }]] : [],
    ),
  ]
  const chosen = sources
    .flatMap((one) => flagsOf(wordsOf(one, new Map())))
    .find(({ name, value }) => /^--(?:gpu-device-id|cuda-device)$/.test(name) && /^\d+$/.test(value?.value ?? ''))
  const value = chosen?.value?.value
  return chosen && value !== undefined ? { flag: `${chosen.name} ${value}`, value } : null
}

/** A device as somebody wrote it: an index, a UUID or the beginning of one, a CDI name. */
function find(id: string, gpus: readonly KnownGpu[]): KnownGpu | undefined {
  const plain = cdiDevice(id) ?? id
  if (/^\d+$/.test(plain)) return gpus.find(({ index }) => index === Number(plain))
  return gpus.find(({ uuid }) => uuid === plain || (plain.length >= 8 && uuid.startsWith(plain)))
}

const asksForGpu = ({ driver, capabilities, deviceIds }: EffectiveGpu['requests'][number]) =>
  isGpuRequest({ driver, capabilities, ids: deviceIds })

type Visible = { gpus: readonly KnownGpu[]; findings: Reason[] }

const findAll = (ids: readonly string[], gpus: readonly KnownGpu[]): Visible => {
  if (ids.some((id) => id === 'all' || id.endsWith('=all'))) return { gpus, findings: [] }
  const found = ids.map((id) => ({ id, gpu: find(id, gpus) }))
  const missing = found.filter(({ gpu }) => !gpu).map(({ id }) => id)
  return {
    gpus: [...new Set(found.flatMap(({ gpu }) => gpu ?? []))].sort((a, b) => a.index - b.index),
    findings: missing.length > 0 ? [reason('container.gpu-not-here', { ids: missing.join(', ') })] : [],
  }
}

/** What the engine hands into the container; programs inside count these anew from 0. */
function visibleInside(question: GpuQuestion): Visible {
  const { gpus, platform, runtime, environment } = question
  const requests = question.requests.filter(asksForGpu)
  const byRuntime = runtime === 'nvidia' ? askOfVisible(environment.get('NVIDIA_VISIBLE_DEVICES')) : null
  if (requests.length === 0 && byRuntime === null) return { gpus: [], findings: [] }
  const ofRuntime = byRuntime?.kind === 'ids' ? byRuntime.ids : ['all']
  const ids = requests.length > 0 ? requests.flatMap(({ deviceIds }) => deviceIds) : ofRuntime
  if (platform === 'wsl') {
    const chooses = ids.length > 0 && !ids.includes('all')
    const counts = requests.some(({ count }) => count !== null && count >= 0)
    const isSelection = (chooses || counts) && gpus.length > 1
    return { gpus, findings: isSelection ? [reason('container.gpu-wsl', { asked: ids.join(', ') || 'count' })] : [] }
  }
  if (requests.some(({ count, deviceIds }) => count === -1 || (count === null && deviceIds.length === 0)))
    return { gpus, findings: [] }
  const counted = Math.max(0, ...requests.map(({ count }) => count ?? 0))
  const chosen = findAll(ids, gpus)
  // `count: N` is the first N, not N free ones.
  const first = gpus.filter(({ index }) => index < counted)
  return { gpus: [...new Set([...first, ...chosen.gpus])], findings: chosen.findings }
}

type Outcome = Pick<EffectiveGpu, 'outcome'> & Visible

/** What CUDA leaves of that: indices count inside the container, in CUDA's own order unless PCI_BUS_ID is set. */
function chosenByCuda(question: GpuQuestion, visible: readonly KnownGpu[]): Outcome {
  const { environment, platform } = question
  const choice = programChoice(question)
  const written = choice?.value ?? environment.get('CUDA_VISIBLE_DEVICES')
  const read = readCudaVisible(written)
  if (written === undefined || read === null || visible.length === 0)
    return { outcome: visible.length === 0 ? 'none' : 'these', gpus: visible, findings: [] }
  if (read.entries.length === 0)
    return { outcome: 'none', gpus: [], findings: [reason('container.gpu-hidden', { value: written })] }
  const params = { setting: choice?.flag ?? `CUDA_VISIBLE_DEVICES=${written}`, count: visible.length }
  const prefixes = read.entries.flatMap((entry) => (entry.kind === 'uuid' ? [entry.prefix] : []))
  if (prefixes.length === read.entries.length) {
    const { gpus } = findAll(prefixes, visible)
    return gpus.length > 0
      ? { outcome: 'these', gpus, findings: [] }
      : { outcome: 'none', gpus: [], findings: [reason('container.gpu-no-such', params)] }
  }
  const indices = read.entries.flatMap((entry) => (entry.kind === 'index' ? [entry.index] : []))
  // CUDA takes the list up to the first index that it does not have.
  if ((indices[0] ?? 0) >= visible.length)
    return { outcome: 'none', gpus: [], findings: [reason('container.gpu-no-such', params)] }
  const isInBusOrder = environment.get('CUDA_DEVICE_ORDER') === 'PCI_BUS_ID'
  if (isInBusOrder || visible.length === 1)
    return { outcome: 'these', gpus: indices.flatMap((index) => visible[index] ?? []), findings: [] }
  return {
    outcome: indices.length >= visible.length ? 'these' : 'one-of',
    gpus: visible,
    findings: [reason(platform === 'wsl' ? 'container.gpu-order-wsl' : 'container.gpu-order', params)],
  }
}

/** Which GPUs a container's programs get, as far as its settings tell (NVIDIA's toolkit, CUDA, WSL2). */
export function effectiveGpu(question: GpuQuestion): EffectiveGpu {
  const { environment, requests, runtime, platform, gpus, wantedUuid } = question
  const asks = requests.some(asksForGpu) || (runtime === 'nvidia' && environment.has('NVIDIA_VISIBLE_DEVICES'))
  const configured = {
    requests: [...requests],
    runtime,
    nvidiaVisibleDevices: environment.get('NVIDIA_VISIBLE_DEVICES') ?? null,
    cudaVisibleDevices: environment.get('CUDA_VISIBLE_DEVICES') ?? null,
    cudaDeviceOrder: environment.get('CUDA_DEVICE_ORDER') ?? null,
    programFlag: programChoice(question)?.flag ?? null,
    platform,
  }
  if (!asks) return { ...configured, outcome: 'none', gpus: [], findings: [] }
  if (platform === 'elsewhere' || gpus.length === 0)
    return { ...configured, outcome: 'unknown', gpus: [], findings: [] }
  const visible = visibleInside(question)
  const chosen = chosenByCuda(question, visible.gpus)
  const findings = [...visible.findings, ...chosen.findings]
  const isOther = wantedUuid !== null && !chosen.gpus.some(({ uuid }) => uuid === wantedUuid)
  if (isOther && chosen.outcome !== 'none') findings.push(reason('container.gpu-other', { wanted: wantedUuid }))
  return {
    ...configured,
    outcome: chosen.outcome,
    gpus: chosen.gpus.map(({ uuid, index, name }) => ({ uuid, index, name })),
    findings,
  }
}
