// @ts-check
// A service that answers every request with what it was last told, on a thread of its own: what it costs is not the panel's.
import { createServer } from 'node:http'
import { parentPort } from 'node:worker_threads'

/** @type {{ status: number, bodies: [string, Uint8Array][] }} */
let told = { status: 200, bodies: [] }
const server = createServer((request, response) => {
  request.resume()
  const body = told.bodies.find(([path]) => request.url?.startsWith(path))?.[1]
  response.writeHead(body ? told.status : 404, { 'content-type': 'application/json' })
  response.end(body)
})
parentPort?.on('message', (next) => {
  told = next
  parentPort?.postMessage({ isReady: true })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  parentPort?.postMessage({ port: typeof address === 'object' ? address?.port : 0 })
})
