import { client } from './client'

/** Somebody at the keyboard is told of this often, in ms. */
const everyMs = 20_000

/** Tells the panel that somebody is there, so that the session does not lock under their hands. Returns the way to end it. */
export function tellActivity(): () => void {
  const ended = new AbortController()
  let toldAt = 0
  const tell = () => {
    if (Date.now() - toldAt < everyMs) return
    toldAt = Date.now()
    // A panel that does not answer, or has locked, shows in other ways.
    void client.session.touch().catch(() => undefined)
  }
  for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel'])
    addEventListener(event, tell, { passive: true, capture: true, signal: ended.signal })
  return () => ended.abort()
}
