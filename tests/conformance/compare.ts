import { isDeepStrictEqual } from 'node:util'
import type { Check, Expected } from './row'
import type { Answer } from './talk'

/** What differs, in one line. */
export type Difference = string

const shortest = 400

/** A value as it is shown, cut where it is long. */
function shown(value: unknown): string {
  const text = value instanceof RegExp || value === undefined ? String(value) : JSON.stringify(value)
  return text.length > shortest ? `${text.slice(0, shortest)}… (${text.length} characters)` : text
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RegExp)

/**
 * Where `found` is not what `fragment` says, each place with its path. Objects may hold more than the fragment, lists
 * may not (but `{ 0: … }` names single items of one); a RegExp fits a text; a function answers whether it likes the value.
 */
export function compare(found: unknown, fragment: unknown, at = ''): Difference[] {
  const where = at === '' ? 'body' : at
  if (fragment instanceof RegExp)
    return typeof found === 'string' && fragment.test(found)
      ? []
      : [`${where}: ${shown(fragment)}, not ${shown(found)}`]
  if (typeof fragment === 'function') {
    // A function in a table is its own question about the value.
    const fits = fragment as (value: unknown) => boolean
    return fits(found) ? [] : [`${where}: ${fits.name || 'a question about it'} says no to ${shown(found)}`]
  }
  if (Array.isArray(fragment)) {
    if (!Array.isArray(found)) return [`${where}: a list, not ${shown(found)}`]
    if (found.length !== fragment.length) return [`${where}: ${shown(fragment)}, not ${shown(found)}`]
    return fragment.flatMap((item, i) => compare(found[i], item, `${at}[${i}]`))
  }
  if (isObject(fragment)) {
    const members = Object.entries(fragment)
    // `{ 0: … }` names the first item of a list, and leaves the others open.
    const list = Array.isArray(found) && members.length > 0 ? Object.fromEntries(found.entries()) : null
    const holder: Record<string, unknown> | null = list ?? (isObject(found) ? found : null)
    if (!holder) return [`${where}: an object, not ${shown(found)}`]
    return members.flatMap(([key, value]) =>
      value === undefined && !(key in holder) ? [] : compare(holder[key], value, at === '' ? key : `${at}.${key}`),
    )
  }
  return isDeepStrictEqual(found, fragment) ? [] : [`${where}: ${shown(fragment)}, not ${shown(found)}`]
}

function compareHeader(answer: Answer, name: string, expected: string | RegExp | null): Difference[] {
  const value = answer.headers[name]
  const text = Array.isArray(value) ? value.join(', ') : value
  if (expected === null) return text === undefined ? [] : [`no header ${name}, not ${shown(text)}`]
  const fits = typeof expected === 'string' ? text === expected : text !== undefined && expected.test(text)
  return fits ? [] : [`header ${name}: ${shown(expected)}, not ${shown(text ?? null)}`]
}

/** Where an answer is not the expected one. */
export function compareAnswer(answer: Answer, expected: Expected): Difference[] {
  const { status, headers = {}, text, without, json, schema } = expected
  const statuses = typeof status === 'number' ? [status] : status
  const differences = statuses.includes(answer.status) ? [] : [`status ${statuses.join(' or ')}, not ${answer.status}`]
  for (const [name, value] of Object.entries(headers)) differences.push(...compareHeader(answer, name, value))
  if (typeof text === 'string' ? answer.text !== text : text && !text.test(answer.text))
    differences.push(`text ${shown(text)}, not ${shown(answer.text)}`)
  if (without?.test(answer.text)) differences.push(`text without ${shown(without)}, not ${shown(answer.text)}`)
  if (json !== undefined) differences.push(...compare(answer.json, json))
  const read = schema?.safeParse(answer.json)
  if (read && !read.success)
    differences.push(...read.error.issues.map((issue) => `body.${issue.path.join('.')}: ${issue.message}`))
  return differences
}

/** A collector for scripted exchanges, and what it collected. */
export function createCheck(): { check: Check; differences: Difference[] } {
  const differences: Difference[] = []
  const add = (what: string, found: readonly Difference[]) =>
    differences.push(...found.map((difference) => `${what}: ${difference}`))
  return {
    differences,
    check: {
      answer: (what, answer, expected) => void add(what, compareAnswer(answer, expected)),
      like: (what, found, fragment) => void add(what, compare(found, fragment, 'value')),
      same: (what, found, expected) =>
        void add(what, isDeepStrictEqual(found, expected) ? [] : [`${shown(expected)}, not ${shown(found)}`]),
    },
  }
}
