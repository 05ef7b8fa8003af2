// A gateway in front of a service: a stranger is refused with STATUS (302 to a sign-in page, 403 …), the right Authorization goes through.
// node gateway.mjs PORT TO STATUS EXPECTED_AUTHORIZATION [PREFIX]
import http from 'node:http'
import net from 'node:net'
const [port, to, status, expected, prefix = ''] = process.argv.slice(2)
const target = new URL(to)
const ok = (request) => request.headers.authorization === expected
const strip = (url) => (prefix && url.startsWith(prefix) ? url.slice(prefix.length) || '/' : url)
const server = http.createServer((request, response) => {
  if (!ok(request)) {
    if (status === '302')
      response.writeHead(302, { location: '/login?redirect=' + encodeURIComponent(request.url) }).end()
    else
      response
        .writeHead(Number(status), { 'content-type': 'application/json' })
        .end(JSON.stringify({ detail: 'Not authenticated' }))
    return
  }
  if (prefix && !request.url.startsWith(prefix)) {
    response.writeHead(404).end('not here')
    return
  }
  const headers = { ...request.headers, host: target.host }
  delete headers.authorization
  const up = http.request(
    { host: target.hostname, port: target.port, path: strip(request.url), method: request.method, headers },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers)
      answer.pipe(response)
    },
  )
  up.on('error', () => response.writeHead(502).end())
  request.pipe(up)
})
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => {})
  if (!ok(request)) {
    socket.end(
      `HTTP/1.1 ${status} No\r\n${status === '302' ? 'Location: /login\r\n' : ''}Connection: close\r\nContent-Length: 0\r\n\r\n`,
    )
    return
  }
  const up = net.connect(Number(target.port), target.hostname, () => {
    const headers = Object.entries(request.headers)
      .filter(([k]) => k !== 'authorization' && k !== 'host')
      .map(([k, v]) => `${k}: ${v}`)
      .join('\r\n')
    up.write(`GET ${strip(request.url)} HTTP/1.1\r\nHost: ${target.host}\r\n${headers}\r\n\r\n`)
    up.write(head)
    up.pipe(socket)
    socket.pipe(up)
  })
  up.on('error', () => socket.destroy())
})
server.listen(Number(port), '127.0.0.1', () => console.log('gateway', server.address().port))
