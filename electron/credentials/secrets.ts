import { looksLikeHash } from '../compose/files/secrets'
import { randomBytes, randomInt, timingSafeEqual, createHash } from 'node:crypto'
import type { Scheme, SecretField } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import type { Secret } from '../vault/secret'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-'
const letters = alphabet.slice(0, 52)
/** Six bits a character: 168 bits for a password, 240 for a token. */
const passwordLength = 28
const tokenLength = 40

/** bcrypt hashes a prefix only; longer passwords would be silently cut. */
const bcryptMaxBytes = 72

/**
 * Draws `length` characters that no known reader breaks on: no separator, quote, blank, `$`, `%`, `#` or backslash.
 * It starts with a letter, so that no command line takes it for an option and no shell for a home folder.
 */
function drawSecret(length: number): string {
  const draw = (from: string) => from.charAt(randomInt(from.length))
  return draw(letters) + Array.from({ length: length - 1 }, () => draw(alphabet)).join('')
}

export const generatePassword = (): string => drawSecret(passwordLength)
export const generateToken = (): string => drawSecret(tokenLength)
/** A Fernet key, as Python's `base64.urlsafe_b64encode(os.urandom(32))` writes it. */
export const generateSessionKey = (): string =>
  randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
export const isSessionKey = (text: string): boolean => /^[A-Za-z0-9_-]{43}=$/.test(text)

/** Which parts a secret of each scheme has for a person. A session key is nobody's to give or to see. */
export const fieldsOf: Record<Scheme, readonly SecretField[]> = {
  'comfyui-login': ['username', 'password', 'token'],
  basic: ['username', 'password'],
  token: ['token'],
}

/** The part that stands in a sink when none is named, and by which live services are asked. */
export const mainField: Record<Scheme, SecretField> = { 'comfyui-login': 'token', basic: 'password', token: 'token' }

export const bcryptHash = /^\$2[abxy]\$\d{2}\$[./A-Za-z0-9]{53}$/
// eslint's no-control-regex has a point elsewhere; \p{Cc} names the same characters.
const controlCharacter = /\p{Cc}|[\u2028\u2029]/u
const ascii = /^[\x20-\x7e]*$/

/**
 * Checks one part of a person's own secret against what its readers break on. Throws a Problem with a hint.
 * Sources: Forge splits `--api-auth` at comma and colon and decodes HTTP Basic as ASCII; bcrypt cuts after 72 bytes;
 * ComfyUI-Login splits the Authorization header at blanks.
 */
export function checkField(scheme: Scheme, field: SecretField, value: string): void {
  if (field === 'sessionKey' && scheme === 'comfyui-login') {
    if (!isSessionKey(value)) throw new Problem('credential.not-a-session-key')
    return
  }
  if (!fieldsOf[scheme].includes(field)) throw new Problem('credential.no-such-field', { scheme, field })
  if (controlCharacter.test(value)) throw new Problem('credential.control-characters', { field })
  if (value !== value.trim()) throw new Problem('credential.blanks', { field })
  switch (scheme) {
    case 'basic': {
      const separator = /[:,]/.exec(value)?.[0]
      if (separator) throw new Problem('credential.separator', { field, character: separator })
      if (!ascii.test(value)) throw new Problem('credential.not-ascii', { field })
      return
    }
    case 'comfyui-login': {
      const bytes = Buffer.byteLength(value)
      if (field === 'password' && bytes > bcryptMaxBytes) throw new Problem('bcrypt.truncates', { bytes })
      if (field === 'token' && !bcryptHash.test(value)) throw new Problem('credential.not-a-hash')
      return
    }
    case 'token':
      if (/\s/.test(value)) throw new Problem('credential.blanks', { field })
      if (!ascii.test(value)) throw new Problem('credential.not-ascii', { field })
      return
  }
}

/** What a reader breaks on, although a secret that holds it may be in use. */
const breaksReaders: ReadonlySet<string> = new Set([
  'credential.separator',
  'credential.not-ascii',
  'credential.blanks',
  'credential.not-a-hash',
  'bcrypt.truncates',
])

/** Why a part of a secret cannot be chosen for one; null when it can. */
export function refusalOf(scheme: Scheme, field: SecretField, value: string): Reason | null {
  try {
    checkField(scheme, field, value)
    return null
  } catch (error) {
    if (error instanceof Problem) return error.reason
    throw error
  }
}

/**
 * Checks one part of a secret that is in use: it is taken as it is, even where a reader breaks on it, for only what the
 * vault holds can be rotated. A user name stays through rotations, a token with a blank in it makes a malformed header,
 * and the beginning of a hash opens nothing: these are refused. Throws as `checkField` does.
 */
export function checkInUse(scheme: Scheme, field: SecretField, value: string): void {
  const why = refusalOf(scheme, field, value)
  const isToken = field === 'token' && !/\s/.test(value) && !looksLikeHash(value)
  const isTaken = why !== null && breaksReaders.has(why.problem) && (field === 'password' || isToken)
  if (!isTaken) checkField(scheme, field, value)
}

/** The part of a secret that a reader breaks on, and why; null where none does. */
export function unusablePart(scheme: Scheme, secret: Secret): { field: SecretField; reason: Reason } | null {
  for (const field of fieldsOf[scheme]) {
    const value = secret[field] ?? null
    const why = value === null || field === 'username' ? null : refusalOf(scheme, field, value)
    if (why !== null) return { field, reason: why }
  }
  return null
}

/** Compares two secrets in a time that does not depend on where they differ. */
export function sameSecret(a: string | null | undefined, b: string | null | undefined): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return (a ?? null) === (b ?? null)
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

/** Whether two secrets open the same: a user name beside a token does not count, nor does a session key. */
export const opensTheSame = (a: Secret, b: Secret): boolean =>
  a.token === null && b.token === null
    ? a.username === b.username && sameSecret(a.password, b.password)
    : sameSecret(a.token, b.token)

/** A made-up secret in the shape of this one. */
export function madeUpLike(like: Secret): Secret {
  if (like.token === null) return madeUpSecret('basic', like)
  return madeUpSecret(like.username === null ? 'token' : 'comfyui-login', like)
}

/** A made-up secret of the same shape, which every protected surface must refuse. */
export function madeUpSecret(scheme: Scheme, like: Secret): Secret {
  switch (scheme) {
    case 'comfyui-login': {
      const hash = drawSecret(53).replaceAll(/[~_-]/g, '.')
      return { username: like.username, password: generatePassword(), token: `$2b$12$${hash}` }
    }
    case 'basic':
      return { username: like.username, password: generatePassword(), token: null }
    case 'token':
      return { username: null, password: null, token: generateToken() }
  }
}
