import { expect, test } from 'vitest'
import { bundlePrograms } from '../../support/programs'
import { tell } from '../../support/tell'
import { tortureBackups } from '../../torture/backups'
import { describeTally, newTally } from '../../torture/round'

// The short form of `npm run torture -- backup`. What is lost is lost: no second try.

test(
  'killed while it makes, thins out and restores, a backup is whole or none',
  { retry: 0, timeout: 600_000 },
  async (context) => {
    const { programs, remove } = await bundlePrograms({ backupAct: 'tests/torture/backup-act.ts' })
    const tally = newTally()
    const seed = Date.now() % 2 ** 31
    await tortureBackups(programs.backupAct, { seed, rounds: 6, tally, signal: new AbortController().signal })
    tell(context, `Backups: ${describeTally(tally)}`)
    expect(tally.losses).toEqual([])
    expect(tally.kills).toBeGreaterThanOrEqual(3)
    await remove()
  },
)
