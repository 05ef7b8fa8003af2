import { isMap, isScalar, isSeq } from 'yaml'
import { readEnvFile } from '../files/dotenv'
import { dots, isCredentialFlag, looksLikeHash, maskRanges, maskShapes, namesSecret } from '../files/secrets'
import { bytesOf, type SourceText } from './text'
import { contentOf, parseYaml, rangeOf, textOf, type YamlFile } from './yaml'

/** How the text of a file is to be read for its secrets. */
export type FileRole = 'yaml' | 'env' | 'script' | 'secret'

interface Range {
  start: number
  end: number
}

/** The lines of a file as anybody may see them, each under its own number. `redact` takes out what the vault knows. */
export function maskedLines(source: SourceText, role: FileRole, redact: (text: string) => string): string[] {
  const { text, encoding } = source
  const masked = maskShapes(redactKnown(maskRanges(text, secretRanges(source, role)), redact))
  return decodeMasked(masked, encoding)
    .split('\n')
    .map((line) => (role === 'yaml' || role === 'env' ? maskAssignment(line) : line))
}

/** Text that was edited as bytes, for people. Dots are not of its encoding: they are kept as they are. */
function decodeMasked(text: string, encoding: SourceText['encoding']): string {
  if (encoding === 'utf8') return text
  return text
    .split(dots)
    .map((part) => bytesOf({ text: part, encoding }).toString('utf8'))
    .join(dots)
}

/** No character of a file that people write. */
const stand = '\uE000'

/**
 * What the vault knows. Whatever follows `token=` is a secret in a log; here it may be a variable, or hidden already,
 * and the reader must see which.
 */
const redactKnown = (text: string, redact: (text: string) => string) =>
  redact(text.replaceAll(/(?<=token)=/gi, stand)).replaceAll(stand, '=')

function secretRanges(source: SourceText, role: FileRole): Range[] {
  switch (role) {
    case 'yaml':
      return yamlRanges(parseYaml(source, ''))
    case 'env':
      return envRanges(source.text)
    case 'secret':
      return [{ start: 0, end: source.text.length }]
    case 'script':
      return []
  }
}

function envRanges(text: string): Range[] {
  const { entries, refusals } = readEnvFile(text)
  const secrets = entries.flatMap(({ key, raw, quote, valueEnd }) => {
    if (raw === null || !(namesSecret(key) || looksLikeHash(raw.replaceAll(/\\?\$+/g, '$')))) return []
    const end = quote === 'none' ? valueEnd : valueEnd - 1
    return [{ start: end - raw.length, end }]
  })
  // What Compose could not read may be a secret under any name, or without one; an open quote reaches into more lines.
  const unread = refusals.map(({ offset, key, kind }) => {
    const next = text.indexOf('\n', offset)
    const line = next === -1 ? text.length : next
    const following = kind === 'quote' ? entries.find(({ keyEnd }) => keyEnd > line) : undefined
    const quoted = following ? text.lastIndexOf('\n', following.keyEnd) : text.length
    const value = key === null ? 0 : text.slice(offset, line).search(/[=:]/) + 1
    return { start: offset + value, end: kind === 'quote' ? quoted : line }
  })
  return [...unread, ...secrets]
}

/** Values under a secret's name, in mappings and in lists of `NAME=value`. */
function yamlRanges(file: YamlFile): Range[] {
  const found: Range[] = []
  const visit = (node: unknown, key: string) => {
    if (isMap(node)) for (const pair of node.items) visit(pair.value, isScalar(pair.key) ? String(pair.key.value) : key)
    else if (isSeq(node)) {
      node.items.forEach((item, at) => {
        const before = node.items[at - 1]
        visit(item, isScalar(before) && isCredentialFlag(textOf(before) ?? '') ? 'password' : key)
      })
    } else if (isScalar(node)) {
      const content = contentOf(file, node) ?? { ...rangeOf(node), text: '' }
      const assigned = /^([A-Za-z_][\w.-]*)=/.exec(textOf(node) ?? '')
      if (namesSecret(key)) found.push({ start: content.start, end: content.end })
      else if (assigned && namesSecret(assigned[1] ?? ''))
        found.push({ start: content.start + assigned[0].length, end: content.end })
    }
  }
  visit(file.document.contents, '')
  return found
}

const assignment = /^(\s*(?:-\s+)?(?:export\s+)?["']?)([\w.-]+)(["']?\s*[:=]\s*)(\S.*)$/

/** Where a file is too broken to be parsed, each line is looked at by itself. */
function maskAssignment(line: string): string {
  const [, before = '', name = '', between = '', value = ''] = assignment.exec(line) ?? []
  if (!namesSecret(name) || value.includes('•') || /^["']?\s*["']?\r?$/.test(value) || isVariable(value)) return line
  return `${before}${name}${between}•••`
}

const isVariable = (value: string) => /^["']?\$\{?[A-Za-z_]\w*(?::?\?[^}]*|:?-)?\}?["']?\s*(?:#.*)?$/.test(value)
