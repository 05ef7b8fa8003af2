import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isTorn } from '../../../electron/rotation/torn'

const states = [
  "# before\nTOKEN='old-secret'\nLAST=1\n",
  "# before\nTOKEN='a-longer-new-secret'\nLAST=1\n",
  "# before\nTOKEN='x'\nLAST=1\n",
].map((text) => Buffer.from(text))

it('knows the beginning of one state over the end of another, at whatever byte the crash came', () => {
  const pair = fc.tuple(fc.constantFrom(...states), fc.constantFrom(...states), fc.nat({ max: 60 }))
  fc.assert(
    fc.property(pair, ([written, before, at]) => {
      const torn = Buffer.concat([written.subarray(0, at), before.subarray(Math.min(at, written.length))])

      const isWhole = states.some((state) => state.equals(torn))

      expect(isTorn(torn, states)).toBe(!isWhole)
    }),
  )
})

it.each(["# before\nTOKEN='by hand'\nLAST=1\n", '', "TOKEN='old-secret'\nLAST=1\n"])(
  'leaves alone what a person wrote: %j',
  (text) => {
    expect(isTorn(Buffer.from(text), states)).toBe(false)
  },
)
