import { flagsOf, loginsOf, wordsOf } from '../files/arguments'
import { readEnvFile } from '../files/dotenv'
import { utf8Of } from '../files/env-text'
import { looksLikeHash, maskShapes, namesSecret } from '../files/secrets'

// What Compose and Docker print quotes what stands in files: values of `.env` above all. Nothing of them may reach a
// Problem, a page or a log.

const hidden = '•••'

/**
 * Words behind which a value stands, until the end of its line: compose-go's `template`, `dotenv`, `format` and `types`,
 * go-connections' ports, Go's own parsers, Compose 1's interpolation.
 */
const valueBehind = new RegExp(
  [
    'Invalid template: ',
    'unterminated quoted value ',
    'unexpected character ',
    'is missing a value: ',
    'Missing mandatory value for ',
    'Invalid \\w*[pP]orts?(?: range| ranges)?(?: specified)?:? ',
    'invalid (?:\\w+ )?(?:range|proto|IP|ip|port|ports|containerPort|hostPort|start|end|address)[\\w ]*:? ',
    'invalid (?:duration|size|boolean|syntax|value|spec|hostPort|containerPort|empty)[\\w ]*:? ?',
    'strconv\\.\\w+: parsing ',
    'time: \\w[\\w ]* ',
    'invalid reference format:? ?',
    'cannot unmarshal ',
    'Python-dotenv could not parse statement starting at line \\d+',
  ].join('|'),
  'gi',
)

/** Where a `$` is refused, the whole value follows, over as many lines as it has: on to the end. */
const wholeValueBehind =
  /(?<words>invalid interpolation format for )(?<place>[^\n]*?)(?:\.?\s*\n[^\n]*You may need to escape[^\n]*\n|: )[\s\S]*/i

const quoted = /"(?:\\.|[^"\\\n])*"?|'(?:[^'\n])*'?|`[^`\n]*`?/g

/** Lines of refusals: no part of them in quotes is to be seen but what names a place in the files. */
const refusal = /yaml: |failed to read |validating |invalid|error decoding|unmarshal|must be|parsing|interpolat/i
const placeName = /^["'`](?:services|networks|volumes|secrets|configs)(?:\.[\w.-]+)*["'`]$/

/** What Compose printed, with every value hidden that its words are known to quote. Lines stay lines. */
export function hideQuoted(output: string): string {
  const interpolated = output.replace(wholeValueBehind, (_whole: string, ...rest: unknown[]) => {
    const { words, place } = rest.at(-1) as { words: string; place: string } // `replace` gives the named groups last
    return `${words}${place.replaceAll('"', '')}: ${hidden}`
  })
  return maskShapes(interpolated)
    .split('\n')
    .map((line) => {
      valueBehind.lastIndex = 0
      const found = valueBehind.exec(line)
      const shown = found ? line.slice(0, found.index + found[0].length).trimEnd() : line
      const without = refusal.test(line)
        ? shown.replace(quoted, (text) => (placeName.test(text) ? text : hidden))
        : shown
      return found ? `${without} ${hidden}` : without
    })
    .join('\n')
}

/** A piece this long of a secret is one too many. */
const pieceLength = 6

/**
 * Takes every piece of some values out of a text, in whatever spelling the rest of the value stands around it: six
 * characters in a row are enough. Linear in the text.
 */
export function pieceHider(values: readonly string[]): (text: string) => string {
  const pieces = new Set<string>()
  for (const value of values)
    for (let at = 0; at + pieceLength <= value.length; at++) pieces.add(value.slice(at, at + pieceLength))
  return (text) => {
    if (pieces.size === 0) return text
    let result = ''
    let shownFrom = 0
    for (let at = 0; at + pieceLength <= text.length;) {
      if (!pieces.has(text.slice(at, at + pieceLength))) {
        at++
        continue
      }
      let end = at + pieceLength
      while (end < text.length && pieces.has(text.slice(end - pieceLength + 1, end + 1))) end++
      result += `${text.slice(shownFrom, at)}${hidden}`
      shownFrom = end
      at = end
    }
    return result + text.slice(shownFrom)
  }
}

/** What no secret is, whatever its name. */
const harmless = /^(?:|true|false|yes|no|on|off|none|null|all|\d{1,5})$/i

/** The texts of an environment file that nobody may see: values by their names, logins, lines that cannot be read. */
export function secretsOfEnv(binary: string): string[] {
  const { entries, refusals } = readEnvFile(binary)
  const none = new Map<string, string>()
  const values = entries.flatMap(({ key, raw, read }) => {
    const texts = [raw, read?.compose1, read?.compose2].flatMap((text) => text ?? []).map(utf8Of)
    if (namesSecret(key) || texts.some(looksLikeHash)) return texts.filter((text) => !harmless.test(text))
    return texts.flatMap((written) =>
      loginsOf(flagsOf(wordsOf([{ place: key, written, form: 'line', hasVariables: false }], none)), none).map(
        ({ password }) => password.value,
      ),
    )
  })
  const lines = refusals.map(({ offset }) => {
    const end = binary.indexOf('\n', offset)
    const line = utf8Of(binary.slice(offset, end === -1 ? binary.length : end))
    return line.slice(line.search(/[=:]/) + 1).trim()
  })
  return [...values, ...lines]
}
