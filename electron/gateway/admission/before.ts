import type { Asked } from '../stages'
import { readShown, type Shown } from './shown'
import { cookieName, type Listener } from './sign-ins'

/** What a connection showed last, word for word, and by which key somebody was let in with that. */
export interface ShownBefore {
  authorization: string | undefined
  cookie: string | undefined
  listener: Listener
  shown: Shown
  /** Null until somebody was let in by a key. */
  keyId: string | null
  /** When the use of that key was noted last, in ms of a clock that only goes on. */
  notedAt: number
}

const isSame = (before: ShownBefore, { headers }: Asked, { service, port }: Listener): boolean =>
  before.authorization === headers.authorization &&
  before.cookie === headers.cookie &&
  before.listener.service === service &&
  before.listener.port === port

/**
 * Reads what requests show. Most of a connection show the same as the one before: of these nothing is taken apart again.
 * Whom it lets in is looked up for each of them all the same.
 */
export function createShownReader() {
  const last = new WeakMap<object, ShownBefore>()

  return (asked: Asked, listener: Listener): ShownBefore => {
    const { connection, headers } = asked
    const isPlain = connection !== undefined && asked.mayShowToken === false
    const before = isPlain ? last.get(connection) : undefined
    if (before && isSame(before, asked, listener)) return before
    const { authorization, cookie } = headers
    const shown = readShown(asked, cookieName(listener))
    const now = { authorization, cookie, listener, shown, keyId: null, notedAt: -Infinity }
    if (isPlain) last.set(connection, now)
    return now
  }
}
