import { z } from 'zod'
import { openSocket } from '../talk'
import type { ComfyuiWorld } from './world'

type Json = Record<string, unknown>
export type Message = { type: string; data: Json } | { type: 'binary'; bytes: Buffer }

const Envelope = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()).catch({}) })
const Status = z.object({ status: z.object({ exec_info: z.object({ queue_remaining: z.number() }) }) })
const States = z.object({ nodes: z.record(z.string(), z.object({ node_id: z.string(), state: z.string() })) })

/** One short line a message. */
function lineOf(message: Message): string {
  if ('bytes' in message) return `binary ${message.bytes.readUInt32BE(0)}`
  const { type, data } = message
  const status = type === 'status' ? Status.safeParse(data).data : undefined
  if (status) return `status ${status.status.exec_info.queue_remaining}`
  const states = type === 'progress_state' ? States.safeParse(data).data : undefined
  const last = states ? Object.values(states.nodes).at(-1) : undefined
  if (last) return `progress_state ${last.node_id} ${last.state}`
  if (type === 'progress') return `progress ${String(data['value'])}/${String(data['max'])}`
  if (type === 'execution_cached') return `cached ${JSON.stringify(data['nodes'])}`
  return 'node' in data ? `${type} ${String(data['node'])}` : type
}

const promptOf = (message: Message) => ('data' in message ? message.data['prompt_id'] : undefined)

/** A client of ComfyUI's WebSocket that keeps every message. Resolves with the first status frame. */
export async function listen(world: ComfyuiWorld, clientId: string, signal: AbortSignal) {
  const messages: Message[] = []
  const waiting = new Set<() => void>()
  const socket = await openSocket(
    world.url,
    `/ws?clientId=${clientId}`,
    world.headers('right'),
    signal,
    (data, isBinary) => {
      if (isBinary) messages.push({ type: 'binary', bytes: data })
      else messages.push(Envelope.parse(JSON.parse(data.toString('utf8'))))
      for (const look of waiting) look()
    },
  )
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))

  /** Resolves with the first message that fits, sent or still to come. */
  const receive = (fits: (message: Message) => boolean) =>
    new Promise<Message>((resolve, reject) => {
      const look = () => {
        const found = messages.find(fits)
        if (!found) return
        waiting.delete(look)
        resolve(found)
      }
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }) // the row's own reasons
      waiting.add(look)
      look()
    })
  await receive(({ type }) => type === 'status')
  return {
    messages,
    receive,
    send: (type: string, data: Json) => socket.send(JSON.stringify({ type, data })),
    /** Waits until the worker has closed a prompt. */
    settled: (id: string) =>
      receive((m) => 'data' in m && m.type === 'executing' && m.data['node'] === null && promptOf(m) === id),
    /** The story of one prompt: what names another, or is the queue's, is left out. */
    storyOf: (id: string) =>
      messages.filter((m) => m.type !== 'status' && (promptOf(m) === undefined || promptOf(m) === id)).map(lineOf),
    data: (type: string, id: string) =>
      messages.flatMap((m) => ('data' in m && m.type === type && promptOf(m) === id ? [m.data] : [])),
    async close() {
      socket.close()
      await closed
    },
  }
}
