// @ts-check
// What stands behind the gateway in `npm run bench -- gateway`, beside nginx: takes uploads, and plays as much of ComfyUI as
// WebSockets with previews need. Prints its port.
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

/** @type {Map<string, import('ws').WebSocket>} */
const joined = new Map()
const frame = Buffer.alloc(8 + 24 * 1024, 7)
frame.writeUInt32BE(1, 0)
frame.writeUInt32BE(1, 4)

/**
 * Sends the previews of a job, one every `everyMs`, numbered in their first bytes.
 * @param {string} clientId @param {string} promptId @param {number} frames @param {number} everyMs
 */
function run(clientId, promptId, frames, everyMs) {
  const socket = joined.get(clientId)
  if (!socket) return
  socket.send(JSON.stringify({ type: 'execution_start', data: { prompt_id: promptId } }))
  socket.send(JSON.stringify({ type: 'executing', data: { node: '1', prompt_id: promptId } }))
  let sent = 0
  const timer = setInterval(() => {
    if (sent === frames) {
      clearInterval(timer)
      socket.send(JSON.stringify({ type: 'execution_success', data: { prompt_id: promptId } }))
      return
    }
    const data = { value: sent, max: frames, prompt_id: promptId, node: '1' }
    socket.send(JSON.stringify({ type: 'progress', data }))
    const preview = Buffer.from(frame)
    preview.writeUInt32BE(sent, 8)
    socket.send(preview)
    sent += 1
  }, everyMs)
}

const server = createServer((request, response) => {
  if (request.url?.startsWith('/prompt') || request.url?.startsWith('/api/prompt')) {
    /** @type {Buffer[]} */
    const pieces = []
    request.on('data', (/** @type {Buffer} */ piece) => pieces.push(piece))
    request.on('end', () => {
      const asked = JSON.parse(Buffer.concat(pieces).toString())
      const id = asked.prompt_id ?? asked.client_id
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ prompt_id: id, number: 1, node_errors: {} }))
      run(asked.client_id, id, asked.extra_data.frames, asked.extra_data.everyMs)
    })
    return
  }
  let bytes = 0
  request.on('data', (/** @type {Buffer} */ piece) => (bytes += piece.length))
  request.on('end', () => response.end(String(bytes)))
})

const sockets = new WebSocketServer({ server })
sockets.on('connection', (socket, request) => {
  const clientId = new URL(request.url ?? '/', 'http://x').searchParams.get('clientId') ?? ''
  joined.set(clientId, socket)
  socket.send(
    JSON.stringify({ type: 'status', data: { status: { exec_info: { queue_remaining: 0 } }, sid: clientId } }),
  )
  socket.on('close', () => joined.delete(clientId))
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
