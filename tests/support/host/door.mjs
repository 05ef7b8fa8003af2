// Carries the browser's requests to the program's protocol handlers and back, streaming both ways. HTTP/2, because
// a custom protocol has no limit of six connections.
import http2 from 'node:http2'
import { PassThrough, Readable } from 'node:stream'
import { toProgram } from './addresses.mjs'

/** Headers that HTTP/2 has no place for. */
const ofConnection = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'host'])

/** The request as Electron builds it for a protocol handler: no signal, the program's own addresses. */
function toRequest(stream, headers) {
  const method = headers[':method']
  const forwarded = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || ofConnection.has(name)) continue
    const text = String(value)
    if (name === 'origin') forwarded.set(name, toProgram(`${text}/`).slice(0, -1))
    else forwarded.set(name, name === 'referer' ? toProgram(text) : text)
  }
  // Through a pipe: the web stream of a duplex would end only when the answer has ended too.
  const body = method === 'GET' || method === 'HEAD' ? undefined : Readable.toWeb(stream.pipe(new PassThrough()))
  const address = toProgram(`https://${headers[':authority']}${headers[':path']}`)
  return new Request(address, { method, headers: forwarded, ...(body && { body, duplex: 'half' }) })
}

async function answer(stream, headers, handlerFor) {
  stream.on('error', () => stream.destroy())
  const request = toRequest(stream, headers)
  const handler = handlerFor(new URL(request.url).protocol.slice(0, -1))
  if (!handler) return stream.respond({ ':status': 502 }, { endStream: true })
  const response = await handler(request)
  const body = response.body ? Readable.fromWeb(response.body) : null
  const leave = () => body?.destroy()
  body?.on('error', () => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR))
  // Like Electron: a page that goes away cancels the body, whether or not it has begun.
  if (stream.destroyed) return leave()
  stream.once('close', leave)
  const answered = { ':status': response.status }
  for (const [name, value] of response.headers) if (!ofConnection.has(name)) answered[name] = value
  stream.respond(answered, { endStream: body === null })
  body?.pipe(stream)
}

/**
 * Listens on a free loopback port. `handlerFor(scheme)` returns the handler that the program registered.
 * `openStreams()` counts requests that are still being answered.
 */
export async function openDoor(certificate, handlerFor) {
  const server = http2.createSecureServer({ key: certificate.key, cert: certificate.cert })
  const sessions = new Set()
  let open = 0
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => session.destroy())
    session.once('close', () => sessions.delete(session))
  })
  server.on('stream', (stream, headers) => {
    open += 1
    stream.once('close', () => (open -= 1))
    answer(stream, headers, handlerFor).catch((error) => {
      console.error('[host] a protocol handler failed:', error)
      stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR)
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    openStreams: () => open,
    close() {
      for (const session of sessions) session.destroy()
      server.close()
    },
  }
}
