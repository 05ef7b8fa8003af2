import * as z from 'zod'
import { ModelsMove, ModelsReading } from '../../../shared/contract'
import { createSerial } from '../../async/serial'
import { moveAside, readIfPresent, writeFileAtomic } from '../../storage/files'

const File = z.object({ path: z.string(), bytes: z.number(), changedAt: z.number(), pieces: z.array(z.string()) })
const Entry = ModelsMove.extend({ id: z.string(), pieceMiB: z.number(), plan: z.array(File) })
export type CopyEntry = z.infer<typeof Entry>

const Kept = z.object({
  version: z.literal(1),
  copies: z.array(Entry),
  readings: z.array(z.object({ serviceId: z.string(), target: z.string(), reading: ModelsReading })),
})

function parse(text: string): z.infer<typeof Kept> | null {
  try {
    return Kept.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/**
 * The copies of models with how far each has got, and how fast folders were read, in one file. What was under way when
 * the panel ended is `interrupted`. A file that cannot be read is moved aside.
 */
export async function openJournal(file: string, now: () => number) {
  const text = (await readIfPresent(file))?.toString('utf8') ?? null
  const kept = text === null ? null : parse(text)
  if (text !== null && kept === null) await moveAside(file, now())
  const keyOf = (serviceId: string, target: string) => `${serviceId} ${target}`
  const copies = new Map((kept?.copies ?? []).map((entry) => [keyOf(entry.serviceId, entry.target), entry]))
  const readings = kept?.readings ?? []
  for (const entry of copies.values())
    if (entry.state === 'copying' || entry.state === 'verifying')
      Object.assign(entry, { state: 'interrupted', bytesPerS: null, current: null })
  const inTurn = createSerial()
  const write = () =>
    inTurn(() => writeFileAtomic(file, JSON.stringify({ version: 1, copies: [...copies.values()], readings })))
  const isOf = (serviceId: string, target: string) => (one: (typeof readings)[number]) =>
    one.serviceId === serviceId && one.target === target
  return {
    get: (serviceId: string, target: string): CopyEntry | null => copies.get(keyOf(serviceId, target)) ?? null,
    of: (serviceId: string): CopyEntry[] => [...copies.values()].filter((entry) => entry.serviceId === serviceId),
    interrupted: (): string[] => [...copies.values()].flatMap(({ id, state }) => (state === 'interrupted' ? [id] : [])),
    keep(entry: CopyEntry): Promise<void> {
      copies.set(keyOf(entry.serviceId, entry.target), entry)
      return write()
    },
    reading: (serviceId: string, target: string): ModelsReading | null =>
      readings.find(isOf(serviceId, target))?.reading ?? null,
    keepReading(serviceId: string, target: string, reading: ModelsReading): Promise<void> {
      const at = readings.findIndex(isOf(serviceId, target))
      readings.splice(at === -1 ? readings.length : at, 1, { serviceId, target, reading })
      return write()
    },
  }
}

export type Journal = Awaited<ReturnType<typeof openJournal>>
