import type { IncomingHttpHeaders } from 'node:http'
import type { Redact } from '../logs/cutting'
import { parseJson } from './json'

/** Every text in a JSON value, its keys too, redacted. */
function redactedValue(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => redactedValue(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactedValue(item, redact)]))
}

/**
 * The words of another program without the secrets that Regie knows: a service is sent one with each question, and may
 * repeat it, in a page of errors or in the echo of a request. JSON stays JSON. Nothing may be cut before this.
 */
export function withoutSecrets(text: string, redact: Redact): string {
  if (redact(text) === text) return text
  const json = parseJson(text)
  return json !== null && typeof json === 'object' ? JSON.stringify(redactedValue(json, redact)) : redact(text)
}

/** The same for an answer's headers. Cookies, which no caller shows, stay what they are: they must open a door again. */
export const headersWithoutSecrets = (headers: IncomingHttpHeaders, redact: Redact): IncomingHttpHeaders =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' && name !== 'set-cookie' ? redact(value) : value,
    ]),
  )
