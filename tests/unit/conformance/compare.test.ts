import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { compare, compareAnswer } from '../../conformance/compare'
import { redact } from '../../conformance/report'
import { runRow } from '../../conformance/play'
import type { Row, World } from '../../conformance/row'
import type { Answer } from '../../conformance/talk'

const answer = (more: Partial<Answer> = {}): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  bytes: Buffer.from('{"a":1}'),
  text: '{"a":1}',
  json: { a: 1 },
  ...more,
})

describe('a fragment', () => {
  test.each<[what: string, found: unknown, fragment: unknown, differences: string[]]>([
    ['may have fewer keys', { a: 1, b: 2 }, { a: 1 }, []],
    ['names the place', { a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } }, ['a.b[1].c: 3, not 2']],
    ['wants lists whole', [1, 2], [1], ['body: [1], not [1,2]']],
    ['tells a missing key', {}, { a: null }, ['a: null, not undefined']],
    ['takes a pattern for a text', { a: 'x1' }, { a: /^x\d$/ }, []],
    ['does not take a pattern for a number', { a: 1 }, { a: /1/ }, ['a: /1/, not 1']],
    ['asks a function', { a: 5 }, { a: Number.isInteger }, []],
    ['tells a function’s no', { a: 'x' }, { a: Number.isInteger }, ['a: isInteger says no to "x"']],
    ['tells null from an object', null, { a: 1 }, ['body: an object, not null']],
  ])('%s', (_what, found, fragment, differences) => {
    expect(compare(found, fragment)).toEqual(differences)
  })
})

describe('an answer', () => {
  test('that is as expected has no difference', () => {
    const expected = {
      status: [200, 201],
      headers: { 'content-type': /json/, location: null },
      text: /a/,
      without: /b/,
      json: { a: 1 },
      schema: z.object({ a: z.number() }),
    }
    expect(compareAnswer(answer(), expected)).toEqual([])
  })

  test.each([
    [{ status: 401 }, 'status 401, not 200'],
    [{ status: 200, headers: { location: '/login' } }, 'header location: "/login", not null'],
    [{ status: 200, headers: { 'content-type': null } }, 'no header content-type, not "application/json"'],
    [{ status: 200, text: '' }, 'text "", not "{\\"a\\":1}"'],
    [{ status: 200, without: /a/ }, 'text without /a/, not "{\\"a\\":1}"'],
    [{ status: 200, json: { a: 2 } }, 'a: 2, not 1'],
    [{ status: 200, schema: z.object({ a: z.string() }) }, 'body.a: Invalid input: expected string, received number'],
  ])('differs from %j', (expected, difference) => {
    expect(compareAnswer(answer(), expected)).toEqual([difference])
  })
})

describe('a row', () => {
  // Nothing listens on port 1 of this machine.
  const world: World = { url: 'http://127.0.0.1:1', headers: () => ({}), secrets: [] }
  const options = { allowChanges: false, timeoutMs: 50 }

  test('that changes something is not asked unless that is allowed', async () => {
    let asked = 0
    const row: Row<World> = {
      what: 'x',
      changes: true,
      play: () => {
        asked += 1
        return Promise.resolve()
      },
    }
    expect(await runRow(row, world, options)).toEqual({ is: 'skipped', why: 'needs --allow-changes' })
    expect(asked).toBe(0)
    expect(await runRow(row, world, { ...options, allowChanges: true })).toEqual({ is: 'same' })
    expect(asked).toBe(1)
  })

  test('that cannot be asked says why, also where changes are allowed', async () => {
    const row: Row<World> = { what: 'x', skip: () => 'no folder', ask: { path: '/' }, expect: { status: 200 } }
    expect(await runRow(row, world, { ...options, allowChanges: true })).toEqual({ is: 'skipped', why: 'no folder' })
  })

  test('that nobody answers differs, and does not throw', async () => {
    const row: Row<World> = { what: 'x', ask: { path: '/' }, expect: { status: 200 } }
    const result = await runRow(row, world, { ...options, timeoutMs: 10_000 })
    expect(result).toMatchObject({ is: 'differs', differences: [expect.stringContaining('ECONNREFUSED')] })
  })

  test('that never ends is ended', async () => {
    const row: Row<World> = { what: 'x', play: () => new Promise(() => undefined) }
    const result = await runRow(row, world, options)
    expect(result).toEqual({ is: 'differs', differences: ['nothing more came within 0.05 s'] })
  })

  test('collects every difference of an exchange', async () => {
    const row: Row<World> = {
      what: 'x',
      play: (_world, check) => {
        check.same('one', 1, 2)
        check.like('two', { a: 1 }, { a: 2 })
        check.answer('three', answer(), { status: 404 })
        return Promise.resolve()
      },
    }
    expect(await runRow(row, world, options)).toEqual({
      is: 'differs',
      differences: ['one: 2, not 1', 'two: value.a: 2, not 1', 'three: status 404, not 200'],
    })
  })
})

test('what is printed hides the secrets in the spellings in which they travel', () => {
  const secret = '$2b$12$a/b"c'
  expect(redact(`a ${secret} b ${encodeURIComponent(secret)} c ${JSON.stringify({ secret })}`, [secret, ''])).toBe(
    'a [secret] b [secret] c {"secret":"[secret]"}',
  )
})
