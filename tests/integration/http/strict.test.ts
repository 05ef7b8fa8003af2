import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel(programs)
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

const asAdmin = { authorization: `Bearer ${adminToken}` }
const asJson = { ...asAdmin, 'content-type': 'application/json' }
const ask = (method: string, path: string, options: RequestInit = {}) =>
  fetch(new URL(path, running.url), { method, headers: asAdmin, ...options })

/** Sends a request that fetch would not make, and answers its status line and headers. */
async function raw(text: string): Promise<string> {
  const socket = connect(Number(new URL(running.url).port), '127.0.0.1')
  await once(socket, 'connect')
  const host = `host: ${new URL(running.url).host}\r\nauthorization: Bearer ${adminToken}\r\nconnection: close`
  socket.write(text.replace('HEAD-OF-ALL', host))
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  return answer
}

describe('the REST API', () => {
  it('answers a path that is not there 404, and a method that is not there 405 with those that are', async () => {
    const unknown = await ask('GET', '/api/v1/nothing')
    const wrong = await ask('PUT', '/api/v1/services/comfyui-demo')

    expect(unknown.status).toBe(404)
    expect(wrong.status).toBe(405)
    expect(wrong.headers.get('allow')).toBe('DELETE, GET, HEAD, PATCH')
    expect(await wrong.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED', data: { problem: 'http.wrong-method' } })
  })

  it('takes an array, a text or a number for no object, with a path parameter or without', async () => {
    const policy = '/api/v1/credentials/comfyui-demo/policy'
    for (const [method, path] of [
      ['POST', '/api/v1/services'],
      ['PUT', policy],
    ] as const)
      for (const body of ['[null,null]', '"text"', '7', 'true', 'null']) {
        const response = await ask(method, path, { headers: asJson, body })
        expect([method, body, response.status]).toEqual([method, body, 400])
      }
  })

  it('refuses a text where a number or a truth is meant, in a body but not in a query', async () => {
    const generation = { serviceId: 'comfyui-demo', params: { prompt: 'a lighthouse', steps: '4' } }
    const asText = await ask('POST', '/api/v1/generations', { headers: asJson, body: JSON.stringify(generation) })

    expect(asText.status).toBe(400)
    expect((await ask('GET', '/api/v1/generations?limit=2')).status).toBe(200)
  })

  it('names what it does not know, wherever it stands', async () => {
    const body = JSON.stringify({ serviceId: 'comfyui-demo', params: { prompt: 'x', step: 4 }, sevice: 1 })
    const response = await ask('POST', '/api/v1/generations', { headers: asJson, body })

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      data: { params: { issues: 'unknown: params.step, sevice' } },
    })
    expect((await ask('GET', '/api/v1/generations?limti=2')).status).toBe(400)
  })

  it('says 415 to a body of another type, and needs none for an empty body', async () => {
    const form = await ask('POST', '/api/v1/generations', { body: new URLSearchParams({ serviceId: 'comfyui-demo' }) })
    const text = await ask('POST', '/api/v1/generations', {
      headers: { ...asAdmin, 'content-type': 'text/plain' },
      body: '{}',
    })
    const empty = await ask('POST', '/api/v1/services/comfyui-demo/probe')

    expect([form.status, text.status, empty.status]).toEqual([415, 415, 200])
    expect(await form.json()).toMatchObject({ data: { hint: expect.stringContaining('application/json') as string } })
  })

  it('says 400 to what is not JSON or not percent-encoded, and 413 to what is too much', async () => {
    const broken = await ask('POST', '/api/v1/generations', { headers: asJson, body: '{"a":' })
    const large = await ask('POST', '/api/v1/generations', { headers: asJson, body: `"${'x'.repeat(1_100_000)}"` })

    expect([broken.status, large.status]).toEqual([400, 413])
    expect(await raw('GET /api/v1/services/%zz HTTP/1.1\r\nHEAD-OF-ALL\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('answers HEAD as it answers GET, without the body', async () => {
    const [get, head] = [await ask('GET', '/api/v1/services'), await ask('HEAD', '/api/v1/services')]

    expect(head.status).toBe(200)
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
    expect(await head.text()).toBe('')
    expect((await ask('HEAD', '/api/v1/nothing')).status).toBe(404)
  })

  it('gives no 500 for a method that nobody uses', async () => {
    for (const method of ['TRACE', 'PROPFIND', 'OPTIONS', 'FOO'])
      expect(await raw(`${method} /api/v1/services HTTP/1.1\r\nHEAD-OF-ALL\r\n\r\n`), method).toMatch(
        /^HTTP\/1\.1 4\d\d /,
      )
  })

  it('sends the part of an image that is asked for', async () => {
    await running.rest('POST', 'services/comfyui-demo/start')
    const { body } = await running.rest('POST', 'generations', {
      serviceId: 'comfyui-demo',
      params: { prompt: 'a lighthouse', steps: 1, width: 64, height: 64 },
    })
    const { id } = body as { id: string }
    const image = await until('the image', async () => {
      const found = (await running.rest('GET', `generations/${id}`)).body as { images: { id: string }[]; state: string }
      return found.state === 'succeeded' ? found.images[0] : undefined
    })
    const whole = new Uint8Array(await (await ask('GET', `/api/v1/images/${image.id}`)).arrayBuffer())
    const part = await ask('GET', `/api/v1/images/${image.id}`, { headers: { ...asAdmin, range: 'bytes=1-3' } })

    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes 1-3/${whole.length}`)
    expect(await part.text()).toBe('PNG')
  })

  it('goes on with events and logs after the Last-Event-ID, without a loss or a repetition', async () => {
    /** So many events of a stream, each with its id; of one type, where a service may tell of itself between them. */
    const follow = async (path: string, count: number, lastEventId?: string, type?: string) => {
      const gone = new AbortController()
      const headers = { ...asAdmin, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) }
      const response = await ask('GET', path, { headers, signal: gone.signal })
      const found: { id: string; data: unknown }[] = []
      let text = ''
      for await (const bytes of response.body ?? []) {
        text += new TextDecoder().decode(bytes)
        const whole = text.split('\n\n')
        text = whole.pop() ?? ''
        for (const event of whole) {
          const [, id] = /^id: (.+)$/m.exec(event) ?? []
          const [, data] = /^data: (.+)$/m.exec(event) ?? []
          if (id === undefined || data === undefined) continue
          if (type === undefined || data.includes(`"type":"${type}"`)) found.push({ id, data: JSON.parse(data) })
        }
        if (found.length >= count) break
      }
      gone.abort()
      return found.slice(0, count)
    }
    const [hello] = await follow('/api/v1/events', 1)
    for (const theme of ['dark', 'light']) await running.rest('PATCH', 'me/preferences', { theme })
    const [first] = await follow('/api/v1/events', 1, hello?.id, 'preferences')
    await running.rest('PATCH', 'me/preferences', { theme: 'system' })
    const rest = await follow('/api/v1/events', 2, first?.id, 'preferences')

    expect(hello?.data).toMatchObject({ type: 'hello' })
    expect([first, ...rest].map((event) => event?.data)).toMatchObject(
      ['dark', 'light', 'system'].map((theme) => ({ type: 'preferences', preferences: { theme } })),
    )

    const log = '/api/v1/services/comfyui-demo/logs/stream?tail=2'
    const [last] = await follow(log, 1)
    running.panel.parts.services.log('comfyui-demo').panel('one line more')
    const [after] = await follow(log, 1, last?.id)
    expect(after?.data).toMatchObject([{ text: 'one line more' }])
  })
})
