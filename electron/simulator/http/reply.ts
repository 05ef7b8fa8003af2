import type { OutgoingHttpHeaders } from 'node:http'

/** What a route answers; `send` writes it. */
export interface Reply {
  status: number
  headers: OutgoingHttpHeaders
  body: string | Uint8Array
  /** The connection is cut after the body, before its end was said. */
  breaksOff?: boolean
  /**
   * In place of the body, which comes piece by piece; `closed` is aborted when nobody reads any more. Resolves with whether
   * the end is said: else the connection is cut.
   */
  stream?: (write: (text: string) => void, closed: AbortSignal) => Promise<boolean>
}

/** Nothing, and no type of it: how aiohttp answers without a body. */
export const empty = (status = 200): Reply => ({ status, headers: {}, body: '' })

/** No such file: how aiohttp's static files answer. */
export const missing = (): Reply => ({
  status: 404,
  headers: { 'content-type': 'application/octet-stream' },
  body: '',
})

export const text = (status: number, body: string): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
})

export const html = (body: string, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body,
})

export const redirect = (location: string, headers: OutgoingHttpHeaders = {}): Reply => ({
  status: 302,
  headers: { location, ...headers },
  body: '',
})

/** JSON as Python's encoder writes it for a given content type (aiohttp adds the charset, Starlette does not). */
export const json = (value: unknown, status = 200, contentType = 'application/json'): Reply => ({
  status,
  headers: { 'content-type': contentType },
  body: JSON.stringify(value),
})
