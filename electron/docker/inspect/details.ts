import type { ContainerDetails, ContainerPort, EffectiveGpu } from '../../../shared/contract'
import { effectiveGpu, type KnownGpu } from './gpu'
import { maskArguments, maskNamed, maskVariable, type KnownSecrets } from './mask'
import { variablesOfEngine } from '../../compose/files/variable'
import type { Inspected, InspectedImage } from './schema'

export interface Surroundings {
  now: number
  known: KnownSecrets
  platform: EffectiveGpu['platform']
  gpus: readonly KnownGpu[]
  wantedUuid: string | null
  /** What the image's name stands for now. */
  image: InspectedImageNow
}

/** `null`: there is no image of that name any more; `unknown`: it could not be asked. */
type InspectedImageNow = ReturnType<(typeof InspectedImage)['parse']> | null | 'unknown'

/** Docker's time as Unix ms; null for its zero time, which means never. */
function timeOf(text: string | null | undefined): number | null {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) || time <= 0 ? null : time
}

const isLoopback = (ip: string) => ip === '::1' || ip.startsWith('127.')

/** A limit that is not set is 0 or −1. */
const limit = (value: number) => (value > 0 ? value : null)
const nanosToMs = (nanos: number) => (nanos > 0 ? nanos / 1e6 : null)

function portsOf({ NetworkSettings, HostConfig, State }: Inspected): ContainerPort[] {
  // A stopped container has none bound; what it asks for is still told.
  const bound =
    State.Status === 'running' || State.Status === 'paused' ? NetworkSettings.Ports : HostConfig.PortBindings
  return Object.entries(bound ?? {}).flatMap(([container, bindings]): ContainerPort[] => {
    if (!bindings || bindings.length === 0) return [{ container, hostIp: null, hostPort: null, reach: 'not-published' }]
    return bindings.map(({ HostIp, HostPort }) => ({
      container,
      hostIp: HostIp === '' ? '0.0.0.0' : HostIp,
      hostPort: /^\d+$/.test(HostPort) ? Number(HostPort) : null,
      reach: isLoopback(HostIp) ? 'this-machine' : 'network',
    }))
  })
}

/** CPUs as a number, from either way of limiting them. */
function cpusOf({ NanoCpus, CpuQuota, CpuPeriod }: Inspected['HostConfig']): number | null {
  if (NanoCpus > 0) return NanoCpus / 1e9
  return CpuQuota > 0 ? CpuQuota / (CpuPeriod > 0 ? CpuPeriod : 100_000) : null
}

function imageOf({ Config, Image }: Inspected, now: InspectedImageNow): ContainerDetails['image'] {
  const current = now === 'unknown' ? null : now
  const isStale = current === null || Image === '' ? null : current.Id !== Image
  return {
    name: Config.Image,
    id: Image,
    currentId: current?.Id ?? null,
    isStale,
    builtAt: isStale === false ? timeOf(current?.Created) : null,
  }
}

function limitsOf({ HostConfig }: Inspected): ContainerDetails['limits'] {
  return {
    memoryBytes: limit(HostConfig.Memory),
    swapBytes: limit(HostConfig.MemorySwap),
    cpus: cpusOf(HostConfig),
    pids: limit(HostConfig.PidsLimit),
    sharedMemoryBytes: limit(HostConfig.ShmSize),
  }
}

function securityOf({ HostConfig }: Inspected): ContainerDetails['security'] {
  return {
    isPrivileged: HostConfig.Privileged === true,
    noNewPrivileges: HostConfig.SecurityOpt.some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option)),
    readOnlyRoot: HostConfig.ReadonlyRootfs === true,
    addedCapabilities: HostConfig.CapAdd,
  }
}

const mountsOf = ({ Mounts }: Inspected): ContainerDetails['mounts'] =>
  Mounts.map((mount) => ({
    type: mount.Type,
    source: mount.Type === 'volume' && mount.Name !== '' ? mount.Name : mount.Source,
    destination: mount.Destination,
    writable: mount.RW !== false,
  }))

const networksOf = ({ NetworkSettings }: Inspected): ContainerDetails['networks'] =>
  Object.entries(NetworkSettings.Networks).map(([name, { IPAddress, Aliases }]) => ({
    name,
    address: IPAddress === '' ? null : IPAddress,
    aliases: Aliases,
  }))

/** The GPUs that it sees, from its devices, its variables and its command. */
function gpuOf(
  { HostConfig }: Inspected,
  { variables, command }: { variables: [string, string][]; command: string[] },
  { known, platform, gpus, wantedUuid }: Surroundings,
): EffectiveGpu {
  const gpu = effectiveGpu({
    requests: HostConfig.DeviceRequests.map(({ Driver, Count, DeviceIDs, Capabilities }) => ({
      driver: Driver,
      count: DeviceIDs.length > 0 ? null : Count,
      deviceIds: DeviceIDs,
      capabilities: Capabilities,
    })),
    runtime: HostConfig.Runtime === '' ? null : HostConfig.Runtime,
    environment: new Map(variables),
    command,
    platform,
    gpus,
    wantedUuid,
  })
  const mask = (text: string | null) => (text === null ? null : maskNamed('', text, known))
  return {
    ...gpu,
    nvidiaVisibleDevices: mask(gpu.nvidiaVisibleDevices),
    cudaVisibleDevices: mask(gpu.cudaVisibleDevices),
  }
}

/** An engine's description of a container as Regie shows it: nothing secret leaves this function. */
export function describeContainer(inspected: Inspected, around: Surroundings): ContainerDetails {
  const { Config, HostConfig, State } = inspected
  const { known } = around
  const variables = variablesOfEngine(Config.Env)
  const command = [inspected.Path, ...inspected.Args].filter((part) => part !== '')
  return {
    at: around.now,
    id: inspected.Id,
    name: inspected.Name.replace(/^\//, ''),
    state: State.Status,
    image: imageOf(inspected, around.image),
    createdAt: typeof inspected.Created === 'number' ? Math.round(inspected.Created * 1000) : timeOf(inspected.Created),
    startedAt: timeOf(State.StartedAt),
    finishedAt: timeOf(State.FinishedAt),
    restartCount: inspected.RestartCount,
    command: maskArguments(command, known),
    workingDir: Config.WorkingDir,
    user: Config.User,
    tty: Config.Tty === true,
    mounts: mountsOf(inspected),
    networks: networksOf(inspected),
    ports: portsOf(inspected),
    restartPolicy: {
      name: HostConfig.RestartPolicy?.Name || 'no',
      maximumRetries: HostConfig.RestartPolicy?.MaximumRetryCount ?? 0,
    },
    healthcheck: healthcheckOf(inspected, known),
    limits: limitsOf(inspected),
    security: securityOf(inspected),
    log: {
      driver: HostConfig.LogConfig?.Type ?? '',
      options: Object.fromEntries(
        (HostConfig.LogConfig?.Config ?? []).map(({ name, value }) => [name, maskNamed(name, value, known)]),
      ),
    },
    environment: variables
      .map(([name, value]) => maskVariable(name, value, known))
      .sort((a, b) => a.name.localeCompare(b.name)),
    labels: Config.Labels.map(({ name, value }) => ({ name, value: maskNamed(name, value, known) })).sort((a, b) =>
      a.name.localeCompare(b.name),
    ),
    gpu: gpuOf(inspected, { variables, command }, around),
  }
}

function healthcheckOf({ Config, State }: Inspected, known: KnownSecrets): ContainerDetails['healthcheck'] {
  const check = Config.Healthcheck
  if (!check || check.Test.length === 0 || check.Test[0] === 'NONE') return null
  return {
    test: maskArguments(check.Test, known),
    intervalMs: nanosToMs(check.Interval),
    timeoutMs: nanosToMs(check.Timeout),
    startPeriodMs: nanosToMs(check.StartPeriod),
    retries: limit(check.Retries),
    status: State.Health?.Status ?? null,
  }
}
