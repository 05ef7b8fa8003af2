import { clockReasons, GpuUuid, type ClockReason, type Gpu, type GpuHardware } from '../../shared/contract'
import { faultInCells, isNoValue } from './faults'
import type { Field } from './fields'

/** A GPU as one row tells it; processes come from another query. */
export type GpuRow = Omit<Gpu, 'processes'>

/** A value that is there, without the spellings by which nvidia-smi says that it has none. */
export const readText = (value: string): string | null => (isNoValue(value.trim()) ? null : value.trim())

/** A number, units dropped; `null` for whatever is not one, and never 0 in its place. */
export function readNumber(value: string): number | null {
  const number = /^(-?\d+(?:\.\d+)?)(?:\s*(?:MiB|%|W|MHz|C))?$/.exec(value.trim())?.[1]
  return number === undefined ? null : Number(number)
}

/** The mask of NVML's reasons; undefined where the driver tells none. */
function readMask(value: string): number | undefined {
  const digits = /^0x([0-9a-f]{1,16})$/i.exec(value.trim())?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits.slice(-8), 16)
}

/**
 * Why a clock is held down, from the mask of NVML's reasons, the worst first: heat, the power supply's brake, or a slowdown
 * by the hardware that says no more. An idle card, a power limit and a clock that somebody has set are no faults.
 * https://docs.nvidia.com/deploy/nvml-api/group__nvmlClocksEventReasons.html
 */
export function readSlowedBy(value: string): GpuRow['slowedBy'] {
  const mask = readMask(value)
  if (mask === undefined) return undefined
  const has = (bits: number) => (mask & bits) !== 0
  const found = [...(has(0x80) ? ['power-brake' as const] : []), ...(has(0x60) ? ['heat' as const] : [])]
  return found.length === 0 && has(0x08) ? ['hardware'] : found
}

/** Every reason in the mask, also those that are no fault; bits that are not known yet are left out. */
function readClockReasons(value: string): ClockReason[] | undefined {
  const mask = readMask(value)
  return mask === undefined ? undefined : clockReasons.filter((_, bit) => (mask & (1 << bit)) !== 0)
}

/** A bus id as the kernel writes it, `0000:01:00.0`: drivers print the domain with 8 digits, with 4, or not at all. */
export function usualBusId(id: string): string {
  const [, domain = '', place] =
    /^(?:([0-9a-f]+):)?([0-9a-f]{1,2}:[0-9a-f]{1,2}\.[0-9a-f])$/.exec(id.toLowerCase()) ?? []
  return place === undefined ? id.toLowerCase() : `${domain.replace(/^0+/, '').padStart(4, '0')}:${place}`
}

/** Whether a text names a card, or a slice of one. */
export const isGpuUuid = (text: string): boolean => GpuUuid.safeParse(text).success

/** Longer than any row: what is longer is a message, or no text of nvidia-smi's at all. */
const longestRow = 4_096

const empty = {
  busId: null,
  driverVersion: null,
  computeCapability: null,
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

const noHardware: GpuHardware = {
  ...{ pcieGen: null, pcieGenMax: null, pcieWidth: null, pcieWidthMax: null },
  ...{ eccMode: null, eccCorrected: null, eccUncorrected: null, clockSmMaxMHz: null, clockMemMaxMHz: null },
  ...{ powerDefaultLimitW: null, powerMinLimitW: null, powerMaxLimitW: null, powerEnforcedLimitW: null },
}

/** What was asked of a card's link, memory errors and limits; null where nothing was. */
function readHardware(fields: readonly Field[], values: readonly string[]): GpuHardware | null {
  const parts = fields.flatMap((field, at) => {
    if (field.as !== 'hardware') return []
    const value = values[at] ?? ''
    return [[field.part, field.part === 'eccMode' ? readText(value) : readNumber(value)] as const]
  })
  return parts.length === 0 ? null : { ...noHardware, ...Object.fromEntries(parts) }
}

/**
 * Reads one line of `nvidia-smi --query-gpu --format=csv,noheader[,nounits]` by the order of the columns that were
 * asked for. A row begins with an integer and a UUID; anything else is a message, and `null` here. Words of fault in
 * its cells become the card's warning.
 */
export function parseGpuRow(line: string, fields: readonly Field[]): GpuRow | null {
  if (line.length > longestRow) return null
  const parts = line.split(',')
  if (parts.length < fields.length) return null
  // Nothing is quoted: what is over belongs to the last column, the name.
  const values = [...parts.slice(0, fields.length - 1), parts.slice(fields.length - 1).join(',')]
  const at = (as: Field['as']) => values[fields.findIndex((field) => field.as === as)]?.trim() ?? ''
  if (!/^\d{1,5}$/.test(at('index')) || !isGpuUuid(at('uuid'))) return null
  const row: GpuRow = { ...empty, index: Number(at('index')), uuid: at('uuid'), name: readText(at('name')) ?? '' }
  fields.forEach((field, position) => {
    const value = values[position] ?? ''
    if (field.as === 'slowedBy') {
      const slowedBy = readSlowedBy(value)
      if (slowedBy !== undefined) row.slowedBy = slowedBy
      const reasons = readClockReasons(value)
      if (reasons !== undefined) row.clockReasons = reasons
    }
    if (!('kind' in field)) return
    if (field.kind === 'number') row[field.as] = readNumber(value)
    else row[field.as] = field.as === 'busId' ? usualBusId(readText(value) ?? '') || null : readText(value)
  })
  const hardware = readHardware(fields, values)
  if (hardware) row.hardware = hardware
  const cells = fields.map(({ query }, position) => ({ column: query, words: values[position]?.trim() ?? '' }))
  const warning = faultInCells(cells, row)
  return warning ? { ...row, warning } : row
}

/** More than any machine has: a program that counts on for ever fills no memory. */
const mostGpus = 256

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
      const complete = last && (row.index <= last.index || rows.length >= mostGpus) ? take() : null
      rows.push(row)
      return complete
    },
    /** What was gathered, when the stream pauses or ends. */
    take,
  }
}

/** Longest line that is kept, in UTF-16 units; the rest of a longer one is passed over. */
export const longestLine = 16_384

/**
 * Cuts a stream into lines; chunks may end anywhere. Windows line ends are dropped. Of a line without an end only its
 * beginning is kept, so that no program fills the memory.
 */
export function createLineCutter() {
  let pending = ''
  const add = (piece: string) => {
    pending = (pending + piece.slice(0, longestLine + 1 - pending.length)).slice(0, longestLine + 1)
  }
  /** One more unit than is kept holds the `\r` of a Windows line end. */
  const take = () => {
    const line = pending.replace(/\r$/, '').slice(0, longestLine)
    pending = ''
    return line
  }
  return {
    push(chunk: string): string[] {
      const pieces = chunk.split('\n')
      const last = pieces.pop() ?? ''
      const lines = pieces.map((piece) => {
        add(piece)
        return take()
      })
      add(last)
      return lines
    },
    /** The last line, if it had no end. */
    rest: (): string[] => (pending === '' ? [] : [take()]),
  }
}
