import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { unhurried } from '../../../electron/http/unhurried-socket'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel

beforeAll(async () => {
  bundle = await bundlePanelPrograms()
  running = await startPanel({ programs: bundle.programs })
})
afterAll(async () => {
  await running.stop()
  await bundle.remove()
})

test('a stream over a WebSocket waits for a reader that does not keep up', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => server.close())
  await once(server, 'listening')
  const joined = once(server, 'connection') as Promise<[WebSocket, unknown]> // what the event carries
  const reader = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`) // a TCP server's
  onTestFinished(() => reader.terminate())
  const [socket] = await joined
  await once(reader, 'open')
  const send = unhurried(socket)
  reader.pause()

  const piece = 'x'.repeat(256 * 1024)
  let waiting: Promise<void> | undefined
  let sent = 0
  while (!waiting && sent < 200) {
    waiting = send(piece)
    sent++
  }
  let isThrough = false
  void waiting?.then(() => (isThrough = true))
  await new Promise((resolve) => setImmediate(resolve))

  expect(waiting).toBeInstanceOf(Promise)
  expect(isThrough).toBe(false)
  reader.resume()
  await until('the piece to be through', () => isThrough)
})

test('a log can be had as a file, and no stranger gets it', async () => {
  const file = new URL('api/v1/services/comfyui-demo/logs/file', running.url)
  await running.rest('POST', 'services/comfyui-demo/start')

  const answer = await fetch(file, { headers: { authorization: `Bearer ${adminToken}` } })
  const text = await answer.text()

  expect(answer.headers.get('content-type')).toContain('text/plain')
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="comfyui-demo-[\dT-]+\.log"$/)
  expect(text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z (stdout|stderr|panel) (info|warn|error) /)
  expect(text).toMatch(/token=\[secret [0-9a-f]{12}\]/)
  expect((await fetch(file)).status).toBe(401)
})

test('only containers are measured', async () => {
  const { status, body } = await running.rest('GET', 'services/comfyui-demo/stats')

  expect([status, body]).toMatchObject([422, { data: { problem: 'stats.not-a-container' } }])
  expect((await running.rest('GET', 'services/nobody/stats')).status).toBe(404)
})
