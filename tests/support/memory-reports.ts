import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import type { HolderFacts } from '../../electron/gpu/holders'
import type { Gpu } from '../../shared/contract'
import { cardOf } from './cards'

const folder = path.resolve(import.meta.dirname, '../cases/gpu-memory')

/** How the machine of a report was asked; each is a beginning of the names of its files. */
export const families = ['linux', 'container', 'wsl2', 'wsl2-said', 'wddm', 'wddm-said', 'counters'] as const
export type Family = (typeof families)[number]

/** A published report: its cards, and what `holdersOf` is told beside them. */
export interface MemoryReport {
  file: string
  family: Family
  cards: Gpu[]
  facts: HolderFacts
}

const nothing: HolderFacts = { services: [], counters: null, serviceOf: () => null, containerOf: () => null }

const cardLine = /^\|\s+(?<index>\d+)\s+(?<name>\S.*?)\s+(?:On|Off|WDDM|TCC|MCDM)\s*\|/
const memoryLine = /(?<used>\d+)MiB\s*\/\s*(?<total>\d+)MiB/
const processLine =
  /^\|\s+(?<gpu>\d+)\s+(?:N\/A\s+N\/A\s+)?(?<pid>\d+)\s+(?<type>C\+G|C|G)\s+(?<name>\S.*?)\s+(?:(?<mib>\d+)MiB|N\/A)\s*\|$/

/**
 * Reads the table that `nvidia-smi` prints for people, of drivers since 384. Programs that only draw (type G) are left out:
 * `--query-compute-apps`, which Regie asks, does not list them.
 */
export function readTable(text: string): Gpu[] {
  const cards = new Map<number, Gpu>()
  let open: Gpu | null = null
  for (const line of text.split(/\r?\n/)) {
    const process = processLine.exec(line)?.groups
    const card = cardLine.exec(line)?.groups
    const memory = memoryLine.exec(line)?.groups
    if (process) {
      const { gpu, pid, type, name = '', mib } = process
      if (type === 'G') continue
      const memoryMiB = mib === undefined ? null : Number(mib)
      cards.get(Number(gpu))?.processes.push({ pid: Number(pid), name, memoryMiB, serviceId: null })
    } else if (card) {
      const index = Number(card['index'])
      open = cardOf({ index, uuid: `GPU-${index}`, name: card['name'] ?? '', processes: [] })
      cards.set(index, open)
    } else if (memory && open) {
      open.memoryUsedMiB = Number(memory['used'])
      open.memoryTotalMiB = Number(memory['total'])
      open = null
    }
  }
  return [...cards.values()]
}

const mib = (bytes: number) => bytes / 2 ** 20

const Said = z.object({
  devices: z.tuple([
    z.object({
      name: z.string(),
      ...{ vram_total: z.number(), vram_free: z.number(), torch_vram_total: z.number(), torch_vram_free: z.number() },
    }),
  ]),
})

/** What a service says of its card: ComfyUI counts as free also what PyTorch has taken and not used. */
function readSaid(text: string): Omit<MemoryReport, 'file' | 'family'> {
  const { devices } = Said.parse(JSON.parse(text))
  const [{ name, vram_total: total, vram_free: free, torch_vram_total: taken, torch_vram_free: unused }] = devices
  const usedMiB = Math.round(mib(total - (free - unused)))
  return {
    cards: [cardOf({ name, memoryUsedMiB: usedMiB, memoryTotalMiB: Math.round(mib(total)) })],
    facts: { ...nothing, services: [{ serviceId: 'service', card: 'GPU-0', reservedMiB: mib(taken) }] },
  }
}

/** The last row of typeperf's counters: the first adapter, and what programs hold on it. */
function readCounters(text: string): Omit<MemoryReport, 'file' | 'family'> {
  const [head = [], ...rows] = text
    .trim()
    .split(/\r?\n/)
    .map((row) => row.slice(1, -1).split('","'))
  const columns = head.map((title, at) => ({ title, bytes: Number(rows.at(-1)?.[at]) }))
  const adapter = columns.find(({ title }) => title.includes('GPU Adapter Memory'))
  const luid = /luid_\w+?_phys/.exec(adapter?.title ?? '')?.[0] ?? '–'
  const counters = columns.flatMap(({ title, bytes }) => {
    const pid = /GPU Process Memory\(pid_(\d+)_/.exec(title)?.[1]
    return pid !== undefined && title.includes(luid)
      ? [{ card: 'GPU-0', pid: Number(pid), mib: mib(bytes), name: 'llama-server' }]
      : []
  })
  return { cards: [cardOf({ memoryUsedMiB: Math.round(mib(adapter?.bytes ?? 0)) })], facts: { ...nothing, counters } }
}

function readReport(file: string): MemoryReport {
  const family = families.toSorted((a, b) => b.length - a.length).find((one) => file.startsWith(`${one}-`))
  if (!family) throw new Error(`${file} is of no family`)
  const text = readFileSync(path.join(folder, file), 'utf8')
  const read = { '.txt': () => ({ cards: readTable(text), facts: nothing }), '.json': readSaid, '.csv': readCounters }
  const extension = z.enum(['.txt', '.json', '.csv']).parse(path.extname(file))
  return { file, family, ...read[extension](text) }
}

/** Every published report that is kept. */
export const memoryReports = (): MemoryReport[] =>
  readdirSync(folder)
    .filter((file) => file !== 'README.md')
    .sort()
    .map(readReport)
