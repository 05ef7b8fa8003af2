import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { anna, anyKey, testPeople } from '../../support/people'

let at: Awaited<ReturnType<typeof testPeople>>
beforeEach(async () => {
  at = await testPeople()
})
afterEach(() => at.remove())

const hour = 3600_000
const person = fc.integer({ min: 0, max: 2 })
const key = fc.nat({ max: 30 })
/** What may be done to people and keys, in any order; time goes on, is set back, and Regie starts again. */
const act = fc.oneof(
  fc.record({ do: fc.constant('make' as const), person, lastsH: fc.option(fc.integer({ min: 1, max: 5 })) }),
  fc.record({ do: fc.constant('rotate' as const), key, graceH: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ do: fc.constant('end' as const), key }),
  fc.record({ do: fc.constant('suspend' as const), person, is: fc.boolean() }),
  fc.record({ do: fc.constant('pass' as const), hours: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('set back' as const), hours: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ do: fc.constant('restart' as const) }),
)

/** What is expected of a key, told by a clock that is never set back. */
interface Expected {
  text: string
  id: string
  person: number
  ends: number
  replaced: boolean
}

it('whatever is done in whatever order, a key opens exactly until it ends, and for nobody who is suspended', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
      const own = await testPeople()
      try {
        await run(own, acts)
      } finally {
        await own.remove()
      }
    }),
    { numRuns: 15 },
  )
})

async function run(own: typeof at, acts: readonly (typeof act extends fc.Arbitrary<infer T> ? T : never)[]) {
  let people = await own.open()
  const ids = [0, 1, 2].map((n) => `p${n}`)
  for (const id of ids) await people.create({ ...anna, id, name: id }, 'admin')
  const suspended = [false, false, false]
  const keys: Expected[] = []
  /** True time: what has passed in all, while Regie knew of it. */
  let now = 0
  const made = ({ key: text, record }: Awaited<ReturnType<typeof people.createKey>>, who: number, ends: number) =>
    keys.push({ text, id: record.id, person: who, ends, replaced: false })

  for (const one of acts) {
    if (one.do === 'make') {
      const clock = own.clock.wall
      const expiresAt = one.lastsH === null ? null : clock + one.lastsH * hour
      // Regie’s own time may be ahead of a clock that was set back: what would have ended by then is refused.
      const asked = people.createKey({ ...anyKey(ids[one.person] ?? ''), expiresAt }, 'admin')
      const answer = await asked.catch(() => null)
      if (answer) made(answer, one.person, expiresAt === null ? Infinity : now + expiresAt - answer.record.createdAt)
    } else if (one.do === 'rotate' || one.do === 'end') {
      const meant = keys[one.key % Math.max(1, keys.length)]
      if (!meant) continue
      const isOver = meant.ends <= now
      if (one.do === 'end') {
        await people.endKey(meant.id, 'admin')
        meant.ends = Math.min(meant.ends, now)
        continue
      }
      const answer = await people.rotateKey(meant.id, one.graceH * 3600, 'admin').catch(() => null)
      expect(answer === null).toBe(isOver || meant.replaced)
      if (!answer) continue
      const before = meant.ends
      meant.ends = Math.min(meant.ends, now + one.graceH * hour)
      meant.replaced = true
      made(answer, meant.person, before)
    } else if (one.do === 'suspend') {
      await people.change(ids[one.person] ?? '', { suspended: one.is }, 'admin')
      suspended[one.person] = one.is
    } else if (one.do === 'pass') {
      own.pass(one.hours * hour)
      now += one.hours * hour
    } else if (one.do === 'set back') own.clock.wall -= one.hours * hour
    else {
      // With the clock as it is, be it set back.
      await people.close()
      people = await own.open()
    }
    for (const each of keys) {
      const isOpen = each.ends > now && suspended[each.person] === false
      expect([each.id, people.findKey(each.text) !== null]).toEqual([each.id, isOpen])
    }
  }
}
