import { isPanelUrl, panelOrigin } from './scheme'

/** Answers the desktop window's requests. The request's signal aborts when the page no longer wants the answer. */
export type DesktopHandler = (request: Request) => Promise<Response>

/**
 * The desktop's door: lets only the panel's own page through to `handler`, and joins the two ends of a request.
 * When a page aborts a fetch or goes away, Electron cancels the response's body but leaves the request's signal
 * alone (lib/browser/api/protocol.ts builds the Request without one), so the signal that `handler` sees is aborted
 * here. Rejects with what `handler` rejects with.
 */
export const createDesktopDoor =
  (handler: DesktopHandler): DesktopHandler =>
  async (request) => {
    if (!isPanelUrl(request.url)) return refuse(404, 'There is only the panel here.')
    const origin = request.headers.get('origin')
    if (origin !== null && origin !== panelOrigin) return refuse(403, 'Another page may not talk to Regie.')

    const left = new AbortController()
    const signal = AbortSignal.any([request.signal, left.signal])
    const response = await handler(new Request(request, { signal }))
    if (response.body === null) return response
    return new Response(
      tellWhenCancelled(response.body, () => left.abort()),
      { status: response.status, statusText: response.statusText, headers: response.headers },
    )
  }

const refuse = (status: number, text: string) =>
  new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })

/** The same bytes, chunk by chunk and no faster than they are read; `cancelled` is called when the reader gives up. */
function tellWhenCancelled(body: ReadableStream<Uint8Array>, cancelled: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel(reason) {
        cancelled()
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
