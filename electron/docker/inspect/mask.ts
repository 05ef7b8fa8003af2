import type { ContainerVariable } from '../../../shared/contract'
import { fingerprint } from '../../vault/fingerprint'

/** What the vault knows of secrets, by fingerprint alone. */
export interface KnownSecrets {
  /** Takes every secret that the vault knows, and the usual shapes, out of a text. */
  redact: (text: string) => string
  /** Fingerprints of all credentials' secrets, with the credential's id. */
  credentials: ReadonlyMap<string, string>
  /** The service's own credential, and the variables in which it should stand. */
  own: { id: string; isHash: boolean; variables: ReadonlySet<string> } | null
}

const shown = (secret: string) => `[secret ${fingerprint(secret)}]`
const wholeSecret = /^\[secret ([0-9a-f]{12})\]$/

const secretName = /token|pass|secret|key|auth|credential|bearer|private|salt|cookie|(?:^|_)(?:pwd|pat|jwt)$/i
/** Names that speak of a secret and hold something else. */
const placeName = /(?:file|path|dir|folder|home|name|user|username)$/i
const measureName = /max|limit|timeout|length|expire|hours|attempts|interval|count/i
const plainWord = /^(?:|true|false|yes|no|on|off|none|null|enabled|disabled|0|1)$/i

/** Whether the value under this name is a secret, as far as name and value tell. */
export function isSecret(name: string, value: string): boolean {
  if (!secretName.test(name) || plainWord.test(value)) return false
  if (placeName.test(name)) return false
  return !(measureName.test(name) && /^\d{1,6}$/.test(value))
}

const flagWords = new Set([
  ...['auth', 'token', 'tokens', 'pass', 'passwd', 'password', 'passphrase', 'secret', 'secrets', 'key', 'apikey'],
  ...['credential', 'credentials', 'bearer', 'pwd', 'jwt'],
])
const switches = new Set(['no', 'skip', 'disable', 'enable', 'without'])
const places = new Set(['path', 'file', 'dir', 'url'])

/** Whether a command-line flag is followed by a secret: `--gradio-auth`, `--api-key`, but not `--gradio-auth-path`. */
function takesSecret(flag: string): boolean {
  if (flag === '-u' || flag === '--user') return true
  const words = flag.replace(/^-+/, '').toLowerCase().split(/[-_.]/)
  if (switches.has(words[0] ?? '') || places.has(words.at(-1) ?? '') || words.includes('keyfile')) return false
  return words.some((word) => flagWords.has(word))
}

/** The value of such a flag: of `user:password` pairs only the passwords are secret. */
function maskFlagValue(flag: string, value: string): string {
  if (value === '' || value.includes('[secret') || /^\d+:\d+$/.test(value)) return value
  const isLogin = /^-u$|user$|auth$/.test(flag)
  if (!isLogin || !value.includes(':')) return flag === '-u' || flag === '--user' ? value : shown(value)
  return value
    .split(',')
    .map((pair) => {
      const [user = '', ...rest] = pair.split(':')
      const password = rest.join(':')
      return password === '' ? pair : `${user}:${shown(password)}`
    })
    .join(',')
}

const flagInText = /(?<![\w-])(--?[A-Za-z][\w.-]*)(\s+(?!-)|=)("[^"]*"|'[^']*'|[^\s"'=][^\s"']*)/g
const assignmentInText = /(?<![\w$-])([A-Za-z_]\w*)=("[^"]*"|'[^']*'|[^\s"';&|]+)/g
const userInfo = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)([^\s/@]+)(@)/gi
/** A hash cut short (Compose swallowed a part of it), other password hashes, and tokens of well-known makers. */
const shapes = [
  /\$2[abxy]\$\d\d\$?[./A-Za-z0-9]{8,}/g,
  /\$(?:argon2(?:id|i|d)|scrypt|apr1|1|5|6|y)\$[^\s"':,]{8,}/g,
  /\b(?:hf_|ghp_|gho_|ghs_|github_pat_|sk-|xox[abp]-|glpat-)[A-Za-z0-9_-]{10,}/g,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/g,
]

const unquoted = (text: string) => /^(["'])(.*)\1$/.exec(text)?.[2] ?? text

/** A text with the secrets in it as their fingerprints: shell lines, labels, addresses, health checks. */
export function maskText(text: string, known: KnownSecrets): string {
  // Of `user:password` after a flag the user stays; the vault's redactor, which hides both, takes the rest of the text.
  let masked = ''
  let at = 0
  for (const match of text.matchAll(flagInText)) {
    const [whole, flag = '', between = '', value = ''] = match
    if (!takesSecret(flag)) continue
    masked += `${known.redact(text.slice(at, match.index))}${flag}${between}${maskFlagValue(flag, unquoted(value))}`
    at = match.index + whole.length
  }
  masked += known.redact(text.slice(at))
  masked = masked.replace(userInfo, (_, before: string, password: string, after: string) =>
    password.startsWith('[secret') ? `${before}${password}${after}` : `${before}${shown(password)}${after}`,
  )
  masked = masked.replace(assignmentInText, (whole, name: string, value: string) =>
    isSecret(name, unquoted(value)) && !/^["']?(?:\$|\[secret)/.test(value)
      ? `${name}=${shown(unquoted(value))}`
      : whole,
  )
  for (const shape of shapes) masked = masked.replace(shape, (secret) => shown(secret))
  return masked
}

/** A command line: a secret may be an argument of its own after its flag, or stand inside one. */
export function maskArguments(argv: readonly string[], known: KnownSecrets): string[] {
  return argv.map((argument, index) => {
    const before = argv[index - 1] ?? ''
    if (/^--?[A-Za-z][\w.-]*$/.test(before) && takesSecret(before) && !argument.startsWith('-')) {
      const redacted = known.redact(argument)
      return redacted === argument ? maskFlagValue(before, argument) : maskFlagValue(before, redacted)
    }
    return maskText(argument, known)
  })
}

/** The value under a name, for labels and options. */
export const maskNamed = (name: string, value: string, known: KnownSecrets): string =>
  isSecret(name, value) ? shown(value) : maskText(value, known)

/** One variable of the environment. */
export function maskVariable(name: string, value: string, known: KnownSecrets): ContainerVariable {
  const masked = isSecret(name, value) ? shown(value) : maskText(value, known)
  const print = wholeSecret.exec(masked)?.[1]
  if (print === undefined) return { name, value: masked, secret: null }
  const { credentials, own } = known
  const holder = credentials.get(print)
  if (holder !== undefined)
    return { name, value: '', secret: { fingerprint: print, vault: 'same', credentialId: holder } }
  const isOwn = own !== null && (own.variables.has(name) || (own.isHash && /^\$2[abxy]\$/.test(value)))
  return {
    name,
    value: '',
    secret: { fingerprint: print, vault: isOwn ? 'differs' : 'unknown', credentialId: isOwn ? own.id : null },
  }
}
