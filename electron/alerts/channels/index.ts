import type { Alert, AlertTarget } from '../../../shared/contract'
import type { Channel } from './channel'
import { desktop } from './desktop'
import { discord } from './discord'
import { email } from './email'
import { ntfy } from './ntfy'
import { slack } from './slack'
import { webhook } from './webhook'

export { RetryLater, type Channel, type Message, type MessageLine } from './channel'

/** Shows alerts on this desktop; null where there is none. */
export type ShowOnDesktop = ((alerts: Alert[]) => void) | null

/** Every way of being told beside the panel: a file and a line each. */
export function channelTo(target: AlertTarget, show: ShowOnDesktop): Channel {
  switch (target.kind) {
    case 'desktop':
      return desktop(show)
    case 'email':
      return email(target)
    case 'webhook':
      return webhook(target)
    case 'ntfy':
      return ntfy(target)
    case 'discord':
      return discord()
    case 'slack':
      return slack()
  }
}
