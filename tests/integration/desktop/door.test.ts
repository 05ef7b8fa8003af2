import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDesktopDoor } from '../../../electron/shell/door'
import { ownerCaller } from '../../../electron/shell/owner-caller'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
let door: (request: Request) => Promise<Response>

beforeAll(async () => {
  bundle = await bundlePanelPrograms()
  running = await startPanel({ programs: bundle.programs, demo: false })
  const { handler, parts } = running.panel
  door = createDesktopDoor((request) => handler(request, ownerCaller(parts.owner)))
})
afterAll(async () => {
  await running.stop()
  await bundle.remove()
})

const streams = [
  ['REST', () => new Request('regie://panel/api/v1/events')],
  [
    'RPC',
    () =>
      new Request('regie://panel/rpc/system/events', {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'regie://panel' },
        body: '{}',
      }),
  ],
] as const

describe('the panel behind the desktop door', () => {
  it('answers its page', async () => {
    const response = await door(new Request('regie://panel/'))

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it.each(streams)('ends a %s subscription when the page no longer reads it', async (_kind, makeRequest) => {
    const { events } = running.panel.parts
    const response = await door(makeRequest())
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const reader = response.body?.getReader()
    await reader?.read()
    await until('the subscription to stand', () => events.subscriberCount() === 1)

    await reader?.cancel()

    await until('the subscription to end', () => events.subscriberCount() === 0)
  })

  it('keeps the other subscriptions when one page of several goes', async () => {
    const { events } = running.panel.parts
    const open = async () => (await door(new Request('regie://panel/api/v1/events'))).body?.getReader()
    const stays = await open()
    const goes = await open()
    await Promise.all([stays?.read(), goes?.read()])
    await until('both subscriptions to stand', () => events.subscriberCount() === 2)

    await goes?.cancel()

    await until('one subscription to end', () => events.subscriberCount() === 1)
    await stays?.cancel()
    await until('the other to end', () => events.subscriberCount() === 0)
  })
})
