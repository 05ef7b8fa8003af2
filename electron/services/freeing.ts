import type { FreedMemory, GpuReport, Service } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import { untilStill } from '../async/until-still'
import type { BackendDevice } from '../kinds/backend'
import { heldBy } from './vram-memory'

/** What is asked and done while a service's memory is freed. */
export interface FreeingPorts {
  /** Unloads its models. Throws a Problem where it cannot. */
  unload: () => Promise<Service>
  /** The cards as they are at this moment. */
  measure: () => Promise<GpuReport>
  /** What the service says itself; null where it does not answer. */
  devices: () => Promise<readonly BackendDevice[] | null>
  /** The card on which it works; null: not known. */
  card: (report: GpuReport) => string | null
}

interface FreeingTiming {
  withinMs: number
  everyMs: number
}

/** ComfyUI unloads between two jobs and answers before that is done. */
const usualTiming: FreeingTiming = { withinMs: 6_000, everyMs: 250 }

/** Less than this is no model, in MiB. */
const slightMiB = 64
/** What a restart must give back to be worth its time, in MiB. */
const worthMiB = 512

type By = NonNullable<FreedMemory['measuredBy']>

/** How much is held as each source tells it, in MiB. */
interface Look {
  process: number | null
  service: number | null
  card: number | null
}

const sumOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

async function look(id: string, { measure, devices, card }: FreeingPorts): Promise<Look> {
  const [report, told] = await Promise.all([measure(), devices()])
  const isLive = report.state === 'live'
  const uuid = isLive ? card(report) : null
  return {
    process: isLive ? heldBy(id, report.gpus) : null,
    service: sumOf((told ?? []).map(({ reservedMiB }) => reservedMiB)),
    card: report.gpus.find((gpu) => gpu.uuid === uuid)?.memoryUsedMiB ?? null,
  }
}

/** The first source that told something before and after: a service's processes say most, a card as a whole least. */
const sourceOf = (before: Look, after: Look): By | null =>
  (['process', 'service', 'card'] as const).find((by) => before[by] !== null && after[by] !== null) ?? null

const gib = (mib: number) => Math.round((mib / 1024) * 10) / 10

function wordsOf({ freedMiB, leftMiB, contextMiB }: Omit<FreedMemory, 'words' | 'tookMs'>, id: string): Reason {
  if (freedMiB === null) return reason('memory.unmeasured', { id })
  const isNothing = freedMiB < slightMiB
  if (!isNothing) {
    const freed = gib(freedMiB)
    return leftMiB === null || leftMiB < worthMiB
      ? reason('memory.freed', { id, freed })
      : reason('memory.freed-left', { id, freed, left: gib(leftMiB) })
  }
  if (leftMiB === null || leftMiB < slightMiB) return reason('memory.held-nothing', { id })
  // Without the service's own word it is not known what of that is a model.
  return contextMiB !== null && contextMiB > leftMiB / 2
    ? reason('memory.context', { id, left: gib(contextMiB) })
    : reason('memory.kept', { id, left: gib(leftMiB) })
}

/** What came of it, as a pure function of what was seen before and after. */
export function judgeFreeing(id: string, before: Look, after: Look): Omit<FreedMemory, 'tookMs'> {
  const by = sourceOf(before, after)
  const [was, is] = by === null ? [null, null] : [before[by], after[by]]
  const freedMiB = was === null || is === null ? null : Math.max(0, Math.round(was - is))
  // What a card holds as a whole is not the service's alone.
  const leftMiB = by === 'card' || is === null ? null : Math.round(is)
  const contextMiB =
    after.process === null || after.service === null ? null : Math.max(0, Math.round(after.process - after.service))
  const restartHelps = leftMiB !== null && leftMiB >= worthMiB
  const told = { freedMiB, leftMiB, contextMiB, measuredBy: by, restartHelps }
  return { ...told, words: wordsOf(told, id) }
}

/** Unloads a service's models, and measures what that gave back. Throws a Problem where they cannot be unloaded. */
export async function freeMeasured(
  id: string,
  ports: FreeingPorts,
  signal: AbortSignal,
  timing: FreeingTiming = usualTiming,
): Promise<{ service: Service; freed: FreedMemory }> {
  const before = await look(id, ports)
  const began = performance.now()
  const service = await ports.unload()
  let after = before
  const by = () => sourceOf(before, after)
  await untilStill({
    look: async () => {
      after = await look(id, ports)
      const source = by()
      return source === null ? null : after[source]
    },
    isEnough: () => {
      const source = by()
      return source !== null && source !== 'card' && (after[source] ?? Infinity) < slightMiB
    },
    ...timing,
    signal,
  })
  const freed = judgeFreeing(id, before, after)
  return { service, freed: { ...freed, tookMs: Math.round(performance.now() - began) } }
}
