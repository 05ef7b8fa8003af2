import type { App } from 'electron'
import { within } from '../async/within'

export interface QuitOptions {
  /** Stops everything that this process started. Called once. */
  stop: () => Promise<void>
  /** What to do with a failure or a missed deadline of `stop`; the program ends anyway. */
  failed: (error: unknown) => void
  deadlineMs: number
}

/**
 * Holds the end of the program until `stop` is done or its deadline has passed. The windows are closed by then, so
 * for the user the program is gone at once. Returns whether the end has begun.
 */
export function stopBeforeQuit(app: App, { stop, failed, deadlineMs }: QuitOptions): () => boolean {
  let state: 'running' | 'stopping' | 'stopped' = 'running'
  app.on('will-quit', (event) => {
    if (state === 'stopped') return
    event.preventDefault()
    if (state === 'stopping') return
    state = 'stopping'
    void within(deadlineMs, stop())
      .then((isStopped) => {
        if (!isStopped) failed(new Error(`not stopped after ${deadlineMs} ms`))
      })
      .catch(failed)
      .then(() => {
        state = 'stopped'
        app.quit()
      })
  })
  return () => state !== 'running'
}
