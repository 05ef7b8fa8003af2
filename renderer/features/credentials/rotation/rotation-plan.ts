import type { Rotation } from '../../../../shared/contract'

/** Where a rotation stands: its present step (from 1), and how many answers were as expected. */
export function standing({ steps, proof }: Pick<Rotation, 'steps' | 'proof'>) {
  const forward = steps.filter(({ id }) => id !== 'roll-back')
  const done = forward.filter(({ state }) => state === 'done').length
  const cells = proof
    .flatMap((row) => [row.none, row.wrong, row.old, row.fresh])
    .filter((cell) => cell.state !== 'not-counted')
  return {
    step: Math.min(done + 1, forward.length),
    of: forward.length,
    isRollingBack: steps.some(({ id, state }) => id === 'roll-back' && state === 'running'),
    answers: { pass: cells.filter(({ state }) => state === 'pass').length, of: cells.length },
  }
}

export type JournalEntry = { at: number; key: string } & (
  | { is: 'started' | 'ended' }
  | { is: 'step'; step: Rotation['steps'][number]['id'] }
)

/** When each step began, in order: what the journal on disk says. */
export function journalOf({ startedAt, finishedAt, steps }: Pick<Rotation, 'startedAt' | 'finishedAt' | 'steps'>) {
  const entries: JournalEntry[] = [{ at: startedAt, key: 'started', is: 'started' }]
  for (const { id, startedAt: at } of steps) if (at !== null) entries.push({ at, key: id, is: 'step', step: id })
  if (finishedAt !== null) entries.push({ at: finishedAt, key: 'ended', is: 'ended' })
  return entries
}
