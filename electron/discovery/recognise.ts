import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { keyIssue } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import { holdsArguments } from '../compose/files/arguments'
import { variablesOf, wholeVariable } from '../compose/files/interpolation'
import { looksLikeHash, namesSecret } from '../compose/files/secrets'
import { meantBy, readEnvEntries, UnterminatedQuote } from '../compose/files/dotenv'
import { bom, lineAt, utf8Of } from '../compose/files/env-text'
import { readSessionKey } from '../credentials/sinks/session-key'
import { iniLines } from '../credentials/sinks/structured'
import type { FileKind } from './file-kinds'
import { blankFound, ownPair, shortestTelling, type Found, type ReadFile } from './model'
import { inArguments, inScript, inServices } from './arguments'
import { loginsIn } from './logins'
import { batchVariables, shellVariables } from './scripts'
import { instanceOfPath, isPlaceholder, isSwitch, meaningOf, meaningOfPath } from './names'
import { hashKind, ownMeaning, type Meaning } from './own'

// Pure: the bytes of a file in, what stands in it out. Texts are "binary" strings, one character a byte.

/** Longer values are certificates, prompts and the like. */
const longestValue = 1024

export interface Recognised {
  found: Found[]
  /** Why a file could not be read as what it is. */
  remarks: Reason[]
}

/** Every value of a file that is, or may turn out to be, a secret. */
export function recognise(file: ReadFile & { kind: FileKind }): Recognised {
  const text = file.bytes.toString('latin1')
  if (text.includes('\0')) return { found: [], remarks: [] }
  switch (file.kind) {
    case 'env':
      return inEnv(file, text)
    case 'batch':
      return { found: inScript(file, batchVariables(utf8Of(text))), remarks: [] }
    case 'shell':
      return { found: inScript(file, shellVariables(utf8Of(text))), remarks: [] }
    case 'login':
      return { found: inLogin(file, text), remarks: [] }
    case 'session-key':
      return { found: [inSessionKey(file, text)], remarks: [] }
    case 'secret':
      return { found: inSecretFile(file, text), remarks: [] }
    case 'json':
      return { found: inJson(file, text), remarks: [] }
    case 'yaml':
      return { found: inYaml(file, text), remarks: [] }
    case 'ini':
      return { found: /^\s*\{/.test(text.replace(bom, '')) ? inJson(file, text) : inIni(file, text), remarks: [] }
  }
}

/** A bcrypt hash is ComfyUI-Login's whatever its name; a path tells the instance where the name does not. */
function withPlace(meaning: Meaning | null, value: string, shown: string): Meaning | null {
  const said = looksLikeHash(value) && meaning?.scheme !== 'comfyui-login' ? ownMeaning(hashKind, 'token') : meaning
  return said && { ...said, instance: said.instance ?? (said.scope === 'instance' ? instanceOfPath(shown) : null) }
}

const bomReason = (file: ReadFile, text: string) =>
  text.startsWith(bom) ? [reason('sink.bom', { path: file.path })] : []

function inEnv(file: ReadFile, text: string): Recognised {
  let entries: ReturnType<typeof readEnvEntries>
  try {
    entries = readEnvEntries(text)
  } catch (error) {
    if (!(error instanceof UnterminatedQuote)) throw error
    return { found: [], remarks: [reason('sink.env-broken', { path: file.path, line: error.line })] }
  }
  const last = new Map(entries.map((entry) => [entry.key, entry]))
  const found = [...last.values()].flatMap((entry): Found[] => {
    const { key, raw, read, keyEnd } = entry
    if (read === null || raw === null || isVariable(raw) || raw.length > longestValue) return []
    const value = utf8Of(meantBy(entry))
    const written = utf8Of(read.compose1 ?? meantBy(entry))
    const meaning = withPlace(meaningOf(key), written, file.shown)
    if (!meaning && value.length < shortestTelling) return []
    if (meaning?.scheme === 'token' && (value === '' || isSwitch(value))) return []
    const mangled = read.compose1 === read.compose2 ? [] : [reason('sink.mangled', { path: file.path, key })]
    const logins = holdsArguments(key) ? loginsIn(written) : []
    if (logins.length > 0) {
      const line = lineAt(text, keyEnd)
      return inArguments(
        file,
        logins.map((login) => ({ login, line })),
        { reasonsAt: () => [reason('discovery.no-sink', { path: file.path, line })] },
      )
    }
    const login = /(?:^|_)AUTH$/.test(key) ? pairOf(written) : null
    return [
      {
        ...blankFound(file),
        ...(login ? ownPair(login) : { value, written: value === written ? null : written, meaning }),
        type: login || keyIssue('env', key) !== null ? null : 'env',
        key,
        line: lineAt(text, keyEnd),
        reasons: [...mangled, ...bomReason(file, text)],
      },
    ]
  })
  return { found, remarks: [] }
}

/** Nothing but a variable: the value stands elsewhere. */
const isVariable = (raw: string) => wholeVariable(raw) !== null && !looksLikeHash(raw)

/** `user:password`, as Gradio and Forge take it. */
const pairOf = (text: string): { username: string; password: string } | null => {
  const match = /^([^\s:,$]+):([^\s:,$]+)$/.exec(text)
  return match ? { username: match[1] ?? '', password: match[2] ?? '' } : null
}

/** ComfyUI-Login's own file: the hash, and the user name below it. */
function inLogin(file: ReadFile, text: string): Found[] {
  const lines = utf8Of(text.replace(bom, '')).split('\n')
  if (lines.filter((line) => line.trim() !== '').length > 2) return []
  const value = lines[0]?.trim() ?? ''
  // Its API strips the line and its pages the name; the hash that the sign-in compares keeps what stands before the \n.
  const crlf = lines[0]?.includes('\r') === true ? [reason('sink.crlf', { path: file.path })] : []
  const username = lines[1]?.trim() ?? ''
  const meaning = ownMeaning(hashKind, 'token', instanceOfPath(file.shown))
  const about = { value, username: username === '' ? null : username, meaning, line: 1 }
  return [
    { ...blankFound(file), ...about, type: 'comfyui-login', key: null, reasons: [...crlf, ...bomReason(file, text)] },
  ]
}

/** The key that ComfyUI-Login seals its cookies with; whose it is, is told by what lies beside it. */
function inSessionKey(file: ReadFile, text: string): Found {
  const value = readSessionKey(text)
  const meaning = ownMeaning(hashKind, 'sessionKey')
  const reasons = value === null ? [reason('sink.session-key-broken', { path: file.path })] : []
  return { ...blankFound(file), type: 'session-key', value, meaning, line: 1, reasons }
}

/** A file that is one secret. */
function inSecretFile(file: ReadFile, text: string): Found[] {
  const value = utf8Of(text.replace(bom, '')).trim()
  if (/\r|\n/.test(value) || value.includes('-----BEGIN')) return []
  const name = file.shown.split('/').at(-1) ?? ''
  const byName = meaningOf(name.replace(/\.[^.]*$/, ''))
  const own: Meaning = {
    ...{ scheme: 'token', field: 'token', topic: name, instance: null, scope: 'folder', protects: true },
  }
  const isOfHash = instanceOfPath(name) !== null || hashKind.recognition.name.test(file.shown)
  const meaning = withPlace(
    byName ?? (isOfHash && value === '' ? ownMeaning(hashKind, 'token') : own),
    value,
    file.shown,
  )
  return [{ ...blankFound(file), type: 'file', value, meaning, line: 1, reasons: bomReason(file, text) }]
}

/** In files that hold all kinds of things, a name alone does not make a secret of a word. */
const mayBeSecret = (value: string) =>
  looksLikeHash(value) || (value.length >= shortestTelling && /\d/.test(value) && /[a-z]/i.test(value))

function structured(
  file: ReadFile,
  type: 'json' | 'yaml' | 'ini',
  at: { names: readonly string[]; key: string; value: string; line: number | null },
): Found[] {
  const { value, names, key, line } = at
  if (value.length < shortestTelling || value.length > longestValue || /\s/.test(value)) return []
  const named = mayBeSecret(value) && !isPlaceholder(value) ? meaningOfPath(names) : null
  const meaning = withPlace(named?.field === 'username' ? null : named, value, file.shown)
  return [{ ...blankFound(file), type: keyIssue(type, key) === null ? type : null, key, value, line, meaning }]
}

const pointerOf = (names: readonly string[]) =>
  names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

function inJson(file: ReadFile, text: string): Found[] {
  let content: unknown
  try {
    content = JSON.parse(text.replace(bom, ''))
  } catch {
    return []
  }
  const found: Found[] = []
  const visit = (node: unknown, names: readonly string[]) => {
    if (typeof node === 'string')
      found.push(
        ...structured(file, 'json', {
          names: names.map(utf8Of),
          key: utf8Of(pointerOf(names)),
          value: utf8Of(node),
          line: null,
        }),
      )
    else if (Array.isArray(node)) node.forEach((item, index) => visit(item, [...names, String(index)]))
    else if (typeof node === 'object' && node !== null)
      for (const [name, value] of Object.entries(node)) visit(value, [...names, name])
  }
  visit(content, [])
  return found
}

function inIni(file: ReadFile, text: string): Found[] {
  const plain = text.replace(bom, '')
  return [...iniLines(plain)].flatMap(({ section, name, valueStart, valueEnd, start }) => {
    if (name === null) return []
    const value = utf8Of(plain.slice(valueStart, valueEnd)).replace(/^(["'])(.*)\1$/, '$2')
    const key = section === null ? name : `${section}.${name}`
    return structured(file, 'ini', { names: [section ?? '', name], key, value, line: lineAt(plain, start + 1) })
  })
}

/** YAML, and Compose files, in which `$` begins a variable. */
function inYaml(file: ReadFile, text: string): Found[] {
  const lines = new LineCounter()
  const content = utf8Of(text.replace(bom, ''))
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) return []
  const root = document.contents
  const isCompose = isMap(root) && root.has('services')
  const found: Found[] = []
  const visit = (node: unknown, names: readonly string[]) => {
    if (isMap(node)) {
      for (const { key, value } of node.items) if (isScalar(key)) visit(value, [...names, String(key.value)])
    } else if (isSeq(node)) node.items.forEach((item, index) => visit(item, [...names, String(index)]))
    else if (isScalar(node) && typeof node.value === 'string' && node.range) {
      const at = { names, value: node.value, line: lines.linePos(node.range[0]).line }
      found.push(...(isCompose ? inCompose(file, at) : structured(file, 'yaml', { ...at, key: pointerOf(names) })))
    }
  }
  visit(root, [])
  if (isCompose) {
    const source = { path: file.path, name: file.shown, encoding: 'utf8', text: content } as const
    const yaml = { source, document, root, errors: [], baseFolder: '' }
    found.push(...inServices(file, yaml, (offset) => lines.linePos(offset).line))
  }
  return found
}

const credentialFlag = /--(?:gradio-auth|api-auth|auth)[= ]+["']?(?<pair>[^\s"']+)/g

/** One text of a Compose file: a value, a `NAME=value`, a command line, or a default. */
function inCompose(file: ReadFile, at: { names: readonly string[]; value: string; line: number }): Found[] {
  const { names, line } = at
  const noSink = [reason('discovery.no-sink', { path: file.path, line })]
  const elsewhere = (name: string, value: string, username: string | null = null): Found[] => {
    const meaning = username === null ? withPlace(meaningOf(name), value, file.shown) : ownPairMeaning(value, username)
    if (!meaning || value === '' || isPlaceholder(value) || isSwitch(value)) return []
    return [{ ...blankFound(file), key: name, value, line, username, meaning, reasons: noSink }]
  }
  const variables = variablesOf(at.value)
  const defaults = variables
    .filter(({ operator, word }) => operator.endsWith('-') && word !== '' && !word.includes('$'))
    .filter(({ name }) => namesSecret(name) && meaningOf(name)?.field !== 'username')
    .flatMap(({ name, word }) => elsewhere(name, word))
  // Of services every form is read as a whole; here is what stands elsewhere, such as an extension's fields.
  const outside = names[0] === 'services' ? [] : [...at.value.matchAll(credentialFlag)]
  const flags = outside.flatMap((match) => {
    const pair = pairOf(match.groups?.['pair'] ?? '')
    return pair ? elsewhere('--api-auth', pair.password, pair.username) : []
  })
  if (variables.length > 0) return [...defaults, ...flags]
  const plain = at.value.replaceAll('$$', '$')
  if (names.includes('environment')) {
    const item = /^([A-Za-z_][\w.-]*)=(.*)$/s.exec(plain)
    if (/^\d+$/.test(names.at(-1) ?? '')) return item ? elsewhere(item[1] ?? '', item[2] ?? '') : []
    const meaning = withPlace(meaningOf(names.at(-1) ?? ''), plain, file.shown)
    if (meaning && plain !== '' && !isSwitch(plain)) {
      const key = pointerOf(names)
      return [
        { ...blankFound(file), type: keyIssue('yaml', key) === null ? 'yaml' : null, key, value: plain, line, meaning },
      ]
    }
  }
  return flags.length > 0 ? flags : structured(file, 'yaml', { names: [], key: pointerOf(names), value: plain, line })
}

const ownPairMeaning = (password: string, username: string) => ownPair({ username, password }).meaning
