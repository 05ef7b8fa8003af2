import type { ContainerEvent } from '../../docker/engine'

/** What the engine's events told of one container since the panel watches: enough to say who ended it. */
export interface ContainerHistory {
  /** Since when events are followed without a gap (Unix ms): what came before is not known. */
  since: number
  /** Signals that somebody sent through Docker since the last start. */
  signals: { signal: string; at: number }[]
  /** The memory limit hit since the last start. */
  oom: boolean
  /** The last ends by itself, not by a signal through Docker (Unix ms), newest last. */
  falls: number[]
}

export const newHistory = (since: number): ContainerHistory => ({ since, signals: [], oom: false, falls: [] })

/** So many ends are remembered: more than any judgement counts. */
const falls = 20

const terminating = new Set(['2', '3', '9', '15', 'SIGINT', 'SIGQUIT', 'SIGKILL', 'SIGTERM'])

/** The history after one more event. */
export function note(history: ContainerHistory, event: Pick<ContainerEvent, 'action' | 'at' | 'attributes'>) {
  switch (event.action) {
    case 'start':
      return { ...history, signals: [], oom: false }
    case 'kill': {
      const signal = event.attributes['signal'] ?? ''
      if (!terminating.has(signal)) return history
      return { ...history, signals: [...history.signals, { signal, at: event.at }].slice(-10) }
    }
    case 'oom':
      return { ...history, oom: true }
    case 'die':
      if (history.signals.length > 0) return history
      return { ...history, falls: [...history.falls, event.at].slice(-falls) }
    default:
      return history
  }
}

const isKill = (signal: string) => signal === '9' || signal === 'SIGKILL'

/** How it was ended through Docker: asked, asked and then killed, killed at once, or not at all. */
export function endedThroughDocker({ signals }: ContainerHistory): 'stop' | 'stop-timeout' | 'kill' | null {
  const first = signals[0]
  if (!first) return null
  if (isKill(first.signal)) return 'kill'
  return signals.some(({ signal }) => isKill(signal)) ? 'stop-timeout' : 'stop'
}
