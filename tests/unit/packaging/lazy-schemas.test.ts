import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { withLazyFields } from '../../../.config/lazy-schemas'

const contract = path.resolve(import.meta.dirname, '../../../shared/contract')

/** What a text comes to, built as the panel is; `made` notes what it calls, in order. */
function built(code: string) {
  const made: string[] = []
  const note = (name: string, schema: z.ZodType) => {
    made.push(name)
    return schema
  }
  return { value: runInNewContext(withLazyFields('sample.ts', code), { z, note }) as z.ZodType, made }
}

test('fields of an object are made when it is asked first, once, and nested ones with their own', () => {
  const { value, made } = built(`
    const Inner = z.strictObject({ 'deep-one': note('deep', z.string()) })
    z.object({ a: note('a', z.number()), inner: note('inner', Inner.extend({ more: note('more', z.string()) })) })
  `)
  expect(made).toEqual([])
  expect(value.safeParse({ a: 1, inner: { 'deep-one': 'x', more: 'y' } }).success).toBe(true)
  expect(value.safeParse({ a: 1, inner: { 'deep-one': 'x', more: 2 } }).success).toBe(false)
  expect(value.safeParse({ a: 1, inner: { 'deep-one': 'x', more: 'y', other: 1 } }).success).toBe(false)
  expect(made.toSorted()).toEqual(['a', 'deep', 'inner', 'more'])
})

test('what is no call, is computed, or means something else in a function of its own stays as it is', () => {
  for (const code of [
    'z.object({ a: Known, Known, [name]: z.string(), ...rest() })',
    'z.object({ a: this.make(z.string()) })',
    'async function f() { return z.object({ a: await given() }) }',
    'const plain = { a: z.string() }; call({ a: z.string() }); Known.pick({ a: given() })',
  ])
    expect(withLazyFields('sample.ts', code)).toBe(code)
})

test('every file of the contract keeps its lines, and can still be read', () => {
  const files = readdirSync(contract).filter((name) => name.endsWith('.ts'))
  const texts = files.map((name) => readFileSync(path.join(contract, name), 'utf8'))
  const changed = texts.map((text, at) => withLazyFields(files[at] ?? '', text))
  expect(changed.map((text) => text.split('\n').length)).toEqual(texts.map((text) => text.split('\n').length))
  // A second time finds nothing: getters are left, and so the first one was valid and whole.
  expect(changed.map((text, at) => withLazyFields(files[at] ?? '', text))).toEqual(changed)
  expect(changed.join('').match(/get \w+\(\) \{ return /g)?.length).toBeGreaterThan(1000)
})
