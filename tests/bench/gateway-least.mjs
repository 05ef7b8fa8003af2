// @ts-check
// The least that node does in the gateway's place: passes requests and upgraded connections on, and looks at nothing. What
// the gateway takes is held beside it in `npm run bench -- gateway`. Given the port to pass on to; prints its own.
import { Agent, createServer, request as ask } from 'node:http'
import net from 'node:net'
import { pipeline } from 'node:stream'

const port = Number(process.argv[2])
const agent = new Agent({ keepAlive: true, noDelay: true })
const host = '127.0.0.1'

const server = createServer({ noDelay: true }, (request, response) => {
  const { method, url: path, headers } = request
  const sent = ask({ host, port, agent, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    pipeline(answer, response, () => undefined)
  })
  pipeline(request, sent, (error) => error && response.destroy())
})

server.on('upgrade', (request, socket, head) => {
  const wire = net.connect({ host, port, noDelay: true })
  const lines = []
  for (let at = 0; at < request.rawHeaders.length; at += 2)
    lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}\r\n`)
  wire.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('')}\r\n`)
  wire.write(head)
  pipeline(socket, wire, socket, () => undefined)
})

server.listen(0, host, () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
