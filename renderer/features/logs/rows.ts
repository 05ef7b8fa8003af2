import { unpackLines, type LogEvent, type LogLine, type LogSource } from '../../../shared/contract'

/** One line on screen. */
export interface LogRow extends LogLine {
  service: string
  /** Its place among all lines that there ever were. */
  place: number
  /** How often it was replaced. */
  revision: number
}

/** More than this is not kept in the page, of all services together. */
export const keptRows = 100_000

/** A progress bar comes again under its number; further back than this it is not looked for. */
const replacedWithin = 500

export type LogRows = ReturnType<typeof createRows>

/**
 * The lines of one or several logs in the order of their times. There may be a hundred thousand, so they are changed in
 * place: whoever derives something from them asks for `order`, which grows when places changed, and for `removed`.
 */
export function createRows() {
  let rows: LogRow[] = []
  let removed = 0
  let order = 0
  const lastSeq = new Map<string, number>()
  const sources = new Map<string, LogSource>()

  const append = (row: LogRow) => {
    row.place = removed + rows.length
    rows.push(row)
  }

  const replace = (line: LogLine, service: string) => {
    for (let at = rows.length - 1; at >= Math.max(0, rows.length - replacedWithin); at--) {
      const row = rows[at]
      if (row?.seq !== line.seq || row.service !== service) continue
      delete row.styles
      Object.assign(row, line, { revision: row.revision + 1 })
      return
    }
  }

  /** Puts rows in where their times belong. Nearly always that is the end. */
  const insert = (added: LogRow[]) => {
    const [first] = added
    const last = rows.at(-1)
    if (!first) return
    if (lastSeq.size < 2 || !last || first.at >= last.at) {
      added.forEach(append)
      return
    }
    let from = rows.length
    while (from > 0 && (rows[from - 1]?.at ?? 0) > first.at) from--
    const moved = [...rows.splice(from), ...added].sort((a, b) => a.at - b.at)
    moved.forEach(append)
    order++
  }

  return {
    rows: (): readonly LogRow[] => rows,
    /** How many were dropped at the front: the place of the first. */
    removed: () => removed,
    order: () => order,
    source: (service: string) => sources.get(service),

    clear() {
      rows = []
      removed = 0
      order++
      lastSeq.clear()
    },

    take(events: readonly LogEvent[]) {
      const added: LogRow[] = []
      for (const event of events) {
        const { service } = event
        if (event.type === 'source') {
          sources.set(service, event.source)
          continue
        }
        let last = lastSeq.get(service) ?? -1
        lastSeq.set(service, last)
        for (const line of unpackLines(event.lines)) {
          if (line.seq > last) added.push(Object.assign(line, { service, place: 0, revision: 0 }))
          else {
            const row = added.findLast((one) => one.seq === line.seq && one.service === service)
            if (row) {
              delete row.styles
              Object.assign(row, line)
            } else replace(line, service)
          }
          last = Math.max(last, line.seq)
        }
        lastSeq.set(service, last)
      }
      insert(lastSeq.size > 1 ? added.sort((a, b) => a.at - b.at) : added)
      if (rows.length > keptRows) removed += rows.splice(0, rows.length - keptRows).length
    },
  }
}
