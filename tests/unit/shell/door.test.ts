import { describe, expect, it } from 'vitest'
import { createDesktopDoor } from '../../../electron/shell/door'

/** A handler that streams until it is told to stop, and the signals that it saw. */
function streamingHandler() {
  const signals: AbortSignal[] = []
  let cancelled = 0
  const handler = (request: Request) => {
    signals.push(request.signal)
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('tick ')),
      cancel: () => {
        cancelled += 1
      },
    })
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
  }
  return { handler, signals, cancelled: () => cancelled }
}

describe('the desktop door', () => {
  it('aborts the signal of a request whose answer is cancelled, and cancels the stream behind it', async () => {
    const { handler, signals, cancelled } = streamingHandler()
    const response = await createDesktopDoor(handler)(new Request('regie://panel/rpc/events'))
    const reader = response.body?.getReader()
    await reader?.read()
    expect(signals[0]?.aborted).toBe(false)

    await reader?.cancel()

    expect(signals[0]?.aborted).toBe(true)
    expect(cancelled()).toBe(1)
  })

  it('aborts the signal also when the request’s own signal is aborted', async () => {
    const { handler, signals } = streamingHandler()
    const page = new AbortController()
    await createDesktopDoor(handler)(new Request('regie://panel/rpc/events', { signal: page.signal }))

    page.abort()

    expect(signals[0]?.aborted).toBe(true)
  })

  it('leaves the signal alone when the answer was read to its end', async () => {
    let signal: AbortSignal | undefined
    const door = createDesktopDoor((request) => {
      signal = request.signal
      return Promise.resolve(new Response('all of it'))
    })

    const text = await (await door(new Request('regie://panel/'))).text()

    expect(text).toBe('all of it')
    expect(signal?.aborted).toBe(false)
  })

  it('reads no faster than the page', async () => {
    let made = 0
    const door = createDesktopDoor(() => {
      const body = new ReadableStream<Uint8Array>(
        {
          pull: (controller) => {
            made += 1
            controller.enqueue(new Uint8Array(1024))
          },
        },
        { highWaterMark: 0 },
      )
      return Promise.resolve(new Response(body))
    })

    const reader = (await door(new Request('regie://panel/logs'))).body?.getReader()
    await reader?.read()
    await reader?.read()

    expect(made).toBe(2)
    await reader?.cancel()
  })

  it('passes a stream’s failure on', async () => {
    const door = createDesktopDoor(() => {
      const body = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error('the source broke')) })
      return Promise.resolve(new Response(body))
    })

    const response = await door(new Request('regie://panel/logs'))

    await expect(response.text()).rejects.toThrow('the source broke')
  })

  it('hands on method, headers and body, and keeps status and headers of the answer', async () => {
    const door = createDesktopDoor(async (request) => {
      const body: unknown = await request.json()
      return Response.json(
        { method: request.method, type: request.headers.get('content-type'), body },
        { status: 422, headers: { 'x-kept': 'yes' } },
      )
    })
    const request = new Request('regie://panel/rpc/services/start', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'regie://panel' },
      body: JSON.stringify({ json: { id: 'comfyui-demo' } }),
    })

    const response = await door(request)

    expect(response.status).toBe(422)
    expect(response.headers.get('x-kept')).toBe('yes')
    expect(await response.json()).toEqual({
      method: 'POST',
      type: 'application/json',
      body: { json: { id: 'comfyui-demo' } },
    })
  })

  it('lets an answer without a body through', async () => {
    const door = createDesktopDoor(() => Promise.resolve(new Response(null, { status: 304 })))

    const response = await door(new Request('regie://panel/assets/index.js'))

    expect(response.status).toBe(304)
    expect(response.body).toBeNull()
  })

  it.each(['https://evil.example', 'null', 'regie://other', 'http://127.0.0.1:7420'])(
    'refuses a request from the origin %s',
    async (origin) => {
      const door = createDesktopDoor(() => Promise.reject(new Error('the handler was reached')))

      const response = await door(new Request('regie://panel/rpc/services/list', { headers: { origin } }))

      expect(response.status).toBe(403)
    },
  )

  it.each(['regie://other/', 'regie://panel.evil.example/', 'https://panel/', 'regie://panel:81/'])(
    'refuses the address %s',
    async (address) => {
      const door = createDesktopDoor(() => Promise.reject(new Error('the handler was reached')))

      const response = await door(new Request(address))

      expect(response.status).toBe(404)
    },
  )
})
