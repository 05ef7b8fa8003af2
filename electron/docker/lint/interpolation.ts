/** A `$` in a Compose file, as Compose reads it (compose-go `template/`). */
export interface Dollar {
  /** `escape` is `$$`; `invalid` is a `$` that begins no variable: version 2 leaves it, version 1 refuses the file. */
  kind: 'escape' | 'bare' | 'braced' | 'invalid'
  start: number
  end: number
  name: string
  operator: '' | ':-' | '-' | ':?' | '?' | ':+' | '+'
  /** The default, message or replacement behind the operator; it may hold further variables. */
  word: string
}

const isOperator = (text: string): text is Dollar['operator'] => [':-', '-', ':?', '?', ':+', '+', ''].includes(text)

const bracedPattern = /^(?<name>[A-Za-z_]\w*)(?<operator>:?[-?+])?(?<word>[\s\S]*)$/

/** Every `$` of a text, from left to right; what stands inside a default is not listed by itself. */
export function dollarsOf(text: string): Dollar[] {
  const found: Dollar[] = []
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', found.at(-1)?.end ?? at + 1)) {
    found.push(dollarAt(text, at))
  }
  return found
}

function dollarAt(text: string, start: number): Dollar {
  const none = { start, name: '', operator: '', word: '' } as const
  if (text[start + 1] === '$') return { ...none, kind: 'escape', end: start + 2 }
  const bare = /^[A-Za-z_]\w*/.exec(text.slice(start + 1))?.[0]
  if (bare !== undefined) return { ...none, kind: 'bare', end: start + 1 + bare.length, name: bare }
  const close = text[start + 1] === '{' ? closingBrace(text, start + 1) : -1
  const groups = close === -1 ? undefined : bracedPattern.exec(text.slice(start + 2, close))?.groups
  const { name, operator = '', word = '' } = groups ?? {}
  if (name === undefined || !isOperator(operator) || (operator === '' && word !== '')) {
    return { ...none, kind: 'invalid', end: start + 1 }
  }
  return { kind: 'braced', start, end: close + 1, name, operator, word }
}

function closingBrace(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{' && text[at - 1] === '$') depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
  return -1
}

/** Every variable of a text, those inside defaults too. */
export function variablesOf(text: string): Dollar[] {
  return dollarsOf(text).flatMap((dollar) =>
    dollar.kind === 'bare' || dollar.kind === 'braced' ? [dollar, ...variablesOf(dollar.word)] : [],
  )
}

export type Variables = ReadonlyMap<string, string>

/** The text as Compose delivers it; a variable that is not set is empty. */
export function interpolate(text: string, variables: Variables): string {
  let result = ''
  let at = 0
  for (const dollar of dollarsOf(text)) {
    result += text.slice(at, dollar.start) + valueOf(text, dollar, variables)
    at = dollar.end
  }
  return result + text.slice(at)
}

function valueOf(text: string, dollar: Dollar, variables: Variables): string {
  if (dollar.kind === 'escape') return '$'
  if (dollar.kind === 'invalid') return text.slice(dollar.start, dollar.end)
  const value = variables.get(dollar.name)
  const isSet = value !== undefined && !(dollar.operator.startsWith(':') && value === '')
  if (dollar.operator.endsWith('-')) return isSet ? value : interpolate(dollar.word, variables)
  if (dollar.operator.endsWith('+')) return isSet ? interpolate(dollar.word, variables) : ''
  return value ?? ''
}

/** The parts of a text between separators, none of which lies inside `${…}`. */
export function splitOutsideVariables(text: string, separator: string): string[] {
  const parts = ['']
  let at = 0
  const closed = dollarsOf(text).filter(({ kind }) => kind === 'braced')
  while (at < text.length) {
    const variable = closed.find(({ start }) => start === at)
    const piece = variable ? text.slice(variable.start, variable.end) : text.charAt(at)
    if (piece === separator) parts.push('')
    else parts.push((parts.pop() ?? '') + piece)
    at += piece.length
  }
  return parts
}
