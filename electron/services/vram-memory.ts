import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import type { Gpu, GpuReport } from '../../shared/contract'
import { createSerial } from '../async/serial'
import { readIfPresent, writeFileAtomic } from '../storage/files'

const Remembered = z.object({
  /** VRAM that it held at most in the life before, in MiB. */
  last: z.number().nonnegative().nullable(),
  /** The same in the life that goes on, or that went on last. */
  current: z.number().nonnegative().nullable(),
})
const Memory = z.record(z.string(), Remembered)
type Remembered = z.infer<typeof Remembered>

/** What the processes of a service hold on all GPUs, in MiB; `null` where that is not to be seen. */
export function heldBy(serviceId: string, gpus: readonly Gpu[]): number | null {
  const own = gpus.flatMap(({ processes }) => processes).filter((process) => process.serviceId === serviceId)
  if (own.length === 0) return null
  let sum = 0
  for (const { memoryMiB } of own) {
    if (memoryMiB === null) return null // WSL2 and Windows name the processes but not what they hold
    sum += memoryMiB
  }
  return sum
}

/** How a GPU stood just before a service was started on it alone. */
interface Baseline {
  gpu: string
  usedMiB: number
}

/** A change smaller than this is not worth a write, in MiB. */
const worthSaving = 16

/** Remembers how much VRAM each service took, in a file. What was never seen stays unknown. */
export function createVramMemory({ file, reportBug }: { file: string; reportBug: (error: unknown) => void }) {
  const baselines = new Map<string, Baseline>()
  let memory = new Map<string, Remembered>()
  const inTurn = createSerial()

  const loaded = readIfPresent(file)
    .then((bytes) => {
      const read = Memory.safeParse(bytes === null ? {} : JSON.parse(bytes.toString('utf8')))
      if (read.success) memory = new Map([...Object.entries(read.data), ...memory])
    })
    // A file that cannot be read costs a number that the next start finds again.
    .catch(() => undefined)

  const of = (id: string): Remembered => memory.get(id) ?? { last: null, current: null }

  /** Writes what is known then, after what is being written. */
  const save = () => {
    inTurn(async () => {
      await loaded
      // Nothing else may have needed the folder yet: simulators and processes make it, containers do not.
      await mkdir(path.dirname(file), { recursive: true })
      await writeFileAtomic(file, JSON.stringify(Object.fromEntries(memory)))
    }).catch(reportBug)
  }

  const keep = (id: string, change: Remembered) => {
    memory.set(id, change)
    save()
  }

  const grow = (id: string, heldMiB: number) => {
    const known = of(id)
    if (heldMiB > 0 && heldMiB >= (known.current ?? 0) + (known.current === null ? 0 : worthSaving))
      keep(id, { ...known, current: Math.round(heldMiB) })
  }

  return {
    /** A life begins. `alone`: how its GPU stands, if no other service of ours is on it. */
    began(id: string, alone: Baseline | null): void {
      const { last, current } = of(id)
      baselines.delete(id)
      if (alone) baselines.set(id, alone)
      if (current !== null) keep(id, { last: current, current: null })
      else memory.set(id, { last, current })
    },

    /** Something else came to or left a GPU: differences measured there say nothing any more. */
    disturbed(id: string): void {
      for (const other of [...baselines.keys()]) if (other !== id) baselines.delete(other)
    },

    ended: (id: string): void => void baselines.delete(id),

    /** Takes what a report shows of the services that run. */
    observe(report: GpuReport, running: readonly string[]): void {
      if (report.state !== 'live') return
      for (const id of running) {
        const held = heldBy(id, report.gpus)
        const baseline = baselines.get(id)
        const used = report.gpus.find(({ uuid }) => uuid === baseline?.gpu)?.memoryUsedMiB ?? null
        if (held !== null) grow(id, held)
        else if (baseline && used !== null) grow(id, used - baseline.usedMiB)
      }
    },

    /** VRAM that it held at most in its last life, in MiB; `null` when that was never seen. */
    async tookLastTime(id: string): Promise<number | null> {
      await loaded
      const { last, current } = of(id)
      return current ?? last
    },

    forget(id: string): void {
      baselines.delete(id)
      if (memory.delete(id)) save()
    },

    /** Resolves when everything is on disk. */
    close: inTurn.settled,
  }
}
