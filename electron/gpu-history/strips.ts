import * as z from 'zod'
import type { Database } from '../storage/database'
import { Fold, floorTo, stripSlots, stripSpan, tiers, width, type Tier } from './slots'

/** 60 slots of one card at one step. */
interface Strip {
  card: number
  stepMs: number
  start: number
  cells: Float32Array
}

/** The slot that a card's readings are folded into now. */
interface Open {
  strip: Strip
  index: number
  fold: Fold
}

/** So many strips wait at most to be written, where writing fails: hours of eight cards. */
const mostWaiting = 2_000

/** Strips of a clock that was wrong lie this far ahead, in ms. */
const ahead = 86_400_000

const Row = z.object({ start: z.number(), slots: z.union([z.instanceof(Uint8Array), z.instanceof(ArrayBuffer)]) })

const emptyCells = () => new Float32Array(stripSlots * width).fill(Number.NaN)

/** Bytes of the file as cells: copied, for they need not lie where floats may. */
function cellsOf(bytes: Uint8Array | ArrayBuffer): Float32Array {
  const cells = emptyCells()
  new Uint8Array(cells.buffer).set(new Uint8Array(bytes).subarray(0, cells.byteLength))
  return cells
}

const slotIn = ({ cells }: Strip, index: number) => cells.subarray(index * width, (index + 1) * width)

/** The strips of the file. */
function createRows(database: Database) {
  const find = database.prepare('SELECT start, slots FROM strips WHERE card = ? AND step = ? AND start = ?')
  const inRange = database.prepare(
    'SELECT start, slots FROM strips WHERE card = ? AND step = ? AND start > ? AND start < ? ORDER BY start',
  )
  const put = database.prepare('INSERT OR REPLACE INTO strips (card, step, start, slots) VALUES (?, ?, ?, ?)')
  const drop = database.prepare('DELETE FROM strips WHERE step = ? AND (start < ? OR start > ?)')
  const newest = database.prepare('SELECT max(start) AS start FROM strips')
  return {
    newest: (): number | null => z.object({ start: z.number().nullable() }).parse(newest.get()).start,
    at(card: number, stepMs: number, start: number): Float32Array | null {
      const row = find.get(card, stepMs, start)
      return row === undefined ? null : cellsOf(Row.parse(row).slots)
    },
    /** By their beginnings, oldest first. */
    between(card: number, stepMs: number, after: number, before: number): Map<number, Float32Array> {
      const read = inRange.all(card, stepMs, after, before).map((row) => Row.parse(row))
      return new Map(read.map(({ start, slots }) => [start, cellsOf(slots)]))
    },
    put({ card, stepMs, start, cells }: Strip) {
      put.run(card, stepMs, start, Buffer.from(cells.buffer, cells.byteOffset, cells.byteLength))
    },
    drop(stepMs: number, before: number, after: number) {
      drop.run(stepMs, before, after)
    },
  }
}

const keyOf = (card: number, stepMs: number, start: number) => `${card} ${stepMs} ${start}`

/** Drops the oldest of those that wait where writing fails for long. */
function trim(waiting: Map<string, Strip>) {
  for (const key of waiting.keys()) {
    if (waiting.size <= mostWaiting) return
    waiting.delete(key)
  }
}

/** The slot that each card's readings of each step are folded into now. */
function createOpenSlots(stripAt: (card: number, stepMs: number, start: number) => Strip) {
  const open = new Map<string, Open>()
  return function slotAt(card: number, stepMs: number, time: number): Open {
    const start = floorTo(time, stripSpan(stepMs))
    const index = Math.floor((time - start) / stepMs)
    const key = `${card} ${stepMs}`
    const now = open.get(key)
    if (now?.strip.start === start && now.index === index) return now
    const strip = now?.strip.start === start ? now.strip : stripAt(card, stepMs, start)
    // What lies there already is of before a restart, or of a clock that was set back: half of the slot.
    const next = { strip, index, fold: new Fold(slotIn(strip, index), stepMs / 2) }
    open.set(key, next)
    return next
  }
}

/** The ring of all cards: readings go in, and come out as slots of a step. What was not written yet comes out too. */
export function createStrips(database: Database) {
  const rows = createRows(database)
  const waiting = new Map<string, Strip>()

  function stripAt(card: number, stepMs: number, start: number): Strip {
    const known = waiting.get(keyOf(card, stepMs, start))
    if (known) return known
    return { card, stepMs, start, cells: rows.at(card, stepMs, start) ?? emptyCells() }
  }

  const slotAt = createOpenSlots(stripAt)

  return {
    /** When the newest strip of the file begins; null where there is none. */
    newest: rows.newest,

    /**
     * Takes one reading in. It stands for the time since the one before (`since`; itself where that is too long ago), so that
     * no slot stays empty only because readings come a little late.
     */
    add(card: number, reading: Float32Array, { at, since, stepMs }: { at: number; since: number; stepMs: number }) {
      for (const tier of tiers) {
        if (tier.stepMs < stepMs) continue
        const last = floorTo(at, tier.stepMs)
        for (let time = Math.min(floorTo(since, tier.stepMs) + tier.stepMs, last); time <= last; time += tier.stepMs) {
          const { strip, fold } = slotAt(card, tier.stepMs, time)
          fold.add(reading, stepMs)
          waiting.set(keyOf(card, tier.stepMs, strip.start), strip)
        }
      }
      trim(waiting)
    },

    /** Calls with each slot of a tier that has anything, oldest first. */
    each(card: number, { stepMs }: Tier, from: number, to: number, use: (at: number, slot: Float32Array) => void) {
      const span = stripSpan(stepMs)
      const strips = rows.between(card, stepMs, from - span, to)
      for (const strip of waiting.values())
        if (strip.card === card && strip.stepMs === stepMs && strip.start > from - span && strip.start < to)
          strips.set(strip.start, strip.cells)
      for (const [start, cells] of [...strips].sort(([a], [b]) => a - b))
        for (let index = 0; index < stripSlots; index++) {
          const at = start + index * stepMs
          const slot = cells.subarray(index * width, (index + 1) * width)
          if (at + stepMs > from && at < to && !Number.isNaN(slot[0] ?? Number.NaN)) use(at, slot)
        }
    },

    /** Writes what waits, and drops what is too old where the clock is sure; within a transaction. Answers what is to be called once it holds. */
    write(now: number, isSure: boolean): () => void {
      const written = [...waiting]
      for (const [, strip] of written) rows.put(strip)
      for (const { stepMs, keptMs } of isSure ? tiers : [])
        rows.drop(stepMs, now - keptMs - stripSpan(stepMs), now + ahead)
      return () => {
        for (const [key] of written) waiting.delete(key)
      }
    },
  }
}

export type Strips = ReturnType<typeof createStrips>
