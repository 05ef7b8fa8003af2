import type { IncomingHttpHeaders } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
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

/** How long the event loop is held at most between two turns, in ms, but for one text. */
const sliceMs = 8

/** Every text in a value, its keys too; of a picture none. */
function textsIn(value: unknown, picture: string | undefined, texts: Map<string, string>): void {
  if (typeof value === 'string') texts.set(value, value)
  else if (Array.isArray(value)) for (const item of value) textsIn(item, picture, texts)
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) {
      texts.set(key, key)
      if (key !== picture) textsIn(item, picture, texts)
    }
}

function replaced(value: unknown, picture: string | undefined, texts: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return texts.get(value) ?? value
  if (Array.isArray(value)) return value.map((item) => replaced(item, picture, texts))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      texts.get(key) ?? key,
      key === picture ? item : replaced(item, picture, texts),
    ]),
  )
}

/**
 * What was picked out of an answer, without secrets: each of its texts redacted by itself, a few at a time, so that many
 * of them hold nobody up. `picture` is the key of a text that is a picture in base64.
 */
export async function valuesWithoutSecrets<T>(value: T, redact: Redact, picture?: string): Promise<T> {
  const texts = new Map<string, string>()
  textsIn(value, picture, texts)
  let since = performance.now()
  for (const text of texts.keys()) {
    texts.set(text, redact(text))
    if (performance.now() - since < sliceMs) continue
    await nextTurn()
    since = performance.now()
  }
  return replaced(value, picture, texts) as T // texts are texts, and everything else is the same
}
