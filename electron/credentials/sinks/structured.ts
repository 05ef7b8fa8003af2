import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Scalar } from 'yaml'
import { Problem } from '../../../shared/problems'

// One value in a JSON, YAML or INI file, read and replaced in place: every other byte stays. Texts are "binary"
// strings (one character a byte), so that offsets are those of the file.

/** Splits a JSON pointer (RFC 6901), e.g. `/services/comfyui/environment/TOKEN`. */
const partsOf = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

interface Found {
  scalar: Scalar
  start: number
  end: number
  document: Document
}

/**
 * The scalar at a pointer. JSON is read as YAML, of which it is a part (YAML 1.2, §1.3), because that gives offsets.
 * Throws `sink.not-parsed` with the line, or `sink.no-pointer` where there is no single value.
 */
function find(path: string, text: string, pointer: string): Found | null {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, keepSourceTokens: true })
  const [error] = document.errors
  if (error) throw new Problem('sink.not-parsed', { path, line: lines.linePos(error.pos[0]).line })
  let node: unknown = document.contents
  for (const part of partsOf(pointer)) {
    if (isMap(node)) node = node.get(part, true)
    else if (isSeq(node) && /^\d+$/.test(part)) node = node.get(Number(part), true)
    else return null
  }
  if (node === undefined) return null
  if (!isScalar(node) || !node.range) throw new Problem('sink.no-pointer', { path, key: pointer })
  const [start, end] = node.range
  return { scalar: node, start, end, document }
}

/** Compose interpolates `$` in its files, where `$$` stands for one. A file with `services` is taken for one of its. */
const isCompose = ({ document }: Found) => isMap(document.contents) && document.contents.has('services')

/** The value at a JSON pointer of a JSON or YAML file; null where there is none. */
export function readPointer(type: 'json' | 'yaml', path: string, text: string, pointer: string): string | null {
  const found = find(path, text, pointer)
  if (!found) return null
  const { value } = found.scalar
  if (typeof value !== 'string') return found.scalar.source ?? ''
  return type === 'yaml' && isCompose(found) ? value.replaceAll('$$', '$') : value
}

/** Replaces the value at a pointer, as a quoted string. Throws `sink.no-pointer` where there is none to replace. */
export function setPointer(
  type: 'json' | 'yaml',
  place: { path: string; text: string; pointer: string },
  value: string,
): string {
  const { path, text, pointer } = place
  const found = find(path, text, pointer)
  if (!found) throw new Problem('sink.no-pointer', { path, key: pointer })
  const escaped = type === 'yaml' && isCompose(found) ? value.replaceAll('$', '$$$$') : value
  const written = type === 'json' ? JSON.stringify(value) : `'${escaped.replaceAll("'", "''")}'`
  return text.slice(0, found.start) + written + text.slice(found.end)
}

/** `section.key`, or `key` before the first section. A key may itself hold dots where its section does not. */
function splitIniKey(key: string): { section: string | null; name: string } {
  const dot = key.indexOf('.')
  return dot === -1 ? { section: null, name: key } : { section: key.slice(0, dot), name: key.slice(dot + 1) }
}

interface IniLine {
  start: number
  end: number
  section: string | null
  /** Of an assignment: its name, and where its value stands. */
  name: string | null
  valueStart: number
  valueEnd: number
}

export function* iniLines(text: string): Generator<IniLine> {
  let section: string | null = null
  for (const match of text.matchAll(/[^\n]*(?:\n|$)/g)) {
    const line = match[0].replace(/\r?\n$/, '')
    const start = match.index
    const end = start + match[0].length
    const header = /^\s*\[([^\]]*)\]/.exec(line)
    if (header) section = header[1]?.trim() ?? ''
    const pair = header ? null : /^(\s*([^\s=:#;[][^=:]*?)\s*[=:][ \t]*)(.*?)[ \t]*$/.exec(line)
    const valueStart = start + (pair?.[1]?.length ?? 0)
    yield { start, end, section, name: pair?.[2] ?? null, valueStart, valueEnd: valueStart + (pair?.[3]?.length ?? 0) }
    if (end === text.length) return
  }
}

/** The value of a key of an INI or .conf file, without quotes around it; null where there is none. The last wins. */
export function readIni(text: string, key: string): string | null {
  const { section, name } = splitIniKey(key)
  let value: string | null = null
  for (const line of iniLines(text))
    if (line.section === section && line.name === name) value = text.slice(line.valueStart, line.valueEnd)
  return value?.replace(/^(["'])(.*)\1$/, '$2') ?? null
}

/** Characters that some reader of such files takes for something else: comments, quotes, Python's interpolation. */
export const canStandInIni = (value: string): boolean => value === value.trim() && !/[#;%"'\\\p{Cc}]/u.test(value)

/** Sets a key wherever it stands; an absent one is added at the end of its section, which is made where needed. */
export function setIni(text: string, key: string, value: string): string {
  const { section, name } = splitIniKey(key)
  const lines = [...iniLines(text)]
  const places = lines.filter((line) => line.section === section && line.name === name)
  if (places.length > 0)
    return places.reduceRight((done, at) => done.slice(0, at.valueStart) + value + done.slice(at.valueEnd), text)
  const own = lines.findLast((line) => line.section === section && text.slice(line.start, line.end).trim() !== '')
  const added = `${name} = ${value}\n`
  if (own) {
    const gap = text.slice(own.start, own.end).endsWith('\n') ? '' : '\n'
    return text.slice(0, own.end) + gap + added + text.slice(own.end)
  }
  if (section === null) return added + text
  const gap = text === '' || text.endsWith('\n') ? '' : '\n'
  return `${text}${gap}[${section}]\n${added}`
}
