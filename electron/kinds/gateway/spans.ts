import { endOfString, parseJson } from '../json'

/**
 * JSON that is cut and joined as text: a seed above 2^53 would not survive being read and written again, and Python writes
 * `NaN`, which is no JSON.
 */

/** A member of an object, with the text of its value. */
export interface Member {
  key: string
  value: string
}

const structure = /["{}[\]]/g
const scalar = /[^\s,\]}]+/y
const blank = /\s*/y

function afterBlank(text: string, at: number): number {
  blank.lastIndex = at
  blank.test(text)
  return blank.lastIndex
}

/** The index behind the value at `at`; `at` itself where there is none that ends. */
function endOfValue(text: string, at: number): number {
  const first = text[at]
  if (first === '"') return endOfString(text, at)
  if (first !== '{' && first !== '[') {
    scalar.lastIndex = at
    return scalar.test(text) ? scalar.lastIndex : at
  }
  let depth = 0
  structure.lastIndex = at
  for (let mark = structure.exec(text); mark !== null; mark = structure.exec(text)) {
    if (mark[0] === '"') structure.lastIndex = endOfString(text, mark.index)
    else depth += mark[0] === '{' || mark[0] === '[' ? 1 : -1
    if (depth === 0) return mark.index + 1
  }
  return at
}

/** What stands between two brackets; null where the text is nothing of the kind. */
function partsOf(text: string, open: '{' | '[', close: '}' | ']'): Member[] | null {
  const found: Member[] = []
  let at = afterBlank(text, 0)
  if (text[at] !== open) return null
  at = afterBlank(text, at + 1)
  if (text[at] === close) return afterBlank(text, at + 1) === text.length ? found : null
  for (;;) {
    let key = ''
    if (open === '{') {
      const end = text[at] === '"' ? endOfString(text, at) : at
      const read = parseJson(text.slice(at, end))
      if (typeof read !== 'string') return null
      key = read
      at = afterBlank(text, end)
      if (text[at] !== ':') return null
      at = afterBlank(text, at + 1)
    }
    const end = endOfValue(text, at)
    if (end === at) return null
    found.push({ key, value: text.slice(at, end) })
    at = afterBlank(text, end)
    if (text[at] === close) return afterBlank(text, at + 1) === text.length ? found : null
    if (text[at] !== ',') return null
    at = afterBlank(text, at + 1)
  }
}

/** The members of an object, in order, a repeated key as often as it stands there; null where the text is no object. */
export const membersOf = (text: string): Member[] | null => partsOf(text, '{', '}')

/** The elements of an array; null where the text is none. */
export const elementsOf = (text: string): string[] | null => partsOf(text, '[', ']')?.map(({ value }) => value) ?? null

/** The value of a member, the last one where it is repeated, as Python takes it; null where there is none. */
export const memberOf = (members: readonly Member[], key: string): string | null =>
  members.findLast((member) => member.key === key)?.value ?? null

export const objectOf = (members: readonly Member[]): string =>
  `{${members.map(({ key, value }) => `${JSON.stringify(key)}: ${value}`).join(', ')}}`

export const arrayOf = (elements: readonly string[]): string => `[${elements.join(', ')}]`

/** The text of a value that is a string; null where it is none. */
export function stringOf(value: string | null | undefined): string | null {
  const read = value?.startsWith('"') === true ? parseJson(value) : null
  return typeof read === 'string' ? read : null
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of a body in UTF-8; null where it is none. */
export function textOf(body: Uint8Array): string | null {
  try {
    return utf8.decode(body)
  } catch {
    return null
  }
}
