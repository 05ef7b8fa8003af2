import { Problem } from '../../../../shared/problems'
import { refuseMore } from './limits'

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const opens = new Set([0x5b, 0x7b])
const closes = new Set([0x5d, 0x7d])
/** The numbers that Python writes and JSON does not know, by their first letter. */
const unknownNumbers = new Map([
  [0x4e, 'NaN'],
  [0x49, 'Infinity'],
])

/** The place after a text that begins at `at`. */
function afterText(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code === backslash) i += 1
    else if (code === quote) return i + 1
  }
  return text.length
}

/**
 * Looks through a text once: how deep it goes, how many values stand in it, and where numbers do that JSON does not know.
 */
function look(text: string): { depth: number; values: number; unknown: { at: number; length: number }[] } {
  const unknown: { at: number; length: number }[] = []
  let [depth, deepest, values] = [0, 0, 1]
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = afterText(text, at)
      continue
    }
    if (opens.has(code)) depth += 1
    if (opens.has(code) || code === comma) values += 1
    if (closes.has(code)) depth -= 1
    deepest = Math.max(deepest, depth)
    const word = unknownNumbers.get(code)
    if (word !== undefined && text.startsWith(word, at)) {
      const signs = text[at - 1] === '-' ? 1 : 0
      unknown.push({ at: at - signs, length: word.length + signs })
      at += word.length
    } else at += 1
  }
  return { depth: deepest, values, unknown }
}

/**
 * JSON as ComfyUI writes it: Python's NaN and Infinity are null. Throws `workflow-file.not-one` for what is no JSON,
 * `workflow-file.too-deep` for what is nested so deeply that looking through it would end the program, and
 * `workflow-file.too-many-values` for what would fill the memory and hold up everything else.
 */
export function readJson(name: string, text: string): unknown {
  const { depth, values, unknown } = look(text)
  refuseMore(name, 'depth', depth)
  refuseMore(name, 'values', values)
  const parts: string[] = []
  let from = 0
  for (const { at, length } of unknown) {
    parts.push(text.slice(from, at), 'null')
    from = at + length
  }
  parts.push(text.slice(from))
  try {
    return JSON.parse(parts.join(''))
  } catch (error) {
    throw new Problem('workflow-file.not-one', { name }, { cause: error })
  }
}

/** An object of JSON; names in it come from files: read them by `Object.hasOwn` or as entries. */
export type JsonObject = Record<string, unknown>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Lists that are none are empty. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** An own property; what an object inherits is none. */
export const own = (object: JsonObject, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined

/** The name of a node or of a subgraph, which files write as a number or as a text; null for anything else. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isInteger(value)) return String(value)
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : null
}

/** A text of a file that is shown, cut to a line's length; null where there is none. */
export const lineOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : null
