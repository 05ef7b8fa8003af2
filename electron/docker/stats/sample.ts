import * as z from 'zod'
import type { ContainerReading } from '../../../shared/contract'

const count = z.number().nonnegative().optional()

/** One object of `GET /containers/{id}/stats`. Every part may be missing: cgroup v1 and v2, Windows, stopped. */
const EngineStats = z.object({
  read: z.string(),
  num_procs: count,
  cpu_stats: z
    .object({
      cpu_usage: z.object({ total_usage: count, percpu_usage: z.array(z.number()).nullish() }).optional(),
      system_cpu_usage: count,
      online_cpus: count,
    })
    .optional(),
  memory_stats: z
    .object({
      usage: count,
      limit: count,
      privateworkingset: count,
      stats: z.object({ total_inactive_file: count, inactive_file: count }).nullish(),
    })
    .optional(),
  networks: z.record(z.string(), z.object({ rx_bytes: count, tx_bytes: count })).nullish(),
  blkio_stats: z
    .object({ io_service_bytes_recursive: z.array(z.object({ op: z.string(), value: z.number() })).nullish() })
    .optional(),
  storage_stats: z.object({ read_size_bytes: count, write_size_bytes: count }).nullish(),
})

/** What was counted so far, and what is held now. Null is unknown. */
export interface Sample {
  at: number
  cores: number | null
  /** In the unit of `cpuClock`. */
  cpuUsed: number | null
  /** All cores' time; null on Windows, whose counter is in 100 ns of the clock on the wall. */
  cpuClock: number | null
  memoryBytes: number | null
  memoryLimitBytes: number | null
  received: number | null
  sent: number | null
  read: number | null
  written: number | null
}

const sum = (values: (number | undefined)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0)

/** Cgroup v1 counts the file cache in, and v2 as well: what can be given up at once is no use of memory. */
function memoryOf(memory: z.infer<typeof EngineStats>['memory_stats']): number | null {
  if (memory?.privateworkingset !== undefined) return memory.privateworkingset
  if (memory?.usage === undefined) return null
  const cache = memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0
  return cache < memory.usage ? memory.usage - cache : memory.usage
}

/** Reads one object of the stream; null of a container that does not run, or when it is no such object. */
export function readSample(json: unknown): Sample | null {
  const parsed = EngineStats.safeParse(json)
  if (!parsed.success) return null
  const { read, num_procs, cpu_stats: cpu, memory_stats: memory, networks, blkio_stats, storage_stats } = parsed.data
  const at = Date.parse(read)
  const memoryBytes = memoryOf(memory)
  const cpuUsed = cpu?.cpu_usage?.total_usage ?? null
  if (Number.isNaN(at) || at <= 0 || (memoryBytes === null && !cpuUsed)) return null
  const blocks = blkio_stats?.io_service_bytes_recursive ?? null
  const blocksOf = (op: string) =>
    blocks && blocks.length > 0 ? sum(blocks.filter((b) => b.op.toLowerCase() === op).map((b) => b.value)) : null
  const nets = networks ? Object.values(networks) : null
  const limit = memory?.limit
  return {
    at,
    cores:
      [cpu?.online_cpus, cpu?.cpu_usage?.percpu_usage?.length, num_procs].find((n) => n !== undefined && n > 0) ?? null,
    cpuUsed,
    cpuClock: cpu?.system_cpu_usage ?? null,
    memoryBytes,
    memoryLimitBytes: limit !== undefined && limit > 0 ? limit : null,
    received: nets && sum(nets.map((net) => net.rx_bytes)),
    sent: nets && sum(nets.map((net) => net.tx_bytes)),
    read: storage_stats?.read_size_bytes ?? blocksOf('read'),
    written: storage_stats?.write_size_bytes ?? blocksOf('write'),
  }
}

/** Null when either is unknown, and after a restart, when a counter begins anew. */
const grown = (now: number | null, before: number | null) =>
  now === null || before === null || now < before ? null : now - before

/** A 100 ns tick of Windows' counter, in ms. */
const windowsTickMs = 1 / 10_000

function cpuPct(now: Sample, before: Sample): number | null {
  const used = grown(now.cpuUsed, before.cpuUsed)
  if (used === null) return null
  const clock = grown(now.cpuClock, before.cpuClock)
  if (clock !== null) return clock > 0 && now.cores !== null ? (used / clock) * now.cores * 100 : null
  return now.cpuClock === null ? (used * windowsTickMs * 100) / (now.at - before.at) : null
}

/** What is used, from two samples of the same container; without an earlier one only what is held is known. */
export function readingOf(now: Sample, before: Sample | null): ContainerReading {
  const { at, memoryBytes, memoryLimitBytes } = now
  const seconds = before ? (at - before.at) / 1000 : 0
  const rate = (of: (sample: Sample) => number | null) => {
    const more = before && seconds > 0 ? grown(of(now), of(before)) : null
    return more === null ? null : more / seconds
  }
  return {
    at,
    cpuPct: before && seconds > 0 ? cpuPct(now, before) : null,
    memoryBytes,
    memoryLimitBytes,
    receivedPerS: rate((sample) => sample.received),
    sentPerS: rate((sample) => sample.sent),
    readPerS: rate((sample) => sample.read),
    writtenPerS: rate((sample) => sample.written),
  }
}
