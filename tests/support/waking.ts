import { once } from 'node:events'
import { request as ask, Agent, type IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import type { PanelOptions } from '../../electron/panel/options'
import type { Programs } from '../../electron/panel/programs'
import type { Service, TimelineEntry } from '../../shared/contract'
import { bodyOf } from './front-door'
import { startPanel } from './panel'
import { anyKey } from './people'
import { freePort } from './ports'
import { until } from './until'

/** A graph that costs next to nothing: what it makes is told by its seed of a colour. */
export const smallJob = (colour: number) => ({
  '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: colour } },
  '2': { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
})

/** A demo panel with its gateway in front of its simulated ComfyUI, which requests may wake, and a user's key to it. */
export async function startWakingPanel({
  programs,
  ...options
}: {
  programs: Programs
  dataFolder?: string
} & Pick<PanelOptions, 'gatewayStages' | 'sleepClock'>) {
  const port = await freePort()
  const running = await startPanel({ programs, ...options })
  const { key } = await running.panel.parts.access.people.createKey(anyKey('user'), 'admin')
  const id = 'comfyui-demo'
  const change = await running.rest('PATCH', `services/${id}`, {
    idle: { wake: true },
    gateway: { enabled: true, host: '127.0.0.1', port, tls: 'off', unknownRoutes: true },
  })
  if (change.status !== 200) throw new Error(JSON.stringify(change.body))
  await running.panel.parts.gateway.settled()
  const [listener] = running.panel.parts.gateway.read().listeners
  if (listener?.state !== 'listening') throw new Error(`the gateway does not listen: ${JSON.stringify(listener)}`)
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const url = `http://127.0.0.1:${port}`
  const service = async () => (await running.rest('GET', `services/${id}`)).body as Service

  return {
    ...{ running, id, url, port, key, service },
    act: (operation: 'start' | 'stop' | 'restart') => running.rest('POST', `services/${id}/${operation}`),
    is: (state: Service['health']['state']) =>
      until(`the service is ${state}`, async () => (await service()).health.state === state),
    timeline: async () =>
      ((await running.rest('GET', `services/${id}/timeline`)).body as { items: TimelineEntry[] }).items,
    /** Asks through the gateway; a body is sent as JSON. */
    async ask(path: string, { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {}) {
      const sent = body === undefined ? undefined : JSON.stringify(body)
      const request = ask(`${url}${path}`, {
        method: sent === undefined ? 'GET' : 'POST',
        agent,
        headers: {
          authorization: `Bearer ${key}`,
          ...headers,
          ...(sent === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)) }),
        },
      })
      request.end(sent)
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      return { status: response.statusCode ?? 0, headers: response.headers, text: (await bodyOf(response)).toString() }
    },
    /** A client's socket and the messages that reached it. */
    async socket(clientId: string) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws?clientId=${clientId}&token=${key}`)
      const messages: { type: string; data: Record<string, unknown> }[] = []
      socket.on('message', (data: Buffer, isBinary) => {
        if (!isBinary) messages.push(JSON.parse(data.toString()) as (typeof messages)[number])
      })
      const closed = new Promise<number>((resolve) => socket.once('close', resolve))
      await once(socket, 'open')
      return { socket, messages, closed }
    },
    async stop() {
      agent.destroy()
      await running.stop()
    },
  }
}

export type WakingPanel = Awaited<ReturnType<typeof startWakingPanel>>
