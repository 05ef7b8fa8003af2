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

/** The entries of a service with one more, which is put into them. Nearly always it is the newest. */
function withEntry(entries: TimelineEntry[], entry: TimelineEntry): TimelineEntry[] {
  const last = entries.at(-1)
  entries.push(entry)
  if (last && byTime(last, entry) > 0) entries.sort(byTime)
  if (entries.length > keptPerService) entries.splice(0, entries.length - keptPerService)
  return entries
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
    timelines.set(entry.serviceId, withEntry(timelines.get(entry.serviceId) ?? [], entry))
    nextId = Math.max(nextId, Number(entry.id) + 1)
  }
  const open = () =>
    (opened ??= (async () => {
      const text = (await readIfPresent(file))?.toString('utf8') ?? ''
      const entries = readEntries(text)
      isTorn = text !== '' && !text.endsWith('\n')
      lines = entries.length
      for (const entry of entries) keep(entry)
    })())

  const rewrite = async () => {
    const entries = [...timelines.values()].flat().sort((a, b) => Number(a.id) - Number(b.id))
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

/** A page of entries, newest first; from the one behind `cursor` on. */
export function pageOf(
  kept: readonly TimelineEntry[],
  limit: number,
  cursor?: string,
): { items: TimelineEntry[]; nextCursor: string | null } {
  const entries = [...kept].reverse()
  const from = cursor === undefined ? 0 : entries.findIndex((entry) => entry.id === cursor) + 1
  // A cursor that is no longer kept was older than all that is.
  if (cursor !== undefined && from === 0) return { items: [], nextCursor: null }
  const items = entries.slice(from, from + limit)
  const last = items.at(-1)
  return { items, nextCursor: from + limit < entries.length && last ? last.id : null }
}

export type TimelineStore = ReturnType<typeof openTimelineStore>
