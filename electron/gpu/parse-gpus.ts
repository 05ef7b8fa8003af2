import type { Gpu } from '../../shared/contract'
import type { Field } from './fields'

/** A GPU as one row tells it; processes come from another query. */
export type GpuRow = Omit<Gpu, 'processes'>

const missing =
  /^\[?(?:n\/a|not supported|unknown error|gpu requires reset|insufficient permissions|gpu is lost|not found|err!)?\]?$/i

/** A value that is there, without the spellings by which nvidia-smi says that it has none. */
export const readText = (value: string): string | null => (missing.test(value.trim()) ? null : value.trim())

/** A number, units dropped; `null` for whatever is not one, and never 0 in its place. */
export function readNumber(value: string): number | null {
  const number = /^(-?\d+(?:\.\d+)?)(?:\s*(?:MiB|%|W|MHz|C))?$/.exec(value.trim())?.[1]
  return number === undefined ? null : Number(number)
}

/** `00000000:01:00.0` as other tools write it: `0000:01:00.0`. */
const shortBusId = (id: string) => id.toLowerCase().replace(/^[0-9a-f]{4}(?=[0-9a-f]{4}:)/, '')

const empty = {
  busId: null,
  driverVersion: null,
  utilizationPct: null,
  memoryUtilizationPct: null,
  memoryUsedMiB: null,
  memoryTotalMiB: null,
  memoryFreeMiB: null,
  temperatureC: null,
  powerW: null,
  powerLimitW: null,
  fanPct: null,
  clockSmMHz: null,
  clockMemMHz: null,
  pstate: null,
  computeMode: null,
  migMode: null,
} satisfies Partial<GpuRow>

/**
 * Reads one line of `nvidia-smi --query-gpu --format=csv,noheader[,nounits]` by the order of the columns that were
 * asked for. A row begins with an integer and a `GPU-…` id; anything else is a message, and `null` here.
 */
export function parseGpuRow(line: string, fields: readonly Field[]): GpuRow | null {
  const parts = line.split(',')
  if (parts.length < fields.length) return null
  // Nothing is quoted: what is over belongs to the last column, the name.
  const values = [...parts.slice(0, fields.length - 1), parts.slice(fields.length - 1).join(',')]
  const at = (as: Field['as']) => values[fields.findIndex((field) => field.as === as)]?.trim() ?? ''
  if (!/^\d+$/.test(at('index')) || !at('uuid').startsWith('GPU-')) return null
  const row: GpuRow = { ...empty, index: Number(at('index')), uuid: at('uuid'), name: readText(at('name')) ?? '' }
  fields.forEach((field, position) => {
    if (!('kind' in field)) return
    const value = values[position] ?? ''
    if (field.kind === 'number') row[field.as] = readNumber(value)
    else row[field.as] = field.as === 'busId' ? shortBusId(readText(value) ?? '') || null : readText(value)
  })
  return row
}

/**
 * Groups the rows of a stream into samples: nothing marks where one ends, but the index of its first row is no higher
 * than the one before. `add` returns the sample that a row shows to be complete.
 */
export function createSampleGrouper() {
  let rows: GpuRow[] = []
  const take = (): GpuRow[] | null => {
    const sample = rows
    rows = []
    return sample.length > 0 ? sample : null
  }
  return {
    add(row: GpuRow): GpuRow[] | null {
      const last = rows.at(-1)
      const complete = last && row.index <= last.index ? take() : null
      rows.push(row)
      return complete
    },
    /** What was gathered, when the stream pauses or ends. */
    take,
  }
}

/** Cuts a stream into lines; chunks may end anywhere. Windows line ends are dropped. */
export function createLineCutter() {
  let pending = ''
  return {
    push(chunk: string): string[] {
      const lines = (pending + chunk).split(/\r?\n/)
      pending = lines.pop() ?? ''
      return lines
    },
    /** The last line, if it had no end. */
    rest(): string[] {
      const lines = pending === '' ? [] : [pending]
      pending = ''
      return lines
    },
  }
}
