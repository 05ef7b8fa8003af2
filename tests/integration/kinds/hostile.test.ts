import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundlePrograms } from '../../support/programs'
import { tell } from '../../support/tell'
import { attack, describeHostile, longestStallMs as limitMs } from '../../torture/hostile'
import { stallOf } from '../../torture/stall'

let bundle: Awaited<ReturnType<typeof bundlePrograms<'reader'>>>
beforeAll(async () => {
  bundle = await bundlePrograms({ reader: 'electron/kinds/reading/read-worker.ts' })
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
    const until = performance.now() + 400
    while (performance.now() < until);
  })
  // The clock's 400 ms are fewer of the processor's time beside other programs.
  expect(longest).toBeGreaterThan(20)
})
