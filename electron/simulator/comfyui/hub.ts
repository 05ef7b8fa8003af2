import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import { isObject, type Json } from './graph'

/** What the server tells in `/features` and in the answer to a client's feature flags. */
export const serverFeatures = (limitBytes: number) => ({
  supports_preview_metadata: true,
  max_upload_size: limitBytes,
})

export interface PreviewFrame {
  promptId: string
  nodeId: string
  mime: 'image/jpeg' | 'image/png'
  bytes: Buffer
}

interface Client {
  socket: WebSocket
  previewMetadata: boolean
}

/** The open WebSockets by client id. */
export interface Hub {
  /** `greeting` holds what follows the first status frame. */
  join: (
    socket: WebSocket,
    clientId: string | null,
    greeting: (sid: string) => { remaining: number; node: string | null },
  ) => void
  /** To one client, or to all when `to` is null; an unknown client gets nothing. */
  send: (type: string, data: Json, to: string | null) => void
  /** Type 4 with metadata for clients that asked for it (`before` the progress message), type 1 for others (after it). */
  preview: (frame: PreviewFrame, to: string | null, moment: 'before' | 'after') => void
  subscribeLogs: (clientId: string, enabled: boolean) => void
  logs: (data: Json) => void
  /** Cuts a client's connection without a close frame. */
  cut: (clientId: string) => void
}

function binary(head: Buffer[], bytes: Buffer): Buffer {
  return Buffer.concat([...head, bytes])
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4)
  out.writeUInt32BE(value)
  return out
}

function withMetadata({ promptId, nodeId, mime, bytes }: PreviewFrame): Buffer {
  const metadata = Buffer.from(
    JSON.stringify({
      node_id: nodeId,
      prompt_id: promptId,
      display_node_id: nodeId,
      parent_node_id: null,
      real_node_id: nodeId,
      image_type: mime,
    }),
  )
  return binary([u32(4), u32(metadata.length), metadata], bytes)
}

const message = (type: string, data: Json) => JSON.stringify({ type, data })

/** Answers a client's feature flags. */
function negotiate(client: Client, limitBytes: number) {
  let first = true
  client.socket.on('message', (data, isBinary) => {
    // Only the first text message may negotiate features.
    if (!first || isBinary) return
    first = false
    let said: unknown
    try {
      said = JSON.parse((data as Buffer).toString('utf8')) // ws hands text over as one Buffer
    } catch {
      return
    }
    if (!isObject(said) || said['type'] !== 'feature_flags') return
    client.previewMetadata = isObject(said['data']) && said['data']['supports_preview_metadata'] === true
    client.socket.send(message('feature_flags', serverFeatures(limitBytes)))
  })
}

export function createHub(limitBytes: number): Hub {
  const clients = new Map<string, Client>()
  const logSubscribers = new Set<string>()
  const chosen = (to: string | null) =>
    to === null ? [...clients.values()] : [clients.get(to)].filter((c) => c !== undefined)

  function listen(client: Client, sid: string) {
    negotiate(client, limitBytes)
    client.socket.on('close', () => {
      // Whoever holds this id now is removed with it: ComfyUI's own way of losing a reconnected client.
      clients.delete(sid)
      logSubscribers.delete(sid)
    })
    client.socket.on('error', () => client.socket.terminate())
  }

  return {
    join(socket, clientId, greeting) {
      const sid = clientId || randomUUID().replaceAll('-', '')
      const client = { socket, previewMetadata: false }
      clients.set(sid, client)
      listen(client, sid)
      const { remaining, node } = greeting(sid)
      socket.send(message('status', { status: { exec_info: { queue_remaining: remaining } }, sid }))
      if (node !== null) socket.send(message('executing', { node }))
    },
    send(type, data, to) {
      const line = message(type, data)
      for (const { socket } of chosen(to)) socket.send(line)
    },
    preview(frame, to, moment) {
      for (const { socket, previewMetadata } of chosen(to)) {
        if (previewMetadata && moment === 'before') socket.send(withMetadata(frame))
        if (!previewMetadata && moment === 'after') {
          socket.send(binary([u32(1), u32(frame.mime === 'image/jpeg' ? 1 : 2)], frame.bytes))
        }
      }
    },
    subscribeLogs(clientId, enabled) {
      if (enabled) logSubscribers.add(clientId)
      else logSubscribers.delete(clientId)
    },
    logs(data) {
      for (const id of logSubscribers) clients.get(id)?.socket.send(message('logs', data))
    },
    cut(clientId) {
      clients.get(clientId)?.socket.terminate()
    },
  }
}
