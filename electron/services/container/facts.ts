import * as z from 'zod'
import type { ServiceContainer } from '../../../shared/contract'
import { asksOf, cdiDevice } from '../../compose/files/gpus'
import { Problem } from '../../../shared/problems'

/** What Docker's own check last said. */
export interface DockerHealth {
  status: 'starting' | 'healthy' | 'unhealthy'
  failingStreak: number
  /** The check as written in the image or the Compose file, e.g. `curl -f http://localhost:8188/`. */
  test: string
  /** The last probe: 0 healthy, 1 unhealthy, -1 too slow, anything else means that it could not be run. */
  last: { exitCode: number; output: string; at: number; tookMs: number } | null
}

/** The GPUs that a container asks for. */
export interface GpuRequest {
  /** UUIDs or nvidia-smi's indices; empty: none is named. */
  ids: string[]
  /** How many are asked for where none is named. */
  count: number | 'all' | null
}

/** What an inspected container tells of its life. */
export interface ContainerFacts {
  id: string
  name: string
  state: ServiceContainer['state']
  exitCode: number
  oomKilled: boolean
  /** Why it could not be started, in the engine's words; empty when it could. */
  error: string
  startedAt: number | null
  finishedAt: number | null
  restartCount: number
  restartPolicy: string
  tty: boolean
  /** Bytes; `null` without a limit. */
  memoryLimit: number | null
  health: DockerHealth | null
  /** `null` when it asks for no GPU. */
  gpu: GpuRequest | null
  /** `CUDA_VISIBLE_DEVICES`, as configured. */
  cudaVisible: string | null
}

const Time = z.string().transform((text) => {
  const at = Date.parse(text)
  // The engine writes year 1 for "never".
  return Number.isNaN(at) || at <= 0 ? null : at
})

const Probe = z.object({ Start: Time, End: Time, ExitCode: z.number(), Output: z.string() })

const Inspected = z.object({
  Id: z.string(),
  Name: z.string(),
  RestartCount: z.number().int().nonnegative().catch(0),
  State: z.object({
    Status: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
    ExitCode: z.number().int(),
    OOMKilled: z.boolean().catch(false),
    Error: z.string().catch(''),
    StartedAt: Time,
    FinishedAt: Time,
    Health: z
      .object({ Status: z.string(), FailingStreak: z.number().catch(0), Log: z.array(Probe).nullish().catch([]) })
      .nullish(),
  }),
  Config: z.object({
    Tty: z.boolean().catch(false),
    Env: z.array(z.string()).nullish(),
    Healthcheck: z.object({ Test: z.array(z.string()).nullish() }).nullish(),
  }),
  HostConfig: z.object({
    Memory: z.number().catch(0),
    Runtime: z.string().catch(''),
    RestartPolicy: z.object({ Name: z.string() }).nullish(),
    DeviceRequests: z
      .array(
        z.object({
          Driver: z.string().nullish(),
          Count: z.number().nullish(),
          DeviceIDs: z.array(z.string()).nullish(),
          Capabilities: z.array(z.array(z.string())).nullish(),
        }),
      )
      .nullish(),
  }),
})
type Inspected = z.infer<typeof Inspected>

/** Reads the engine's answer to `GET /containers/{id}/json`. Throws `container.unreadable`. */
export function readFacts(answer: unknown): ContainerFacts {
  const read = Inspected.safeParse(answer)
  if (!read.success) {
    const detail = read.error.issues[0]?.path.join('.') ?? ''
    throw new Problem('container.unreadable', { container: '', detail })
  }
  const { Id, Name, RestartCount, State, Config, HostConfig } = read.data
  const environment = new Map((Config.Env ?? []).map((entry) => splitAt(entry, '=')))
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    state: State.Status,
    exitCode: State.ExitCode,
    oomKilled: State.OOMKilled,
    error: State.Error,
    startedAt: State.StartedAt,
    finishedAt: State.FinishedAt,
    restartCount: RestartCount,
    restartPolicy: HostConfig.RestartPolicy?.Name ?? '',
    tty: Config.Tty,
    memoryLimit: HostConfig.Memory > 0 ? HostConfig.Memory : null,
    health: healthOf(read.data),
    gpu: gpuOf(HostConfig, environment.get('NVIDIA_VISIBLE_DEVICES')),
    cudaVisible: environment.get('CUDA_VISIBLE_DEVICES') ?? null,
  }
}

const healthStates = ['starting', 'healthy', 'unhealthy'] as const

function healthOf({ State: { Health }, Config }: Inspected): DockerHealth | null {
  const status = healthStates.find((known) => known === Health?.Status)
  if (!Health || !status) return null
  const probe = Health.Log?.at(-1)
  const [form, ...command] = Config.Healthcheck?.Test ?? []
  return {
    status,
    failingStreak: Health.FailingStreak,
    test: (form === 'CMD' || form === 'CMD-SHELL' ? command : [form ?? '', ...command]).join(' '),
    last: probe
      ? {
          exitCode: probe.ExitCode,
          output: probe.Output,
          at: probe.End ?? probe.Start ?? 0,
          tookMs: probe.Start === null || probe.End === null ? 0 : Math.max(0, probe.End - probe.Start),
        }
      : null,
  }
}

/** By a device request, or the older way: NVIDIA's runtime and `NVIDIA_VISIBLE_DEVICES`. */
function gpuOf({ DeviceRequests, Runtime }: Inspected['HostConfig'], visible: string | undefined): GpuRequest | null {
  const requests = (DeviceRequests ?? []).map(({ Driver, Count, DeviceIDs, Capabilities }) => ({
    driver: Driver,
    // The engine writes 0 where names are given.
    count: Count ?? 0,
    ids: DeviceIDs ?? [],
    capabilities: (Capabilities ?? []).flat(),
  }))
  const [ask] = asksOf({ deploy: requests, gpus: null, devices: [], runtime: Runtime, visible: visible ?? null })
  if (!ask) return null
  if (ask.kind === 'ids') return { ids: ask.ids.map((id) => cdiDevice(id) ?? id), count: null }
  return { ids: [], count: ask.kind === 'all' ? 'all' : ask.count }
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}
