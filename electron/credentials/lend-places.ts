import { readFile, stat } from 'node:fs/promises'
import type { Credential, Requirement, Scheme, SecretField, SinkType } from '../../shared/contract'
import { Problem, type ProblemId } from '../../shared/problems'
import { fileErrorCode } from '../storage/files'
import { adoptFound, type FoundValue } from './adopt'
import { recordOf } from './credentials'
import type { StoredSink } from './record'
import type { Secret } from '../vault/secret'
import { sameSecret } from './secrets'
import { extractValue } from './sinks/format'
import { contextOf, type Credentials } from '.'

/** A sink with what stands in it. */
export interface LentPlace {
  sinkId: string
  type: SinkType
  path: string
  key: string | null
  field: SecretField
  requires: Requirement | null
  state: 'read' | 'missing' | 'unreadable'
  /** As its readers take it. */
  value: string | null
  /** The same with a byte order mark and a carriage return where the file has them. */
  raw: string | null
  /** What is to be corrected in it, e.g. `sink.mangled`. */
  caveat: ProblemId | null
  isSame: boolean
  modifiedAt: number | null
}

/** A credential with its secrets and with what stands in its sinks. */
export interface LentCredential {
  id: string
  scheme: Scheme
  secret: Secret
  /** The secret before the last change. */
  previous: Secret | null
  places: LentPlace[]
}

async function placeOf(sink: StoredSink, secret: Secret): Promise<LentPlace> {
  const { id: sinkId, type, path, key, field, requires } = sink
  const about = { sinkId, type, path, key, field, requires }
  const nothing = { value: null, raw: null, caveat: null, isSame: false, modifiedAt: null }
  try {
    const modifiedAt = Math.round((await stat(path)).mtimeMs)
    const bytes = await readFile(path)
    const { value, caveat } = extractValue(sink, bytes, secret)
    if (value === null) return { ...about, ...nothing, state: 'missing', modifiedAt }
    const text = bytes.toString('utf8')
    const mark = text.startsWith('\ufeff') ? '\ufeff' : ''
    const raw = `${mark}${value}${text.includes('\r') ? '\r' : ''}`
    const isSame = sameSecret(value, secret[field])
    return { ...about, state: 'read', value, raw, caveat: caveat?.problem ?? null, isSame, modifiedAt }
  } catch (error) {
    const code = fileErrorCode(error)
    if (!(error instanceof Problem) && code === null) throw error
    return { ...about, ...nothing, state: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable' }
  }
}

/**
 * Lends a credential's secrets and what stands in its sinks for the duration of one call. The function must not keep,
 * log or return them. Throws `credential.not-found`, or what keeps the vault closed.
 */
export async function lendPlaces<T>(
  credentials: Credentials,
  id: string,
  use: (lent: LentCredential) => T | Promise<T>,
): Promise<T> {
  const { scheme, secret, previous, sinks } = recordOf(contextOf(credentials), id)
  // What browser sessions are sealed with opens nothing by itself.
  const asked = sinks.filter(({ field }) => field !== 'sessionKey')
  const places = await Promise.all(asked.map((sink) => placeOf(sink, secret)))
  return use({ id, scheme, secret, previous, places })
}

/** Takes a value that a service was found to accept into the vault. Nothing else is written. */
export function adoptValue(credentials: Credentials, found: FoundValue): Promise<Credential> {
  const context = contextOf(credentials)
  return context.exclusively(() => adoptFound(context, found))
}
