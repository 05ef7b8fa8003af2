import { compareAnswer, createCheck, type Difference } from './compare'
import { restartMs, type Row, type Table, type World } from './row'
import { ask } from './talk'

export type Result =
  | { is: 'same' }
  | { is: 'differs'; differences: Difference[] }
  /** Not asked, and why. */
  | { is: 'skipped'; why: string }

/** A row, asked. */
export interface Asked {
  table: string
  what: string
  result: Result
}

export interface RunOptions {
  allowChanges: boolean
  /** How long one row may take. */
  timeoutMs: number
}

/** Why a row is not asked here; null when it is. */
export function skipReason<W extends World>(row: Row<W>, world: W, allowChanges: boolean): string | null {
  return row.skip?.(world) ?? (row.changes && !allowChanges ? 'needs --allow-changes' : null)
}

async function play<W extends World>(row: Row<W>, world: W, signal: AbortSignal): Promise<Difference[]> {
  if ('play' in row) {
    const { check, differences } = createCheck()
    await row.play(world, check, signal)
    return differences
  }
  const { credential = 'none', ...question } = typeof row.ask === 'function' ? row.ask(world) : row.ask
  const headers = { ...world.headers(credential), ...question.headers }
  const answer = await ask(world.url, { ...question, headers }, signal)
  return compareAnswer(answer, typeof row.expect === 'function' ? row.expect(world) : row.expect)
}

/** Asks one row. Nothing is thrown: an installation that breaks off the conversation differs, too. */
export async function runRow<W extends World>(row: Row<W>, world: W, options: RunOptions): Promise<Result> {
  const why = skipReason(row, world, options.allowChanges)
  if (why !== null) return { is: 'skipped', why }
  const time = new AbortController()
  const limitMs = options.timeoutMs + (row.restarts ?? 0) * restartMs
  const timer = setTimeout(() => time.abort(new Error(`nothing more came within ${limitMs / 1000} s`)), limitMs)
  try {
    const late = new Promise<never>((_resolve, reject) => {
      const over = () => reject(time.signal.reason as Error) // both reasons below are Errors
      time.signal.addEventListener('abort', over, { once: true })
    })
    const differences = await Promise.race([play(row, world, time.signal), late])
    return differences.length === 0 ? { is: 'same' } : { is: 'differs', differences }
  } catch (error) {
    return { is: 'differs', differences: [error instanceof Error ? error.message : String(error)] }
  } finally {
    clearTimeout(timer)
    time.abort(new Error('the row is over'))
  }
}

/** Asks every row, one after the other. */
export async function* runTables<W extends World>(
  tables: readonly Table<W>[],
  world: W,
  options: RunOptions,
): AsyncGenerator<Asked> {
  for (const { title, rows } of tables)
    for (const row of rows) yield { table: title, what: row.what, result: await runRow(row, world, options) }
}
