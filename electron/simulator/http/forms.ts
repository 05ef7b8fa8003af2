import type { Call } from './server'
import { header } from './server'

export interface FormFile {
  filename: string
  bytes: Buffer
}

/** Fields of a submitted form: text by name, and files by name. */
export interface Form {
  fields: Map<string, string>
  files: Map<string, FormFile>
}

const attribute = (headers: string, name: string) => new RegExp(`[; ]${name}="([^"]*)"`, 'i').exec(headers)?.[1] ?? null

/** Splits a multipart/form-data body (RFC 7578). */
export function parseMultipart(body: Buffer, boundary: string): Form {
  const form: Form = { fields: new Map(), files: new Map() }
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  // The first delimiter has no line break before it: give it one, so that all look the same.
  const whole = Buffer.concat([Buffer.from('\r\n'), body])
  let at = whole.indexOf(delimiter)
  while (at >= 0) {
    const start = at + delimiter.length
    const next = whole.indexOf(delimiter, start)
    if (next < 0) break
    const part = whole.subarray(start + 2, next)
    const split = part.indexOf('\r\n\r\n')
    if (split >= 0) {
      const headers = part.subarray(0, split).toString('utf8')
      const content = part.subarray(split + 4)
      const name = attribute(headers, 'name')
      const filename = attribute(headers, 'filename')
      if (name !== null && filename !== null) form.files.set(name, { filename, bytes: content })
      else if (name !== null) form.fields.set(name, content.toString('utf8'))
    }
    at = next
  }
  return form
}

/** Reads a urlencoded or multipart form; null when the request carries neither. */
export async function readForm(call: Call): Promise<Form | null> {
  const type = header(call, 'content-type') ?? ''
  if (/^application\/x-www-form-urlencoded/i.test(type)) {
    return { fields: new Map(new URLSearchParams((await call.body()).toString('utf8'))), files: new Map() }
  }
  const boundary = /^multipart\/form-data.*boundary="?([^";]+)"?/i.exec(type)?.[1]
  return boundary === undefined ? null : parseMultipart(await call.body(), boundary)
}

/** Cookies of a request, by name. */
export function readCookies(call: Call): Map<string, string> {
  const pairs = (header(call, 'cookie') ?? '').split(';').map((pair) => pair.trim().split('='))
  return new Map(pairs.flatMap(([name, ...value]) => (name ? [[name, value.join('=')] as const] : [])))
}
