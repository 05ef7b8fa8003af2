import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { bodyLimits } from './limits'

/** What a WebSocket is closed with when a message is too large: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const tooBig = 1009

/**
 * Whoever has not identified themselves sends no more than `data` allows in all: so a page's first message, after which
 * files may come, costs no more memory than a request. Counted on the connection, before messages are put together.
 */
export function limitStranger(webSocket: WebSocket, connection: Duplex, isStranger: () => boolean): void {
  let bytes = 0
  const count = (chunk: Buffer) => {
    if (!isStranger()) {
      connection.off('data', count)
      return
    }
    bytes += chunk.length
    if (bytes > bodyLimits.data) webSocket.terminate()
  }
  connection.on('data', count)
}

/** Where the JSON of a binary message ends and the bytes of its files begin: no byte of UTF-8. */
const delimiter = 0xff

const isTooLarge = (message: unknown): boolean => {
  if (!Buffer.isBuffer(message)) return typeof message !== 'string' || Buffer.byteLength(message) > bodyLimits.data
  if (message.length <= bodyLimits.data) return false
  const end = message.subarray(0, bodyLimits.data + 1).indexOf(delimiter)
  return end === -1 || message.length > bodyLimits.file
}

/**
 * How a WebSocket's events are listened to, but that a message above its limit (`file` where files stand in it, else
 * `data`) is not told: it closes the socket, as one above the limit of the socket itself does.
 */
export const measured =
  (socket: WebSocket): WebSocket['addEventListener'] =>
  (type, listener, options) => {
    socket.addEventListener(
      type,
      (event) => {
        if ('data' in event && isTooLarge(event.data)) socket.close(tooBig, 'message too big')
        else if (typeof listener === 'function') listener(event)
        else listener.handleEvent(event)
      },
      options,
    )
  }
