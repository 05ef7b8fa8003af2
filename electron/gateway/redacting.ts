import { Problem } from '../../shared/problems'
import type { SocketFilter, WholeAnswer } from '../kinds/gateway'
import { sizeText } from '../kinds/limits'
import type { Change } from './messages'
import type { Admitted } from './stages'

/** The longest text that is searched for secrets. */
const mostText = 32 * 1024 * 1024

type Redact = (text: string) => string

/**
 * Routes of which administrators alone are shown all: logs, flags of the program, failures that repeat them. Their text is
 * searched for secrets, since a key is no proof for which one would be revealed.
 */
export const isOfAdministrators = ({ rule }: Admitted['route']): boolean => rule === 'admin' || rule === 'unknown'

/** The bytes of a text without secrets: the same where there is none. */
function withoutSecrets(bytes: Buffer, redact: Redact): Buffer {
  const text = bytes.toString('utf8')
  const shown = redact(text)
  return shown === text ? bytes : Buffer.from(shown)
}

/** A text that is read whole, and given without secrets. */
export const redacted = (redact: Redact): WholeAnswer => ({
  maxBytes: mostText,
  read: (body) => withoutSecrets(body, redact),
})

/**
 * What becomes of a service's messages on their way to somebody: the filter's answer, and for administrators, to whom a
 * service's log comes in messages too, each text without secrets. Undefined: all pass as they are. The change throws
 * `gateway.answer-too-large` for a text that is too long to be searched.
 */
export function changeOf(
  { guest, route }: Pick<Admitted, 'guest' | 'route'>,
  filter: SocketFilter | undefined,
  redact: Redact,
): Change | undefined {
  const filtered: Change | undefined = filter && ((data, isBinary) => filter.fromService(data, isBinary))
  if (guest.role !== 'admin' && !isOfAdministrators(route)) return filtered
  return (data, isBinary) => {
    const kept = filtered ? filtered(data, isBinary) : true
    if (kept === false || isBinary) return kept
    const text = kept === true ? data : kept
    if (text.length > mostText) throw new Problem('gateway.answer-too-large', { limit: sizeText(mostText) })
    return withoutSecrets(text, redact)
  }
}
