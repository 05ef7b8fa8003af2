import type { z } from 'zod'
import type { Answer, Question } from './talk'

/** What a request brings along to be let in. */
export type Credential = 'none' | 'wrong' | 'right'

/** The installation that is asked, a simulator or a real one, as far as the tables need to know it. */
export interface World {
  url: string
  /** Headers that carry a credential; an installation that wants none gets none. */
  headers: (credential: Credential) => Record<string, string>
  /** Hidden wherever something is printed. */
  secrets: readonly string[]
}

/** One request of a table: who asks what. */
export type Ask = Question & { credential?: Credential }

/** What must come back. What is not named may be anything. */
export interface Expected {
  status: number | readonly number[]
  /** By lower-case name; null: must not be there. */
  headers?: Record<string, string | RegExp | null>
  text?: string | RegExp
  /** What the text must not hold. */
  without?: RegExp
  /** Keys of objects may be more than these; everything else is equal. */
  json?: unknown
  schema?: z.ZodType
}

/** Collects what differs in a scripted exchange. */
export interface Check {
  answer: (what: string, answer: Answer, expected: Expected) => void
  same: (what: string, found: unknown, expected: unknown) => void
  /** As `Expected.json`. */
  like: (what: string, found: unknown, fragment: unknown) => void
}

interface RowBase<W extends World> {
  /** A sentence about behaviour, unique in its table. */
  what: string
  /** Why this installation cannot be asked, in a few words; null when it can. */
  skip?: (world: W) => string | null
  /** Leaves something behind, or touches what others see: asked only with `--allow-changes`. */
  changes?: true
  /** How often it restarts the installation, which takes as long as it takes: that is no difference. */
  restarts?: number
}

/** The longest that a restart may take, in ms. */
export const restartMs = 300_000

export interface RequestRow<W extends World> extends RowBase<W> {
  ask: Ask | ((world: W) => Ask)
  expect: Expected | ((world: W) => Expected)
}

/** A conversation of several steps. `signal` ends with the row's time. */
export interface ExchangeRow<W extends World> extends RowBase<W> {
  play: (world: W, check: Check, signal: AbortSignal) => Promise<void>
}

export type Row<W extends World> = RequestRow<W> | ExchangeRow<W>

export interface Table<W extends World> {
  title: string
  rows: readonly Row<W>[]
}
