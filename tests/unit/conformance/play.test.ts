import { expect, test } from 'vitest'
import { runRow } from '../../conformance/play'
import type { ExchangeRow, World } from '../../conformance/row'

const world: World = { url: 'http://127.0.0.1:9', headers: () => ({}), secrets: [] }
const options = { allowChanges: true, timeoutMs: 1 }
/** Longer than a row may take. */
const slow: ExchangeRow<World> = { what: 'x', play: () => new Promise((resolve) => setTimeout(resolve, 50)) }

test('a row that takes too long differs, unless it is the installation’s restart that takes long', async () => {
  expect(await runRow(slow, world, options)).toEqual({
    is: 'differs',
    differences: ['nothing more came within 0.001 s'],
  })
  expect(await runRow({ ...slow, restarts: 1 }, world, options)).toEqual({ is: 'same' })
})
