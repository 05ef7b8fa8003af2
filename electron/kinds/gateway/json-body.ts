import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '../../../shared/problems'
import { textOf } from './spans'

/**
 * So many brackets, commas, colons, quotes and backslashes a body may hold: the largest workflows have a fifth of it, and
 * what a picture in base64 adds is none. Everything that reads JSON takes its time by these; millions hold the panel up for
 * minutes.
 */
const mostMarks = 500_000

const marks = new Uint8Array(256)
for (const mark of '"\\{}[],:') marks[mark.charCodeAt(0)] = 1

function isTooDense(body: Uint8Array): boolean {
  let count = 0
  for (const byte of body) count += marks[byte] ?? 0
  return count > mostMarks
}

/**
 * The text of a request's body, as the service will read it. Throws a Problem where it might read it otherwise: it decodes
 * what names another encoding, and unpacks what says that it is packed.
 */
export function bodyText(body: Uint8Array, headers: IncomingHttpHeaders): string {
  const packed = headers['content-encoding']
  if (packed !== undefined && packed.toLowerCase() !== 'identity')
    throw new Problem('gateway.unreadable', { why: `its body is packed (${packed.slice(0, 20)})` })
  const charset = /charset\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '')?.[1]
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset))
    throw new Problem('gateway.unreadable', { why: `its body is in ${charset.slice(0, 20)}` })
  if (isTooDense(body)) throw new Problem('gateway.unreadable', { why: 'its body holds too many values' })
  const text = textOf(body)
  if (text === null) throw new Problem('gateway.unreadable', { why: 'its body is not in UTF-8' })
  return text
}
