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
  /** The most in whatever life, with models loaded, and when that was seen (Unix ms). */
  most: z.object({ mib: z.number().nonnegative(), at: z.number() }).nullable().default(null),
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

/** What holds less, in MiB, has no model loaded: so much a program takes for itself. */
const withModelMiB = 1024
/** For so long the most that was seen counts, in ms: by then it may have been given a smaller model. */
const mostForMs = 7 * 24 * 60 * 60_000

/** A change smaller than this is not worth a write, in MiB. */
const worthSaving = 16

/** Remembers how much VRAM each service took, in a file. What was never seen stays unknown. */
export class VramMemory {
  readonly #file: string
  readonly #reportBug: (error: unknown) => void
  readonly #baselines = new Map<string, Baseline>()
  #memory = new Map<string, Remembered>()
  readonly #inTurn = createSerial()
  readonly #loaded: Promise<void>

  constructor({ file, reportBug }: { file: string; reportBug: (error: unknown) => void }) {
    this.#file = file
    this.#reportBug = reportBug
    // A file that cannot be read costs a number that the next start finds again.
    this.#loaded = this.#load().catch(() => undefined)
  }

  /** A life begins. `alone`: how its GPU stands, if no other service of ours is on it. */
  began(id: string, alone: Baseline | null): void {
    const { last, current, most } = this.#of(id)
    this.#baselines.delete(id)
    if (alone) this.#baselines.set(id, alone)
    if (current !== null) this.#keep(id, { last: current, current: null, most })
    else this.#memory.set(id, { last, current, most })
  }

  /** Something else came to or left a GPU: differences measured there say nothing any more. */
  disturbed(id: string): void {
    for (const other of [...this.#baselines.keys()]) if (other !== id) this.#baselines.delete(other)
  }

  ended(id: string): void {
    this.#baselines.delete(id)
  }

  /** Takes what a report shows of the services that run. */
  observe(report: GpuReport, running: readonly string[]): void {
    if (report.state !== 'live') return
    for (const id of running) {
      const held = heldBy(id, report.gpus)
      const baseline = this.#baselines.get(id)
      const used = report.gpus.find(({ uuid }) => uuid === baseline?.gpu)?.memoryUsedMiB ?? null
      if (held !== null) {
        // What its own process holds is known: a reading that misses the process must not count the whole card in its place.
        this.#baselines.delete(id)
        this.#grow(id, held)
      } else if (baseline && used !== null) this.#grow(id, used - baseline.usedMiB)
    }
  }

  /** VRAM that it held at most in its last life, in MiB; `null` when that was never seen. */
  async tookLastTime(id: string): Promise<number | null> {
    await this.#loaded
    const { last, current } = this.#of(id)
    return current ?? last
  }

  /** VRAM that it held at most with models loaded, in the last seven days that were seen; `null` when that was never seen. */
  async tookMost(id: string): Promise<number | null> {
    await this.#loaded
    return this.#of(id).most?.mib ?? null
  }

  forget(id: string): void {
    this.#baselines.delete(id)
    if (this.#memory.delete(id)) this.#save()
  }

  /** Resolves when everything is on disk. */
  async close(): Promise<void> {
    await this.#inTurn.settled()
  }

  async #load(): Promise<void> {
    const bytes = await readIfPresent(this.#file)
    const read = Memory.safeParse(bytes === null ? {} : JSON.parse(bytes.toString('utf8')))
    if (read.success) this.#memory = new Map([...Object.entries(read.data), ...this.#memory])
  }

  #of(id: string): Remembered {
    return this.#memory.get(id) ?? { last: null, current: null, most: null }
  }

  #keep(id: string, change: Remembered): void {
    this.#memory.set(id, change)
    this.#save()
  }

  #grow(id: string, heldMiB: number): void {
    const known = this.#of(id)
    const { most } = known
    const isMost = !most || heldMiB >= most.mib + worthSaving || most.at < Date.now() - mostForMs
    if (heldMiB >= withModelMiB && isMost)
      this.#keep(id, { ...known, most: { mib: Math.round(heldMiB), at: Date.now() } })
    this.#growCurrent(id, heldMiB)
  }

  #growCurrent(id: string, heldMiB: number): void {
    const known = this.#of(id)
    if (heldMiB > 0 && heldMiB >= (known.current ?? 0) + (known.current === null ? 0 : worthSaving))
      this.#keep(id, { ...known, current: Math.round(heldMiB) })
  }

  /** Writes what is known then, after what is being written. */
  #save(): void {
    this.#inTurn(async () => {
      await this.#loaded
      // Nothing else may have needed the folder yet: simulators and processes make it, containers do not.
      await mkdir(path.dirname(this.#file), { recursive: true })
      await writeFileAtomic(this.#file, JSON.stringify(Object.fromEntries(this.#memory)))
    }).catch(this.#reportBug)
  }
}
