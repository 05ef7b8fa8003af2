// What a service or a container asks of GPUs, in each of the ways in which that is written, and what its variables
// leave of them. Pure.

/** A request for GPUs, as `deploy … devices`, `gpus:` or the engine states it. */
export interface DeviceRequest {
  driver?: string | null | undefined
  /** -1 and `all` are all of them. */
  count?: number | string | null | undefined
  ids?: readonly string[] | undefined
  capabilities?: readonly string[] | undefined
}

/** The GPUs that are asked for: all of them, the first few, or named ones. */
export type GpuAsk = { kind: 'all' } | { kind: 'count'; count: number } | { kind: 'ids'; ids: string[] }

export const isGpuRequest = ({ driver, capabilities = [], ids = [] }: DeviceRequest): boolean =>
  driver === 'nvidia' || driver === 'cdi' || capabilities.includes('gpu') || ids.some((id) => cdiDevice(id) !== null)

/** A CDI name such as `nvidia.com/gpu=0`; the device's own name is behind `=`. Null for anything else. */
export function cdiDevice(name: string): string | null {
  const device = /^nvidia\.com\/(?:gpu|mig)=(.+)$/.exec(name.trim())?.[1]
  return device ?? null
}

/** An index, or a MIG slice by indices, as nvidia-smi counts; CDI names too. */
export const isGpuIndex = (id: string): boolean => /^\d+(?::\d+)?$/.test(cdiDevice(id) ?? id.trim())

const listOf = (value: string) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

const askOfIds = (ids: readonly string[]): GpuAsk =>
  ids.some((id) => (cdiDevice(id) ?? id) === 'all') ? { kind: 'all' } : { kind: 'ids', ids: [...ids] }

/** What a request asks for; null where it is for other devices. Without a number and without names it is for all. */
function askOf(request: DeviceRequest): GpuAsk | null {
  if (!isGpuRequest(request)) return null
  const { ids = [], count } = request
  if (ids.length > 0) return askOfIds(ids)
  const number = count === null || count === undefined || count === 'all' ? -1 : Number(count)
  return Number.isInteger(number) && number >= 0 ? { kind: 'count', count: number } : { kind: 'all' }
}

/** What `devices: [nvidia.com/gpu=0]` asks for; null where none of them is a GPU by CDI. */
function askOfDevices(devices: readonly string[]): GpuAsk | null {
  const ids = devices.filter((name) => cdiDevice(name) !== null)
  return ids.length === 0 ? null : askOfIds(ids)
}

/**
 * NVIDIA_VISIBLE_DEVICES, as NVIDIA's runtime reads it: `all`, indices, UUIDs or CDI names. Null where the runtime adds
 * no GPU: not set, empty, `void`, `none`.
 */
export function askOfVisible(value: string | null | undefined): GpuAsk | null {
  const ids = listOf(value ?? '').filter((id) => id !== 'none' && id !== 'void')
  return ids.length === 0 ? null : askOfIds(ids)
}

/** A device as CUDA_VISIBLE_DEVICES names it. */
export type CudaEntry = { kind: 'index'; index: number } | { kind: 'uuid'; prefix: string }

export interface CudaVisible {
  /** The devices up to the first word that CUDA does not know. Empty: CUDA sees none. */
  entries: CudaEntry[]
  /** The word at which CUDA stops reading, e.g. `all`, which is no device to it; null where it read them all. */
  stopsAt: string | null
}

/**
 * CUDA_VISIBLE_DEVICES, by CUDA's own grammar: indices in CUDA's order, UUIDs or beginnings of them, MIG UUIDs. The
 * first word that is none of these hides itself and all behind it; empty and -1 hide every GPU, and so does `all`.
 * Null when it is not set.
 */
export function readCudaVisible(value: string | null | undefined): CudaVisible | null {
  if (value === null || value === undefined) return null
  const entries: CudaEntry[] = []
  for (const word of value.split(',').map((item) => item.trim())) {
    if (/^\d+$/.test(word)) entries.push({ kind: 'index', index: Number(word) })
    else if (/^(?:GPU|MIG)-/.test(word)) entries.push({ kind: 'uuid', prefix: word })
    else return { entries, stopsAt: word }
  }
  return { entries, stopsAt: null }
}

/** A service's settings about GPUs, as `compose config` prints them or as they are written. */
export interface GpuSettings {
  deploy: readonly DeviceRequest[]
  gpus: 'all' | readonly DeviceRequest[] | null
  devices: readonly string[]
  runtime: string | null
  /** NVIDIA_VISIBLE_DEVICES in `environment`; null when it is not set. */
  visible: string | null
}

/** Everything that a service asks for; empty when it asks for no GPU. */
export function asksOf({ deploy, gpus, devices, runtime, visible }: GpuSettings): GpuAsk[] {
  // Under `gpus:` a request is one for GPUs whatever its capabilities say.
  const short: (GpuAsk | null)[] =
    gpus === 'all'
      ? [{ kind: 'all' }]
      : (gpus ?? []).map((request) => askOf({ ...request, capabilities: ['gpu', ...(request.capabilities ?? [])] }))
  const asked = [...deploy.map(askOf), ...short, askOfDevices(devices)].filter((ask) => ask !== null)
  if (asked.length > 0 || runtime !== 'nvidia') return asked
  const byRuntime = askOfVisible(visible)
  return byRuntime === null ? [] : [byRuntime]
}

/** The GPUs that are asked for as one list: names as written, `all`, or how many. */
export const idsOf = (asks: readonly GpuAsk[]): string[] =>
  asks.flatMap((ask) => {
    switch (ask.kind) {
      case 'all':
        return ['all']
      case 'count':
        return [String(ask.count)]
      case 'ids':
        return ask.ids
    }
  })
