import type { WebSocket } from 'ws'
import * as z from 'zod'

/** What a WebSocket is closed with when it says what cannot be understood: RFC 6455, section 7.4.1. */
const notUnderstood = 1007

/** Nothing for strangers takes a file, and only these carry one. */
const notForThem = 1008

const origin = 'http://panel.invalid'

/** A call, or what follows one: an event for it, or that its answer is not wanted any more. */
const Message = z.object({ i: z.string(), t: z.literal([1, 3, 4]).optional(), p: z.unknown().optional() })
const Call = z.object({
  u: z.string().refine((url) => URL.canParse(url, origin)),
  h: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  m: z.string().optional(),
})
const Event = z.object({ e: z.enum(['message', 'error', 'done']) })

/** Headers that promise bytes, which a message in text does not have. */
const promisesBytes = ({ h = {} }: z.infer<typeof Call>) =>
  'content-disposition' in h || String(h['content-type'] ?? '').startsWith('multipart/')

/** Whether a message in text is one that oRPC understands. */
function isUnderstood(text: string): boolean {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return false
  }
  const message = Message.safeParse(json).data
  if (message === undefined) return false
  switch (message.t) {
    case undefined:
    case 1: {
      const call = Call.safeParse(message.p).data
      return call !== undefined && !promisesBytes(call)
    }
    case 3:
      return Event.safeParse(message.p).success
    case 4:
      return true
  }
}

/** Why a message is not told, as a WebSocket is closed with it; null where it is. */
function refusalOf(data: unknown, isStranger: () => boolean): [code: number, why: string] | null {
  if (typeof data === 'string') return isUnderstood(data) ? null : [notUnderstood, 'not understood']
  return isStranger() ? [notForThem, 'no files of strangers'] : null
}

type Listen = WebSocket['addEventListener']

/**
 * How a WebSocket's events are listened to, but that a message which is none closes it and is not told: oRPC writes each
 * of these to the terminal, and anybody who reaches the door could fill a disk so. What a signed-in page sends with
 * files is told as it is.
 */
export const understood =
  (socket: WebSocket, listen: Listen, isStranger: () => boolean): Listen =>
  (type, listener, options) => {
    listen(
      type,
      (event) => {
        if ('data' in event) {
          // What came before the other end knows that it is refused.
          if (socket.readyState !== socket.OPEN) return
          const refusal = refusalOf(event.data, isStranger)
          if (refusal) {
            socket.close(...refusal)
            return
          }
        }
        if (typeof listener === 'function') listener(event)
        else listener.handleEvent(event)
      },
      options,
    )
  }
