import { Problem } from '../../../shared/problems'
import type { Alert } from '../../../shared/contract'
import type { Channel } from './channel'

/** The system's notifications: the shell shows what it is told of. */
export function desktop(show: ((alerts: Alert[]) => void) | null): Channel {
  return {
    ...{ secret: 'none', secretIs: '', place: 'desktop' },
    check() {
      if (show === null) throw new Problem('alerts.no-desktop')
    },
    send({ lines }) {
      if (show === null) return Promise.reject(new Problem('alerts.no-desktop'))
      show(lines.map(({ alert }) => alert))
      return Promise.resolve()
    },
  }
}
