import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '../../../shared/problems'
import { textOf } from './spans'

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
  const text = textOf(body)
  if (text === null) throw new Problem('gateway.unreadable', { why: 'its body is not in UTF-8' })
  return text
}
