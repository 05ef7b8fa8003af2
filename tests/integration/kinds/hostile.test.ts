import { afterAll, beforeAll, expect, test } from 'vitest'
import { regiePrograms } from '../../support/programs'
import { tell } from '../../support/tell'
import { attack, describeHostile, longestStallMs as limitMs } from '../../torture/hostile'
import { stallOf } from '../../torture/stall'

let bundle: Awaited<ReturnType<typeof regiePrograms<'reader'>>>
beforeAll(async () => {
  bundle = await regiePrograms({ reader: 'electron/kinds/reading/read-worker.ts' })
})
afterAll(() => bundle.remove())

// At length: `npm run torture -- --only hostile`.
test('whatever services, files and programs say, the event loop is never held for longer than 100 ms', async (context) => {
  const readWorker = bundle.programs.reader
  const tally = await attack({ seed: 20_261_129, runs: { texts: 25, services: 6 }, readWorker, limitMs })

  tell(context, `Hostile input: ${describeHostile(tally)}`)
  expect(tally.worst.longest).toBeLessThan(limitMs)
}, 240_000)

test('a stall is seen: the measure can fail', async () => {
  const longest = await stallOf(() => {
    // By the processor's time, as it is measured: the clock's goes on while other programs run.
    const before = process.cpuUsage()
    while (process.cpuUsage(before).user < 100_000);
  })
  expect(longest).toBeGreaterThan(20)
})
