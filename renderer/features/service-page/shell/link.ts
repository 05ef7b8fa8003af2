import type { ShellEnd, ShellEvent } from '../../../../shared/contract'
import { client } from '../../../api/client'
import { follow } from '../../../api/stream'

/** So much may be shown before the panel is told; it makes the program wait long after. */
const acknowledgeEvery = 32 * 1024

export interface LinkOptions {
  id: string
  /** Shows text; calls back when it is on screen. */
  write: (text: string, shown: () => void) => void
  /** What was shown is no longer the beginning of what comes. */
  reset: () => void
  onLive: () => void
  onCut: () => void
  onEnd: (why: ShellEnd, exitCode: number | null) => void
}

/** Keys go in order: the next are sent when the last have arrived, joined. */
function createKeys(id: string, hasEnded: () => boolean) {
  let typed = ''
  let isTyping = false
  const send = async () => {
    if (isTyping) return
    isTyping = true
    try {
      while (typed !== '' && !hasEnded()) {
        const text = typed.slice(0, 32_768)
        typed = typed.slice(text.length)
        await client.shells.input({ id, text })
      }
    } catch {
      // The stream tells of the cut or of the end; keys of that moment are lost, as on any line.
      typed = ''
    } finally {
      isTyping = false
    }
  }
  return (text: string) => {
    typed += text
    void send()
  }
}

/** Joins a terminal on screen with the one in the panel: output, input, size, and how far was shown. */
export function linkShell({ id, write, reset, onLive, onCut, onEnd }: LinkOptions) {
  const page = new AbortController()
  let received = 0
  let acknowledged = 0
  let hasEnded = false

  const end = (why: ShellEnd, exitCode: number | null) => {
    if (hasEnded || page.signal.aborted) return
    hasEnded = true
    onEnd(why, exitCode)
  }
  const acknowledge = (offset: number) => {
    if (offset - acknowledged < acknowledgeEvery || hasEnded) return
    acknowledged = offset
    // One that is lost is made good by the next.
    client.shells.acknowledge({ id, offset }).catch(() => undefined)
  }
  const take = (event: ShellEvent) => {
    if (event.type === 'ended') {
      end(event.why, event.exitCode)
      return
    }
    const { offset, text } = event
    if (offset - text.length > received && received > 0) reset()
    received = offset
    write(text, () => acknowledge(offset))
  }
  void follow({
    open: async (signal) => {
      const stream = await client.shells.watch({ id, after: received }, { signal })
      onLive()
      return stream
    },
    onEvent: take,
    onCut: () => {
      if (!hasEnded) onCut()
    },
    onRefused: () => end('left', null),
    ends: true,
    signal: page.signal,
  })

  return {
    type: createKeys(id, () => hasEnded),
    resize(cols: number, rows: number) {
      if (!hasEnded) client.shells.resize({ id, cols, rows }).catch(() => undefined)
    },
    /** Leaves the terminal running. */
    leave: () => page.abort(),
  }
}
