/** The bytes that a Range header asks for; null for what is not one range of bytes, which is answered whole. */
export function readRange(header: string, length: number): { from: number; to: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim())
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [first, last] = [match[1] ?? '', match[2] ?? '']
  if (first === '') {
    const count = Math.min(Number(last), length)
    return count === 0 ? 'unsatisfiable' : { from: length - count, to: length - 1 }
  }
  const from = Number(first)
  const to = last === '' ? length - 1 : Math.min(Number(last), length - 1)
  if (last !== '' && Number(last) < from) return null
  return from >= length ? 'unsatisfiable' : { from, to }
}

/** Headers by their names in small letters. */
type Headers = Record<string, string | string[] | undefined>

/** An answer before it is sent. */
export interface Answer {
  status: number
  headers: Headers
  body: unknown
}

const one = (headers: Headers, name: string): string | null => {
  const value = headers[name]
  return typeof value === 'string' ? value : null
}

/**
 * Answers a conditional request and a range of a file that says `Accept-Ranges: bytes`, as HTTP has it
 * (https://www.rfc-editor.org/rfc/rfc9110#section-13 and #section-14): 304 to whoever has it already, 206 with the
 * bytes that were asked for, 416 where there are none. Of the file no other byte is read. Everything else is passed on
 * as it is.
 */
export function conditional(asked: Headers, answer: Answer): Answer {
  const { status, headers, body } = answer
  if (status !== 200 || headers['accept-ranges'] !== 'bytes' || !(body instanceof File)) return answer
  const etag = one(headers, 'etag')
  const known = one(asked, 'if-none-match')
  if (etag !== null && known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))
    return { status: 304, headers, body: undefined }
  const wanted = one(asked, 'range')
  const condition = one(asked, 'if-range')
  if (wanted === null || (condition !== null && condition !== etag)) return answer
  const range = readRange(wanted, body.size)
  if (range === null) return answer
  if (range === 'unsatisfiable')
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${body.size}` }, body: undefined }
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${range.from}-${range.to}/${body.size}` },
    body: new File([body.slice(range.from, range.to + 1)], body.name, { type: body.type }),
  }
}
