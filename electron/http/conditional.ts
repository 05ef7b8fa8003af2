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

/**
 * Answers a conditional request and a range of what says `Accept-Ranges: bytes`, as HTTP has it
 * (https://www.rfc-editor.org/rfc/rfc9110#section-13 and #section-14): 304 to whoever has it already, 206 with the
 * bytes that were asked for, 416 where there are none. Everything else is passed on as it is.
 */
export async function conditional(request: Request, response: Response): Promise<Response> {
  if (response.status !== 200 || response.headers.get('accept-ranges') !== 'bytes') return response
  const { headers } = response
  const etag = headers.get('etag')
  const known = request.headers.get('if-none-match')
  if (etag !== null && known !== null && known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)) {
    await response.body?.cancel()
    headers.delete('content-length')
    return new Response(null, { status: 304, headers })
  }
  const asked = request.headers.get('range')
  const condition = request.headers.get('if-range')
  if (asked === null || (condition !== null && condition !== etag)) return response
  const bytes = await response.bytes()
  const range = readRange(asked, bytes.length)
  if (range === 'unsatisfiable') {
    headers.delete('content-length')
    headers.set('content-range', `bytes */${bytes.length}`)
    return new Response(null, { status: 416, headers })
  }
  if (range === null) return new Response(bytes, { headers })
  const part = bytes.subarray(range.from, range.to + 1)
  headers.set('content-range', `bytes ${range.from}-${range.to}/${bytes.length}`)
  headers.set('content-length', String(part.length))
  return new Response(part, { status: 206, headers })
}
