import type { GivenText, ProcessSpec, VaultReference } from '../../../shared/contract'
import {
  flagsOf,
  holdsArguments,
  isLoginFlag,
  loginsOf,
  wordsOf,
  type ArgumentSource,
  type Flag,
} from '../../compose/files/arguments'
import { isCredentialFlag, namesSecret } from '../../compose/files/secrets'

// Secrets that stand in clear text among a program's arguments and in its environment. Pure.

/** One secret as it stands there: with the user name where it is a pair. */
export interface PlainSecret {
  where: 'arguments' | 'environment'
  /** The flag or the variable. */
  name: string
  username: string | null
  value: string
}

/** Which credential takes the place of a secret; null leaves it as it stands. */
export type Replace = (secret: PlainSecret) => Pick<VaultReference, 'credentialId'> | null

/** A piece of a text, and what stands in it: the text between the secrets stays. */
interface Piece {
  start: number
  end: number
  made: (string | PlainSecret)[]
}

const none = new Map<string, string>()

/** Values that no secret has: switches, and what stands in examples. */
const isNothing = (value: string) => /^(?:|true|false|yes|no|on|off|none|null|\d{1,3})$/i.test(value.trim())

/** What stands behind a flag, as texts and secrets; null where there is no secret. */
function madeOf(flag: Flag<number>): (string | PlainSecret)[] | null {
  const { name, value } = flag
  if (value === null || isNothing(value.value)) return null
  const where = 'arguments' as const
  if (isLoginFlag(name)) {
    const logins = loginsOf([flag], none)
    if (logins.length === 0) return null
    return logins.flatMap(({ user, password }, at) => [
      ...(at > 0 ? [','] : []),
      { where, name, username: user.value, value: password.value },
    ])
  }
  if (!isCredentialFlag(name)) return null
  const colon = value.value.indexOf(':')
  const isPair = ['--auth', '--user'].includes(name)
  if (isPair && colon < 1) return null
  return [
    {
      ...{ where, name, username: isPair ? value.value.slice(0, colon) : null },
      value: isPair ? value.value.slice(colon + 1) : value.value,
    },
  ]
}

/** Where secrets lie in each text of arguments, by its position. */
function piecesIn(sources: readonly ArgumentSource<number>[]): Map<number, Piece[]> {
  const pieces = new Map<number, Piece[]>()
  for (const flag of flagsOf(wordsOf(sources, none))) {
    const made = madeOf(flag)
    const { value } = flag
    const text = sources.find(({ place }) => place === value?.place)?.written
    if (made === null || value === null || text === undefined) continue
    const start = text.indexOf(value.value, value.start)
    // Quotes and backslashes within it: what would be put in its place could not be told from what stays.
    if (start === -1 || start + value.value.length > value.end) continue
    pieces.set(value.place, [...(pieces.get(value.place) ?? []), { start, end: start + value.value.length, made }])
  }
  return pieces
}

const referencesFor = (secret: PlainSecret, credentialId: string): (string | VaultReference)[] =>
  secret.username === null
    ? [{ credentialId, field: 'token' }]
    : [{ credentialId, field: 'username' }, ':', { credentialId, field: 'password' }]

const asWritten = ({ username, value }: PlainSecret) => (username === null ? value : `${username}:${value}`)

/** A text with references in place of its secrets; the text itself where none is replaced. */
function replaced(text: string, pieces: readonly Piece[], replace: Replace): GivenText {
  const parts: (string | VaultReference)[] = []
  let at = 0
  for (const { start, end, made } of pieces) {
    parts.push(text.slice(at, start))
    for (const one of made) {
      if (typeof one === 'string') parts.push(one)
      else {
        const found = replace(one)
        parts.push(...(found ? referencesFor(one, found.credentialId) : [asWritten(one)]))
      }
    }
    at = end
  }
  parts.push(text.slice(at))
  if (parts.every((part) => typeof part === 'string')) return parts.join('')
  return joined(parts)
}

/** Texts that follow each other are one; empty ones are none. */
const joined = (parts: readonly (string | VaultReference)[]) =>
  parts.reduce<(string | VaultReference)[]>((before, part) => {
    const last = before.at(-1)
    if (part === '') return before
    if (typeof part === 'string' && typeof last === 'string') return [...before.slice(0, -1), last + part]
    return [...before, part]
  }, [])

/** What is given to a program by a variable, with references in place of its secrets. */
function replacedVariable(name: string, text: string, replace: Replace): GivenText {
  if (holdsArguments(name)) {
    const pieces = piecesIn([{ place: 0, written: text, form: 'line', hasVariables: false }])
    return replaced(text, pieces.get(0) ?? [], replace)
  }
  if (!namesSecret(name) || isNothing(text)) return text
  const secret: PlainSecret = { where: 'environment', name, username: null, value: text }
  return replaced(text, [{ start: 0, end: text.length, made: [secret] }], replace)
}

/** A program's arguments and environment with references in place of secrets in clear text. */
export function withReferences({ args, env }: Pick<ProcessSpec, 'args' | 'env'>, replace: Replace) {
  // What is put together already stands for one word that is no flag.
  const sources = args.map((given, place): ArgumentSource<number> => {
    const written = typeof given === 'string' ? given : ''
    return { place, written, form: 'item', hasVariables: false }
  })
  const pieces = piecesIn(sources)
  return {
    args: args.map((given, place) =>
      typeof given === 'string' ? replaced(given, pieces.get(place) ?? [], replace) : given,
    ),
    env: Object.fromEntries(
      Object.entries(env).map(([name, given]) => [
        name,
        typeof given === 'string' ? replacedVariable(name, given, replace) : given,
      ]),
    ),
  }
}

/** Every secret in clear text, in the order in which it stands there. */
export function plainSecretsIn(spec: Pick<ProcessSpec, 'args' | 'env'>): PlainSecret[] {
  const found: PlainSecret[] = []
  withReferences(spec, (secret) => {
    found.push(secret)
    return null
  })
  return found
}
