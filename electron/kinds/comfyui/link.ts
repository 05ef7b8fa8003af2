import { setTimeout as delay } from 'node:timers/promises'
import type { BackendTarget } from '../backend'
import type { BackendTiming } from '../timing'
import type { JobInput } from './job'
import { NoWebSocket, openSocket, type ComfySocket } from './socket'

/**
 * A WebSocket that comes back after a drop, under the same client id, for the length of one job. The id is the job's:
 * the service tells a job's events to the client that submitted it, and a panel that starts anew finds it so again.
 */
export interface Link {
  readonly clientId: string
  /** False from the first drop on: what was said meanwhile is lost, so the job must be followed by polling too. */
  readonly unbroken: boolean
  /** Returns why there is no WebSocket, or null. Throws a Problem when the service is not there at all. */
  open(signal: AbortSignal): Promise<string | null>
  close(): Promise<void>
}

/**
 * Tries again and again to reconnect. Only after the old socket has closed: ComfyUI would forget the new one of the same
 * client when the old one closes later (server.py). Failures are left to polling, which tells a dead service from a lost
 * socket.
 */
async function untilConnected(connect: () => Promise<void>, everyMs: number, signal: AbortSignal) {
  while (!signal.aborted) {
    try {
      await delay(everyMs, undefined, { signal })
      await connect()
      return
    } catch {
      continue // the next try tells; until it does, the queue and the history are asked
    }
  }
}

export function createLink(
  target: BackendTarget,
  { clientId, timing }: { clientId: string; timing: BackendTiming },
  listener: { onInput: (input: JobInput) => void; onLost: () => void },
): Link {
  const ended = new AbortController()
  let socket: ComfySocket | null = null
  let unbroken = false

  async function connect(signal: AbortSignal) {
    const opened = await openSocket({
      target,
      clientId,
      timing,
      signal,
      onInput: listener.onInput,
      onLost: () => {
        socket = null
        unbroken = false
        listener.onLost()
        void untilConnected(() => connect(ended.signal), timing.tickMs, ended.signal)
      },
    })
    if (ended.signal.aborted) await opened.close()
    else socket = opened
  }

  return {
    clientId,
    get unbroken() {
      return unbroken
    },
    async open(signal) {
      try {
        await connect(signal)
        unbroken = true
        return null
      } catch (error) {
        if (error instanceof NoWebSocket) return error.message
        throw error
      }
    },
    async close() {
      ended.abort()
      await socket?.close()
    },
  }
}
