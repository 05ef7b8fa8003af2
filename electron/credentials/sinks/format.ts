import type { SecretField } from '../../../shared/contract'
import { Problem, reason, type Reason } from '../../../shared/problems'
import type { StoredSink } from '../record'
import type { Secret } from '../../vault/secret'
import { canStandInEnv, readEnvValue, setEnvValue, UnterminatedQuote } from '../../compose/files/dotenv'
import { binaryOf, bom, utf8Of } from '../../compose/files/env-text'
import { readSessionKey, renderSessionKey } from './session-key'
import { canStandInIni, readIni, readPointer, setIni, setPointer } from './structured'

/** A whole-file secret is one line, ComfyUI-Login's file two; anything longer is some other file. */
const longestSecretFile = 8192

/** What a sink says, or that it says nothing. `caveat` is something to correct although the value is right. */
export interface SinkContent {
  value: string | null
  caveat: Reason | null
}

/** The value that a sink must hold. Throws `credential.no-value` when the credential has none. */
export function valueFor(credentialId: string, field: SecretField, secret: Secret): string {
  const value = secret[field] ?? null
  if (value === null) throw new Problem('credential.no-value', { id: credentialId, field })
  return value
}

/** The new bytes of a sink, made from its present ones (null: no file yet). Throws a Problem when it cannot be. */
export function renderSink(sink: StoredSink, secret: Secret, value: string, current: Buffer | null): Buffer {
  const text = textOf(sink, current)
  switch (sink.type) {
    case 'env': {
      if (!canStandInEnv(value)) throw new Problem('sink.unsafe-value', { path: sink.path })
      return Buffer.from(
        ofEnv(sink, () => setEnvValue(text, keyOf(sink), binaryOf(value))),
        'latin1',
      )
    }
    case 'json':
    case 'yaml': {
      const place = { path: sink.path, text: text.replace(bom, ''), pointer: keyOf(sink) }
      return Buffer.from(setPointer(sink.type, place, binaryOf(value)), 'latin1')
    }
    case 'ini':
      if (!canStandInIni(value)) throw new Problem('sink.unsafe-value', { path: sink.path })
      return Buffer.from(setIni(text.replace(bom, ''), keyOf(sink), binaryOf(value)), 'latin1')
    case 'file':
      checkSecretFile(sink, text, 1)
      return Buffer.from(value + (text.endsWith('\n') ? '\n' : ''))
    case 'comfyui-login': {
      checkSecretFile(sink, text, 2)
      const name = secret.username === null ? '' : `\n${secret.username}`
      return Buffer.from(value + name + (text.endsWith('\n') ? '\n' : ''))
    }
    case 'session-key':
      checkSecretFile(sink, text, 1)
      return Buffer.from(renderSessionKey(value, new Date()))
  }
}

/** Reads a sink's value by the rules of its readers. Throws a Problem for a file that no reader understands. */
export function extractValue(sink: StoredSink, bytes: Buffer, secret: Secret): SinkContent {
  const text = textOf(sink, bytes)
  const withBom = text.startsWith(bom) ? reason('sink.bom', { path: sink.path }) : crlfCaveat(sink, text)
  switch (sink.type) {
    case 'env': {
      const key = keyOf(sink)
      const read = ofEnv(sink, () => readEnvValue(text, key))
      if (read === null) return { value: null, caveat: reason('sink.no-key', { path: sink.path, key }) }
      const mangled = read.compose1 !== read.compose2 ? reason('sink.mangled', { path: sink.path, key }) : null
      // What Compose 2 refuses is read by whoever else reads the file.
      return { value: utf8Of(read.compose2 ?? read.compose1 ?? ''), caveat: mangled ?? withBom }
    }
    case 'json':
    case 'yaml':
      return readKeyed(
        sink,
        (key) => readPointer(sink.type === 'json' ? 'json' : 'yaml', sink.path, text.replace(bom, ''), key),
        withBom,
      )
    case 'ini':
      return readKeyed(sink, (key) => readIni(text.replace(bom, ''), key), withBom)
    case 'file':
      return { value: utf8Of(text.replace(bom, '')).trim(), caveat: withBom }
    case 'comfyui-login': {
      const [hash = '', name = ''] = utf8Of(text.replace(bom, '')).split('\n')
      return { value: hash.trim(), caveat: withBom ?? loginCaveat(sink, text, name.trim(), secret) }
    }
    case 'session-key': {
      const key = readSessionKey(text)
      if (key === null) throw new Problem('sink.session-key-broken', { path: sink.path })
      const known = secret.sessionKey ?? null
      const other = known !== null && known !== key ? reason('sink.session-key-other', { path: sink.path }) : null
      return { value: key, caveat: other }
    }
  }
}

function readKeyed(sink: StoredSink, read: (key: string) => string | null, caveat: Reason | null): SinkContent {
  const key = keyOf(sink)
  const value = read(key)
  return value === null
    ? { value: null, caveat: reason('sink.no-key', { path: sink.path, key }) }
    : { value: utf8Of(value), caveat }
}

/** Caveats of a file whose value is right, and which stay when Regie writes its own line. */
export const isHarmless = (caveat: Reason | null): boolean => caveat === null || caveat.problem === 'sink.crlf-lines'

/**
 * Other lines with Windows ends stay as they are; a shell that sources the file gets a carriage return too many. JSON,
 * YAML and INI are read alike with either end.
 */
const crlfCaveat = (sink: StoredSink, text: string): Reason | null =>
  sink.type === 'env' && text.includes('\r\n') ? reason('sink.crlf-lines', { path: sink.path }) : null

/**
 * ComfyUI-Login strips the token and the name, but not the hash that its web form compares (reference: comfyui-login,
 * Files); it asks for a missing name by itself.
 */
function loginCaveat(sink: StoredSink, text: string, name: string, secret: Secret): Reason | null {
  if (text.split('\n')[0]?.includes('\r') === true) return reason('sink.crlf', { path: sink.path })
  if (name !== '' && name !== secret.username) return reason('sink.other-username', { path: sink.path })
  return null
}

const keyOf = (sink: StoredSink) => {
  if (sink.key === null) throw new Error('a sink without its key passed the schema')
  return sink.key
}

function textOf(sink: StoredSink, bytes: Buffer | null): string {
  const text = bytes?.toString('latin1') ?? ''
  if (text.includes('\0')) throw new Problem('sink.not-text', { path: sink.path })
  return text
}

function checkSecretFile(sink: StoredSink, text: string, lines: number) {
  const used = text.split('\n').filter((line) => line.trim() !== '').length
  if (used > lines || text.length > longestSecretFile) throw new Problem('sink.not-a-secret-file', { path: sink.path })
}

function ofEnv<T>(sink: StoredSink, use: () => T): T {
  try {
    return use()
  } catch (error) {
    if (error instanceof UnterminatedQuote) throw new Problem('sink.env-broken', { path: sink.path, line: error.line })
    throw error
  }
}
