import type { GivenText, VaultReference } from '../../../../shared/contract'
import { partsOf } from '../../../../shared/given-text'

// How a text field shows what is put together of texts and references: docs/decisions/secrets-in-arguments.md. A reference
// is `${vault:id.field}`; `${vault:$}` is the dollar of what only looks like one. Nothing but a text field knows it.

const reference = /^([a-z0-9][a-z0-9_-]{0,62})\.(username|password|token)$/
const spelling = /\$\{vault:([^{}]*)\}/g
const dollar = '${vault:$}'

const spelledReference = ({ credentialId, field }: VaultReference) => `\${vault:${credentialId}.${field}}`

/** As it stands in a text field. */
export const spelled = (given: GivenText): string =>
  partsOf(given)
    .map((part) =>
      typeof part === 'string' ? part.replaceAll('${vault:', `${dollar}{vault:`) : spelledReference(part),
    )
    .join('')

const isField = (text: string | undefined): text is VaultReference['field'] =>
  text === 'username' || text === 'password' || text === 'token'

/** What a text field says; null where it has a reference that is none. */
export function givenOf(text: string): GivenText | null {
  const parts: (string | VaultReference)[] = []
  const push = (part: string) => {
    const last = parts.at(-1)
    if (part === '') return
    if (typeof last === 'string') parts[parts.length - 1] = last + part
    else parts.push(part)
  }
  let at = 0
  for (const match of text.matchAll(spelling)) {
    push(text.slice(at, match.index))
    at = match.index + match[0].length
    const [, credentialId, field] = reference.exec(match[1] ?? '') ?? []
    if (match[0] === dollar) push('$')
    else if (credentialId !== undefined && isField(field)) parts.push({ credentialId, field })
    else return null
  }
  push(text.slice(at))
  const [only] = parts
  if (parts.length === 0) return ''
  return parts.length === 1 && typeof only === 'string' ? only : parts
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Arguments, one per line. */
export const spelledLines = (args: readonly GivenText[]): string => args.map(spelled).join('\n')

/** The arguments of a text field; null where a reference is none. */
export function argumentsOf(text: string): GivenText[] | null {
  const read = linesOf(text).map(givenOf)
  return read.some((one) => one === null) ? null : read.filter((one) => one !== null)
}

/** Whether a text field can show arguments without loss: one of several lines, or none at all, is no line. */
export const fitsLines = (args: readonly GivenText[]): boolean =>
  JSON.stringify(argumentsOf(spelledLines(args))) === JSON.stringify(args)
