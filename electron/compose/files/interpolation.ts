// `$` in the values of Compose files and of `.env`, as Compose 2 reads it (compose-go, `template/`). Compose 1.29 reads
// YAML almost alike: it knows no `+`, does not look into defaults, and refuses a `$` that begins no variable.

import { matchAt } from './env-text'

/** A `$` in a text. */
export interface Dollar {
  /**
   * `escape` is `$$`. `stray` begins no variable: Compose 2 leaves it as it is, Compose 1 refuses the file. `refused` is
   * a `${` that no variable follows, or that is not closed in its line: both refuse the file.
   */
  kind: 'escape' | 'bare' | 'braced' | 'stray' | 'refused'
  start: number
  end: number
  name: string
  operator: '' | ':-' | '-' | ':?' | '?' | ':+' | '+'
  /** The default, message or replacement behind the operator; it may hold further variables. */
  word: string
}

export type Variables = ReadonlyMap<string, string>
export type Lookup = Pick<Variables, 'get'>

/** So deep may defaults stand in one another; deeper ones are not looked into. */
const deepest = 40

const bareName = /[A-Za-z_]\w*/y
const bracedHead = /\{(?<name>[A-Za-z_]\w*)(?:(?<operator>:?[-?+])|\})/y

const isOperator = (text: string): text is Dollar['operator'] => [':-', '-', ':?', '?', ':+', '+', ''].includes(text)

/** Every `$` of a text, from left to right; what stands inside a default is not listed by itself. */
export function dollarsOf(text: string): Dollar[] {
  const found: Dollar[] = []
  const lastBraceOf = lastBraces(text)
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', found.at(-1)?.end ?? at + 1)) {
    found.push(dollarAt(text, at, lastBraceOf))
  }
  return found
}

/** The last `}` of the line in which an offset lies, or -1; each line is looked through once. */
function lastBraces(text: string): (offset: number) => number {
  let lineEnd = -1
  let brace = -1
  return (offset) => {
    if (offset > lineEnd) {
      const next = text.indexOf('\n', offset)
      lineEnd = next === -1 ? text.length : next
      brace = text.slice(offset, lineEnd).lastIndexOf('}')
      if (brace !== -1) brace += offset
    }
    return brace >= offset ? brace : -1
  }
}

function dollarAt(text: string, start: number, lastBraceOf: (offset: number) => number): Dollar {
  const none = { start, name: '', operator: '', word: '' } as const
  if (text[start + 1] === '$') return { ...none, kind: 'escape', end: start + 2 }
  const bare = matchAt(bareName, text, start + 1)?.[0]
  if (bare !== undefined) return { ...none, kind: 'bare', end: start + 1 + bare.length, name: bare }
  if (text[start + 1] !== '{') return { ...none, kind: 'stray', end: start + 1 }

  const refused: Dollar = { ...none, kind: 'refused', end: start + 2 }
  const head = matchAt(bracedHead, text, start + 1)
  if (!head) return refused
  const { name = '', operator } = head.groups ?? {}
  const headEnd = start + 1 + head[0].length
  if (operator === undefined) return { ...none, kind: 'braced', end: headEnd, name }
  const last = lastBraceOf(headEnd)
  if (last === -1 || !isOperator(operator)) return refused
  const close = closingBrace(text, start, last)
  return {
    kind: 'braced',
    start,
    end: close + 1,
    name,
    operator,
    word: text.slice(headEnd, close),
  }
}

/**
 * As Compose counts: every `{` opens, not only one behind `$`, and the character behind it is not looked at. Where that
 * never comes out even, the variable reaches to the line's last `}`.
 */
function closingBrace(text: string, start: number, last: number): number {
  let depth = 0
  for (let at = start; at <= last; at++) {
    if (text[at] === '}') {
      depth--
      if (depth === 0) return at
    } else if (text[at] === '{') {
      depth++
      at++
    }
  }
  return last
}

/** The one variable of which a text consists, with nothing before or behind it. */
export function wholeVariable(text: string): Dollar | null {
  const [only] = dollarsOf(text)
  const isVariable = only?.kind === 'braced' || only?.kind === 'bare'
  return isVariable && only.start === 0 && only.end === text.length ? only : null
}

/** Every variable of a text, those inside defaults too. */
export function variablesOf(text: string, depth = 0): Dollar[] {
  if (depth > deepest) return []
  return dollarsOf(text).flatMap((dollar) =>
    dollar.kind === 'bare' || dollar.kind === 'braced' ? [dollar, ...variablesOf(dollar.word, depth + 1)] : [],
  )
}

/** Why Compose 2 refuses a text; it names no part of it. */
export type Refusal = { kind: 'template' } | { kind: 'required'; name: string }

/**
 * The text as Compose 2 delivers it, and the first reason for which it refuses it instead (then the text is a guess,
 * with what is refused left as it is). A variable that is not set is empty.
 */
export function substitute(text: string, variables: Lookup): { text: string; refusal: Refusal | null } {
  const refusals: Refusal[] = []
  const result = expand(text, variables, refusals, 0)
  return { text: result, refusal: refusals[0] ?? null }
}

/** The text as Compose 2 delivers it; a variable that is not set is empty, and what is refused stays as it is. */
export const interpolate = (text: string, variables: Lookup): string => substitute(text, variables).text

function expand(text: string, variables: Lookup, refusals: Refusal[], depth: number): string {
  if (depth > deepest) return text
  let result = ''
  let at = 0
  for (const dollar of dollarsOf(text)) {
    result += text.slice(at, dollar.start) + valueOf(text, dollar, { variables, refusals, depth })
    at = dollar.end
  }
  return result + text.slice(at)
}

interface Expansion {
  variables: Lookup
  refusals: Refusal[]
  depth: number
}

function valueOf(text: string, dollar: Dollar, { variables, refusals, depth }: Expansion): string {
  const { kind, name, operator, word } = dollar
  if (kind === 'escape') return '$'
  if (kind === 'refused') refusals.push({ kind: 'template' })
  if (kind === 'refused' || kind === 'stray') return text.slice(dollar.start, dollar.end)
  const value = variables.get(name)
  const isSet = value !== undefined && !(operator.startsWith(':') && value === '')
  const inside = () => expand(word, variables, refusals, depth + 1)
  if (operator.endsWith('-')) return isSet ? value : inside()
  if (operator.endsWith('+')) return isSet ? inside() : ''
  if (operator.endsWith('?')) {
    // The message is filled in whether it is needed or not (2.40 and older), and refused for itself where it cannot be.
    inside()
    if (!isSet) refusals.push({ kind: 'required', name })
  }
  return value ?? ''
}

/** The parts of a text between separators, none of which lies inside `${…}`. */
export function splitOutsideVariables(text: string, separator: string): string[] {
  const parts: string[] = []
  let part = ''
  let at = 0
  const closed = dollarsOf(text).filter(({ kind }) => kind === 'braced')
  for (const { start, end } of [...closed, { start: text.length, end: text.length }]) {
    const pieces = text.slice(at, start).split(separator)
    for (const piece of pieces.slice(0, -1)) {
      parts.push(part + piece)
      part = ''
    }
    part += (pieces.at(-1) ?? '') + text.slice(start, end)
    at = end
  }
  return [...parts, part]
}
