import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { lineEndOf, lineStart, nextLineStart, type SourceText, type TextEdit } from './text'

/** One Compose file, with its text. Offsets of nodes are offsets of `source.text`. */
export interface YamlFile {
  source: SourceText
  document: Document
  /** The top of the file; null when it is empty, broken, or no mapping. */
  root: YAMLMap | null
  errors: { offset: number; detail: string }[]
  /** Folder against which its relative paths are resolved. */
  baseFolder: string
}

/** What was quoted from the file may be a secret. */
const withoutQuotations = (message: string) =>
  message
    .replaceAll(/"[^"]*"|'[^']*'|: [^:]*$/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()

export function parseYaml(source: SourceText, baseFolder: string): YamlFile {
  const parsed = parseAllDocuments(source.text, { merge: true, prettyErrors: false, keepSourceTokens: true })
  const documents = Array.isArray(parsed) ? parsed : []
  const document = documents[0] ?? parseAllDocuments('{}')[0]
  if (!document) throw new Error('an empty mapping has no document')
  const errors = documents.flatMap((one) =>
    one.errors.map(({ pos, message }) => ({ offset: pos[0], detail: withoutQuotations(message) })),
  )
  const root = isMap(document.contents) && errors.length === 0 ? document.contents : null
  return { source, document, root, errors, baseFolder }
}

export interface Entry {
  key: string
  keyNode: Scalar
  /** Null for a key without a value. */
  value: Node | null
}

const resolved = (file: YamlFile, node: unknown): Node | null => {
  if (isAlias(node)) return node.resolve(file.document) ?? null
  return isMap(node) || isSeq(node) || isScalar(node) ? node : null
}

/** The keys of a mapping, those merged in by `<<` behind its own. Empty for anything else. */
export function entriesOf(file: YamlFile, node: Node | null): Entry[] {
  if (!isMap(node)) return []
  const own: Entry[] = []
  const merged: Entry[] = []
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue
    if (key.source === '<<') {
      const from = resolved(file, value)
      const sources = isSeq(from) ? from.items.map((item) => resolved(file, item)) : [from]
      merged.push(...sources.flatMap((source) => entriesOf(file, source)))
    } else own.push({ key: String(key.value), keyNode: key, value: resolved(file, value) })
  }
  return [...own, ...merged.filter(({ key }) => !own.some((entry) => entry.key === key))]
}

export const entryOf = (file: YamlFile, node: Node | null, key: string): Entry | null =>
  entriesOf(file, node).find((entry) => entry.key === key) ?? null

export const valueOf = (file: YamlFile, node: Node | null, ...keys: string[]): Node | null =>
  keys.reduce<Node | null>((at, key) => entryOf(file, at, key)?.value ?? null, node)

/** The items of a sequence; empty for anything else. */
export const itemsOf = (file: YamlFile, node: Node | null): Node[] =>
  isSeq(node) ? node.items.map((item) => resolved(file, item)).filter((item) => item !== null) : []

/** A scalar as Compose reads it; null for anything else, and for nothing. */
export function textOf(node: Node | null): string | null {
  if (!isScalar(node) || node.value === null || node.value === undefined) return null
  const { value, source } = node
  if (typeof value === 'string') return value
  const isPlain = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
  return source ?? (isPlain ? String(value) : null)
}

/** Every scalar below a node that is a value and not a key. Aliases are not followed: their source is elsewhere. */
export function scalarsIn(node: unknown): Scalar[] {
  if (isScalar(node)) return [node]
  if (isMap(node)) return node.items.flatMap(({ value }) => scalarsIn(value))
  if (isSeq(node)) return node.items.flatMap((item) => scalarsIn(item))
  return []
}

export const rangeOf = (node: Node): { start: number; end: number } => ({
  start: node.range?.[0] ?? 0,
  end: node.range?.[1] ?? 0,
})

/** Where the characters of a scalar lie in the file, inside its quotes; null for block scalars. */
export function contentOf(file: YamlFile, node: Scalar): { start: number; end: number; text: string } | null {
  const { start, end } = rangeOf(node)
  switch (node.type) {
    case 'PLAIN':
      return { start, end, text: file.source.text.slice(start, end) }
    case 'QUOTE_SINGLE':
    case 'QUOTE_DOUBLE':
      return { start: start + 1, end: end - 1, text: file.source.text.slice(start + 1, end - 1) }
    default:
      return null
  }
}

/** Where a scalar's own characters lie, if they stand there as they are read: no escapes, no folding. */
export function plainContentOf(file: YamlFile, node: Scalar) {
  const content = contentOf(file, node)
  return content !== null && content.text === textOf(node) ? content : null
}

/** The last character that belongs to a node, for what is written behind it. */
function endOf(node: unknown): number {
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last = node.items.at(-1)
    if (isMap(node)) {
      const pair = node.items.at(-1)
      if (pair) return Math.max(endOf(pair.key), endOf(pair.value))
    } else if (last !== undefined) return endOf(last)
  }
  if (isMap(node) || isSeq(node) || isScalar(node) || isAlias(node)) return node.range?.[1] ?? 0
  return 0
}

/** The blanks before a mapping's keys; null where it is written in braces or with tabs. */
function indentOf(file: YamlFile, map: YAMLMap): string | null {
  const first = map.items[0]?.key
  if (map.flow === true || !isScalar(first)) return null
  const { start } = rangeOf(first)
  const before = file.source.text.slice(lineStart(file.source.text, start), start)
  return /^\uFEFF?[ -]*$/.test(before) ? ' '.repeat(before.replace('\uFEFF', '').length) : null
}

/** New lines behind the last key of a mapping, in its own indentation. Null where it is not written in lines. */
export function insertInto(file: YamlFile, map: YAMLMap, lines: readonly string[]): TextEdit | null {
  const indent = indentOf(file, map)
  if (indent === null) return null
  return insertLines(
    file,
    endOf(map),
    lines.map((line) => indent + line),
  )
}

/** New lines below the line in which an offset lies. */
function insertLines(file: YamlFile, offset: number, lines: readonly string[]): TextEdit {
  const { text } = file.source
  const lineEnd = lineEndOf(text)
  const at = text[offset - 1] === '\n' ? offset : nextLineStart(text, offset)
  const isClosed = at === 0 || text[at - 1] === '\n'
  const block = lines.map((line) => line + lineEnd).join('')
  return { start: at, end: at, text: isClosed ? block : lineEnd + block.slice(0, -lineEnd.length) }
}

/** New items behind the last of a sequence that is written in lines. */
export function appendItem(file: YamlFile, node: Node, item: string): TextEdit | null {
  if (!isSeq(node) || node.flow === true || node.items.length === 0) return null
  const { text } = file.source
  const first = resolved(file, node.items[0])
  if (!first) return null
  const { start } = rangeOf(first)
  const indent = /^ *(?=- )/.exec(text.slice(lineStart(text, start), start))?.[0]
  return indent === undefined ? null : insertLines(file, endOf(node), [`${indent}- ${item}`])
}

/** Takes a key with its value away, line and all. Null where something else stands in its lines. */
export function removeEntry(file: YamlFile, entry: Entry): TextEdit | null {
  const { text } = file.source
  const { start } = rangeOf(entry.keyNode)
  const from = lineStart(text, start)
  if (!/^\uFEFF?[ ]*$/.test(text.slice(from, start))) return null
  const end = Math.max(rangeOf(entry.keyNode).end, endOf(entry.value))
  const to = text[end - 1] === '\n' ? end : nextLineStart(text, end)
  if (!/^[ \t]*(?:#.*)?\r?\n?$/.test(text.slice(end, to)) && entry.value !== null) return null
  return { start: text.startsWith('\uFEFF') && from === 0 ? 1 : from, end: to, text: '' }
}

export const replaceNode = (node: Node, text: string): TextEdit => ({ ...rangeOf(node), text })
