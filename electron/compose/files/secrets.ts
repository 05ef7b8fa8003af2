import { dollarsOf } from './interpolation'

const secretWord =
  /TOKEN|PASS(?:WORD|WD|PHRASE)?(?![A-Z]*(?:THROUGH|IVE))|SECRET|API_?KEY|(?:^|[_.-])KEY$|(?:^|[_.-])AUTH$|BEARER|CREDENTIAL/i
const noSecretWord =
  /(?:^|_)(?:MAX|NUM|MIN)_?|TOKENS$|_(?:FILE|PATH|DIR|URL|URI|ENABLED|LENGTH|LIMIT|EXPIRY|EXPIRE|HOURS)$|TOKENIZER/i

/** Whether a variable of this name holds a secret, as far as a name tells. */
export const namesSecret = (key: string): boolean => secretWord.test(key) && !noSecretWord.test(key)

/** Tokens for other people's servers: optional, and no protection of this one. */
const clientTokens = /^(?:HF|HUGGING_?FACE(?:_?HUB)?|CIVITAI|GITHUB|GH|GITLAB|OPENAI|ANTHROPIC|WANDB|NGROK)_/i
export const protectsService = (key: string): boolean => namesSecret(key) && !clientTokens.test(key)

/** The beginning of a bcrypt hash, whole or cut. */
export const looksLikeHash = (value: string): boolean => /^\$2[abxy]?\$/.test(value)
export const bcryptLength = 60

/** Arguments that carry `user:password`. */
const credentialFlag =
  /(?<flag>--(?:gradio-auth|api-auth|auth|password|api-key|token)(?:=|\s+))(?<value>"[^"]*"|'[^']*'|[^\s"']+)/g

/** Stands where something is hidden. */
export const dots = '•••'

const shapes = [
  credentialFlag,
  /(?<flag>bearer\s+)(?<value>[^\s"']+)/gi,
  /(?<flag>:\/\/)(?<value>[^\s/@:]*:[^\s/@]+)(?=@)/g,
  /(?<flag>(?:^|\s)(?:-u|--user)\s+)(?<value>[^\s"':]+:[^\s"']+)/g,
  /(?<flag>[?&]token=)(?<value>[^\s"'&]+)/gi,
  /(?<flag>)(?<value>\${1,2}2[abxy]\${1,2}\d\d\${1,2}[./A-Za-z0-9$]{1,60})/g,
]

/** A value with all but its quotes, its `$` and the names of its variables hidden, and its length too. */
function maskValue(value: string): string {
  const quote = /^(["'])([\s\S]*)\1$/.exec(value)
  if (quote) return `${quote[1] ?? ''}${maskValue(quote[2] ?? '')}${quote[1] ?? ''}`
  let result = ''
  let at = 0
  const hide = (text: string) => text.replaceAll(/[^$\\\r\n]+/g, dots)
  for (const { kind, start, end, name, operator, word } of dollarsOf(value)) {
    if (kind === 'braced') {
      const shownWord = operator.endsWith('?') ? word : hide(word)
      result += `${hide(value.slice(at, start))}\${${name}${operator}${shownWord}}`
      at = end
    } else if (kind === 'bare' && start === 0 && end === value.length && /^[A-Z_][A-Z0-9_]*$/.test(name)) return value
  }
  return result + hide(value.slice(at))
}

/** An argument behind which a secret stands by itself. */
export const isCredentialFlag = (text: string): boolean =>
  /^(?:--(?:gradio-auth|api-auth|auth|password|api-key|token|user)|-u)$/.test(text)

const defaultValue = /\$\{(?<name>[A-Za-z_]\w*)(?<operator>:?[-+])(?<word>[^{}]+)\}/g

/** A text with what looks like a secret in it hidden, wherever it stands. */
export function maskShapes(text: string): string {
  let result = text.replaceAll(defaultValue, (whole, name: string, operator: string) =>
    namesSecret(name) ? `\${${name}${operator}${dots}}` : whole,
  )
  for (const shape of shapes) {
    result = result.replaceAll(shape, (...parts: unknown[]) => {
      const groups = parts.at(-1) as { flag: string; value: string } // `replaceAll` gives the named groups last
      return groups.flag + maskValue(groups.value)
    })
  }
  return result
}

/** Hides ranges of a text; every line stays a line. */
export function maskRanges(text: string, ranges: readonly { start: number; end: number }[]): string {
  let result = ''
  let at = 0
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start < at) continue
    result += text.slice(at, start) + text.slice(start, end).split('\n').map(maskValue).join('\n')
    at = end
  }
  return result + text.slice(at)
}
