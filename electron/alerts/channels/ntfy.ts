import { Problem } from '../../../shared/problems'
import type { AlertSeverity } from '../../../shared/alert-rules'
import type { AlertTarget } from '../../../shared/contract'
import type { Channel } from './channel'
import { post } from './post'
import { addressOf } from './wire'

/** https://docs.ntfy.sh/publish/#message-priority */
const priorities: Record<AlertSeverity, number> = { info: 2, warning: 3, critical: 5 }

/** A message is 4,096 bytes long at most: https://docs.ntfy.sh/publish/#limitations */
const longest = 1300

export function ntfy({ server, topic, isPrivate }: Extract<AlertTarget, { kind: 'ntfy' }>): Channel {
  return {
    ...{ secret: 'optional', secretIs: 'token', place: `${server} ${topic}` },
    check(secret) {
      addressOf(server, isPrivate)
      // It is sent as a header, which takes nothing else.
      if (secret !== null && !/^[\x21-\x7e]+$/.test(secret))
        throw new Problem('credential.not-ascii', { field: 'token' })
    },
    async send({ title, text, severity }, { secret, signal, wire }) {
      const body = JSON.stringify({ topic, title, message: text.slice(0, longest), priority: priorities[severity] })
      const headers = {
        'content-type': 'application/json',
        ...(secret !== null && { authorization: `Bearer ${secret}` }),
      }
      await post({ url: addressOf(server, isPrivate), headers, body, signal, wire })
    },
  }
}
