import { appendFile } from 'node:fs/promises'
import { TimelineEntry } from '../../shared/contract'
import { createSerial } from '../async/serial'
import { readIfPresent, writeFileAtomic } from '../storage/files'

/** How many entries of one service are kept. */
export const keptPerService = 500

const ownerOnly = 0o600

/** Newest last; of two at the same time, the one that was recorded later. */
const byTime = (a: TimelineEntry, b: TimelineEntry) => a.at - b.at || Number(a.id) - Number(b.id)

/** Reads the file's lines; one that was torn by a crash is left out. */
function readEntries(text: string): TimelineEntry[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return []
    try {
      const parsed = TimelineEntry.safeParse(JSON.parse(line))
      return parsed.success ? [parsed.data] : []
    } catch {
      return []
    }
  })
}

/**
 * The timelines of all services, in one file that grows by a line an entry and is rewritten when most of its lines are
 * old. Read at the first use.
 */
export function openTimelineStore(file: string) {
  const timelines = new Map<string, TimelineEntry[]>()
  let lines = 0
  let nextId = 1
  let isTorn = false
  let opened: Promise<void> | null = null
  const inTurn = createSerial()

  const keep = (entry: TimelineEntry) => {
    const entries = timelines.get(entry.serviceId) ?? []
    // Nearly always the newest, but for what is read of the engine's past.
    const last = entries.at(-1)
    entries.push(entry)
    if (last && byTime(last, entry) > 0) entries.sort(byTime)
    if (entries.length > keptPerService) entries.splice(0, entries.length - keptPerService)
    timelines.set(entry.serviceId, entries)
    nextId = Math.max(nextId, Number(entry.id) + 1)
  }
  const all = () => [...timelines.values()].flat().sort((a, b) => Number(a.id) - Number(b.id))

  const open = () =>
    (opened ??= (async () => {
      const text = (await readIfPresent(file))?.toString('utf8') ?? ''
      const entries = readEntries(text)
      isTorn = text !== '' && !text.endsWith('\n')
      lines = entries.length
      for (const entry of entries) keep(entry)
    })())

  const rewrite = async () => {
    const entries = all()
    await writeFileAtomic(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
    lines = entries.length
    isTorn = false
  }

  return {
    open,

    async add(entry: Omit<TimelineEntry, 'id'>): Promise<TimelineEntry> {
      await open()
      const added = { ...entry, id: String(nextId) }
      keep(added)
      await inTurn(async () => {
        const kept = [...timelines.values()].reduce((sum, { length }) => sum + length, 0)
        if (isTorn || lines > 2 * kept + 100) return rewrite()
        await appendFile(file, `${JSON.stringify(added)}\n`, { mode: ownerOnly })
        lines += 1
      })
      return added
    },

    /** A service's entries, oldest first. */
    async of(serviceId: string): Promise<readonly TimelineEntry[]> {
      await open()
      return timelines.get(serviceId) ?? []
    },

    async forget(serviceId: string): Promise<void> {
      await open()
      if (timelines.delete(serviceId)) await inTurn(rewrite)
    },

    /** Waits until everything is on disk. */
    close: inTurn.settled,
  }
}

export type TimelineStore = ReturnType<typeof openTimelineStore>
