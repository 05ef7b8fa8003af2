import { beforeEach, expect, test } from 'vitest'
import { newMemory, step, type Memory } from '../../../electron/alerts/engine'
import { settingOf } from '../../../electron/alerts/rules'
import { told } from '../../../electron/attention/items'
import { alertRuleIds, alertRuleOf, alertRules, type AlertRuleId } from '../../../shared/alert-rules'
import type { Attention, AttentionItem, AlertRuleSetting } from '../../../shared/contract'
import { reason } from '../../../shared/problems'

const hot = (uuid = 'a'): AttentionItem =>
  told({ id: `gpu-hot ${uuid}`, kind: 'gpu-hot', leadsTo: { page: 'gpus' }, since: 7 })
const down = (id: string): AttentionItem =>
  told({ id: `service ${id}`, kind: 'service-unhealthy', subject: id, leadsTo: { page: 'services', id } })
const looping = (id: string): AttentionItem => ({
  ...down(id),
  reason: reason('check.restart-loop', { id, count: 4, line: '' }),
})
const lockedOut = (id: string): AttentionItem => ({ ...down(id), kind: 'service-locked-out' })

const nothing: Attention['unknown'] = { kinds: [], services: [] }
let memory: Memory
let clock: { now: number; steady: number }
let changed: Partial<Record<AlertRuleId, Partial<AlertRuleSetting>>>
let ids: number

beforeEach(() => {
  memory = newMemory([], 0)
  clock = { now: 1_000_000, steady: 50_000 }
  changed = {}
  ids = 0
})

const look = (items: AttentionItem[], unknown = nothing, aside: { item: AttentionItem; until: number | null }[] = []) =>
  step(memory, {
    attention: {
      ...{ items, unknown },
      snoozed: aside.map(({ item, until }) => ({ ...item, snooze: { id: 's', about: item.id, since: 0, until } })),
    },
    setting: (id) => settingOf(id, { rules: changed }),
    newId: () => `n${(ids += 1)}`,
    ...clock,
  })
const pass = (seconds: number) => {
  clock = { now: clock.now + seconds * 1000, steady: clock.steady + seconds * 1000 }
}

test('an alert is raised once, when it has lasted for as long as its rule says', () => {
  expect(look([hot()])).toMatchObject({ raised: [], nextMs: 60_000 })
  pass(59)
  expect(look([hot()])).toMatchObject({ raised: [], nextMs: 1000 })
  pass(1)
  expect(look([hot()]).raised).toMatchObject([{ id: 'n1', rule: 'gpu-hot', about: 'gpu-hot a', since: 7 }])
  expect(look([hot()]).raised).toEqual([])
})

test('what comes and goes before it has lasted long enough begins anew each time', () => {
  look([hot()])
  pass(50)
  look([])
  look([hot()])
  pass(50)
  expect(look([hot()]).raised).toEqual([])
})

test('it is over only when it has been gone for long enough', () => {
  look([hot()])
  pass(60)
  look([hot()])
  expect(look([]).over).toEqual([])
  pass(20)
  look([hot()])
  pass(20)
  expect(look([])).toMatchObject({ over: [], nextMs: 30_000 })
  pass(30)
  expect(look([]).over).toMatchObject([{ about: 'gpu-hot a', overAt: clock.now }])
  expect(memory.firing.size).toBe(0)
})

test('what is put aside is neither raised nor over, and told again when its time has come', () => {
  const until = clock.now + 3600_000
  const aside = (item = hot()) => look([], nothing, [{ item, until }])
  // Before it fires.
  look([hot()])
  pass(120)
  expect(aside()).toMatchObject({ raised: [], over: [] })
  expect(look([hot()])).toMatchObject({ raised: [], nextMs: 60_000 })
  pass(60)
  const [alert] = look([hot()]).raised
  if (!alert) throw new Error('it was to fire')
  alert.isTold = true
  // While it fires.
  aside()
  pass(600)
  expect(aside()).toMatchObject({ raised: [], over: [], dropped: [] })
  // Somebody has taken it up again, and knows.
  look([hot()])
  expect(alert.isTold).toBe(true)
  // Worse, so that it has come back before its time.
  aside()
  look([{ ...hot(), count: 2 }])
  expect(alert.isTold).toBe(false)
  alert.isTold = true
  aside({ ...hot(), count: 2 })
  pass(3600)
  expect(look([{ ...hot(), count: 2 }]).raised).toEqual([])
  expect(alert.isTold).toBe(false)
  // Over while it was aside: as ever.
  aside({ ...hot(), count: 2 })
  look([])
  pass(30)
  expect(look([]).over).toEqual([alert])
})

test('a clock that jumps raises nothing early and ends nothing early', () => {
  look([hot()])
  clock.now += 365 * 24 * 3600_000
  expect(look([hot()]).raised).toEqual([])
  clock.now -= 730 * 24 * 3600_000
  pass(60)
  expect(look([hot()]).raised).toHaveLength(1)
  look([])
  clock.now += 365 * 24 * 3600_000
  expect(look([]).over).toEqual([])
})

test('what cannot be seen is not over, and goes on to count', () => {
  look([down('a')])
  pass(40)
  look([], { kinds: [], services: ['a'] })
  pass(20)
  expect(look([down('a')]).raised).toHaveLength(1)
  look([], { kinds: [], services: ['a'] })
  pass(600)
  expect(look([], { kinds: ['service-unhealthy'], services: [] }).over).toEqual([])
  expect(look([]).over).toEqual([])
  pass(30)
  expect(look([]).over).toHaveLength(1)
})

test('after a start nothing is over until all has had time to be looked at', () => {
  look([lockedOut('a')])
  const [before] = memory.firing.values()
  memory = newMemory(before ? [before] : [], clock.steady + 60_000)
  expect(look([])).toMatchObject({ over: [], nextMs: 60_000 })
  pass(60)
  expect(look([]).over).toMatchObject([{ id: 'n1' }])
})

test('a worse rule for the same thing takes the place of the one that fires, without an end being told', () => {
  look([down('a')])
  pass(60)
  expect(look([down('a')]).raised).toMatchObject([{ rule: 'service-down' }])
  const outcome = look([looping('a')])
  expect(outcome.raised).toMatchObject([{ rule: 'crash-loop' }])
  expect(outcome).toMatchObject({ over: [], dropped: [{ rule: 'service-down' }] })
})

test('a rule that is off raises nothing, and ends what it raised without a word', () => {
  look([lockedOut('a')])
  changed = { 'locked-out': { on: false } }
  expect(look([lockedOut('a'), lockedOut('b')])).toMatchObject({
    raised: [],
    over: [],
    dropped: [{ about: 'service a' }],
  })
})

test('every rule tells of something, and nothing that it tells of goes to another first', () => {
  for (const id of alertRuleIds) {
    const { kinds, problem } = alertRules[id]
    const [kind] = kinds
    if (kind === undefined) throw new Error(`${id} is about nothing`)
    const why = problem === undefined ? {} : { reason: reason('check.restart-loop', { id: 'a', count: 1, line: '' }) }
    expect(alertRuleOf({ kind, ...why })).toBe(id)
  }
  expect(alertRuleOf({ kind: 'pending' })).toBeNull()
})
