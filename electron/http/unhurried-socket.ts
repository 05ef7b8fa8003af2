import type { WebSocket } from 'ws'

/** So much may wait for a slow reader before a stream has to wait too, in bytes. */
const highWater = 1024 * 1024

/**
 * A socket's `send` as oRPC calls it: it answers a promise while too much waits to be sent: oRPC awaits it, so that a
 * stream goes no faster than its reader instead of filling the memory.
 */
export const unhurried =
  (socket: WebSocket) =>
  (data: Parameters<WebSocket['send']>[0]): Promise<void> | undefined => {
    if (socket.bufferedAmount < highWater) {
      socket.send(data)
      return undefined
    }
    // A socket that closes meanwhile ends its streams by itself.
    return new Promise((resolve) => socket.send(data, () => resolve()))
  }
