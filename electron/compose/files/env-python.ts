import { bom, matchAt, pythonBlank, pythonBlankInLine, trimEndOf } from './env-text'

// `.env` as Compose 1.29 reads it (python-dotenv 0.21, `parser.py` and `variables.py`), on "binary" strings. It refuses
// no file: a line that it cannot read is passed over, with a word on its standard error.

/** An assignment: where its key begins, and its value before variables are filled in; null for a key alone. */
export interface PythonBinding {
  keyStart: number
  key: string
  value: string | null
}

const inLine = pythonBlankInLine
const patterns = {
  blanks: new RegExp(`${pythonBlank}*`, 'y'),
  blanksInLine: new RegExp(`${inLine}*`, 'y'),
  export: new RegExp(`(?:export${inLine}+)?`, 'y'),
  quotedKey: /'([^']+)'/y,
  key: new RegExp(`(?:(?!${pythonBlank})[^=#])+`, 'y'),
  equal: new RegExp(`=${inLine}*`, 'y'),
  single: /'((?:\\'|[^'])*)'/y,
  double: /"((?:\\"|[^"])*)"/y,
  rest: /[^\r\n]*/y,
  comment: new RegExp(`(?:${inLine}*#[^\\r\\n]*)?`, 'y'),
  end: new RegExp(`${inLine}*(?:\\r\\n|\\n|\\r|$)`, 'y'),
}

export function readPython(text: string): PythonBinding[] {
  const bindings: PythonBinding[] = []
  let at = text.startsWith(bom) ? bom.length : 0
  while (at < text.length) {
    const { binding, end } = bindingAt(text, at)
    if (binding) bindings.push(binding)
    at = end
  }
  return bindings
}

function bindingAt(text: string, start: number): { binding: PythonBinding | null; end: number } {
  let at = start
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = matchAt(pattern, text, at)
    at += found?.[0].length ?? 0
    return found
  }
  const passOver = () => {
    take(patterns.rest)
    return {
      binding: null,
      end: at + (/\r\n|\n|\r/y.exec(text.slice(at, at + 2))?.[0].length ?? 0),
    }
  }
  take(patterns.blanks)
  if (at >= text.length) return { binding: null, end: at }
  take(patterns.export)
  const keyStart = at
  let key: string | null = null
  if (text[at] !== '#') {
    const found = take(text[at] === "'" ? patterns.quotedKey : patterns.key)
    if (!found) return passOver()
    key = found[1] ?? found[0]
  }
  take(patterns.blanksInLine)
  let value: string | null = null
  if (text[at] === '=') {
    take(patterns.equal)
    const mark = text[at]
    if (mark === "'" || mark === '"') {
      const quoted = take(mark === "'" ? patterns.single : patterns.double)
      if (!quoted) return passOver()
      value = decoded(quoted[1] ?? '', mark)
    } else value = withoutComment(take(patterns.rest)?.[0] ?? '')
  }
  take(patterns.comment)
  if (!take(patterns.end)) return passOver()
  return { binding: key === null ? null : { keyStart, key, value }, end: at }
}

const comment = new RegExp(`${pythonBlank}#`)

function withoutComment(text: string): string {
  const at = comment.exec(text)?.index
  return trimEndOf(at === undefined ? text : text.slice(0, at), pythonBlank)
}

const letters: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  f: '\f',
  v: '\v',
  b: '\b',
  a: '\u0007',
}

/** Line ends inside quotes are read as `\n`, however they are written. */
const decoded = (text: string, mark: string) =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(mark === "'" ? /\\([\\'])/g : /\\([\\'"abfnrtv])/g, (_, letter: string) => letters[letter] ?? letter)

/** `${NAME}` and `${NAME:-default}` alone; the file's own lines win over the environment. */
export const fillPython = (value: string, variables: ReadonlyMap<string, string | null>): string =>
  value.replaceAll(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_, name: string, word?: string) =>
    variables.has(name) ? (variables.get(name) ?? '') : (word ?? ''),
  )
