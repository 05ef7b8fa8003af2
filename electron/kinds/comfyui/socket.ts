import { WebSocket } from 'ws'
import { kinds } from '../../../shared/kinds'
import { Problem } from '../../../shared/problems'
import { abortReason, onAbort } from '../../async/abort'
import type { BackendTarget } from '../backend'
import { authorization } from '../client'
import { withoutSecrets } from '../foreign'
import { networkProblem } from '../http'
import { wordsLimit } from '../limits'
import { isRefusal } from '../refusal'
import type { BackendTiming } from '../timing'
import { readFrame } from './frames'
import type { JobInput } from './job'
import { readMessage } from './messages'

/** Twice as much as the largest preview that is shown. */
const maxFrameBytes = 8 * 2 ** 20

interface SocketOptions {
  target: BackendTarget
  clientId: string
  timing: BackendTiming
  onInput: (input: JobInput) => void
  /** Called once, when a socket that was open has closed. */
  onLost: () => void
  signal: AbortSignal
}

export interface ComfySocket {
  /** Resolves when the socket is closed. */
  close(): Promise<void>
}

/** The service answers, but its WebSocket cannot be had (a proxy in between): the job is followed by polling. */
export class NoWebSocket extends Error {}

/**
 * Opens ComfyUI's WebSocket and asks for previews that name their prompt. Resolves with the first `status` frame:
 * events of a prompt that is submitted earlier would be lost. Throws a Problem when the service cannot be reached or
 * refuses the credential, and NoWebSocket for every other refusal.
 */
export async function openSocket(options: SocketOptions): Promise<ComfySocket> {
  const { target, clientId, timing, signal } = options
  const header = await target.lendSecret((secret) => authorization(kinds.comfyui.scheme, secret))
  if (signal.aborted) throw abortReason(signal)
  const socket = new WebSocket(`${target.url.replace(/^http/, 'ws')}/ws?clientId=${encodeURIComponent(clientId)}`, {
    headers: { 'user-agent': 'Regie', ...(header === null ? {} : { authorization: header }) },
    perMessageDeflate: false,
    handshakeTimeout: timing.callMs,
    maxPayload: maxFrameBytes,
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const close = async () => {
    socket.close(1000)
    const timer = setTimeout(() => socket.terminate(), 1_000)
    await closed
    clearTimeout(timer)
  }
  try {
    await firstStatus(socket, options)
  } catch (error) {
    socket.terminate()
    throw error
  }
  const stopPinging = keepAlive(socket, timing.pingMs)
  let closing = false
  void closed.then(() => {
    stopPinging()
    if (!closing) options.onLost()
  })
  return {
    close: () => {
      closing = true
      return close()
    },
  }
}

function firstStatus(socket: WebSocket, { target, timing, onInput, signal }: SocketOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NoWebSocket('no status frame')), timing.callMs)
    const settle = (finish: () => void) => {
      clearTimeout(timer)
      leave()
      finish()
    }
    const leave = onAbort(signal, () => settle(() => reject(abortReason(signal))))
    socket.once('open', () =>
      socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } })),
    )
    socket.once('unexpected-response', (request, response) => {
      const status = response.statusCode ?? 0
      settle(() =>
        reject(
          isRefusal({ status, location: response.headers.location ?? null }, `${target.url}/ws`)
            ? new Problem('backend.refused', { url: target.url, status, detail: 'WS /ws' })
            : new NoWebSocket(`${status}`),
        ),
      )
      request.destroy()
    })
    // Stays for the socket's whole life: an error without a listener would end the process.
    socket.on('error', (error) =>
      settle(() => reject(networkProblem(error, target.url) ?? new NoWebSocket(error.message))),
    )
    socket.once('close', () => settle(() => reject(new NoWebSocket('closed'))))
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        const frame = readFrame(data)
        if (frame) onInput({ type: 'frame', frame })
        return
      }
      // Nothing that is read is so long; how the job ended is told by its history too.
      if (data.length > wordsLimit) return
      const message = readMessage(withoutSecrets(data.toString('utf8'), target.redact))
      if (!message) return
      if (message.type === 'status') settle(resolve)
      onInput({ type: 'message', message })
    })
  })
}

/** ComfyUI sends no pings, so a connection that died silently is found by asking. */
function keepAlive(socket: WebSocket, pingMs: number): () => void {
  let answered = true
  socket.on('pong', () => (answered = true))
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate()
      return
    }
    answered = false
    socket.ping()
  }, pingMs)
  return () => clearInterval(timer)
}
