import { createHmac } from 'node:crypto'
import type { AlertTarget } from '../../../shared/contract'
import type { Channel, Message } from './channel'
import { post } from './post'
import { addressOf } from './wire'

/** What a webhook is told. A field more may come; none of these goes away or changes what it means. */
const contentOf = ({ id, at, isTest, severity, title, text, lines, more }: Message) => ({
  ...{ version: 1, id, at, test: isTest, severity, title, text, more },
  alerts: lines.map(({ phase, text: words, alert }) => ({
    ...{ id: alert.id, rule: alert.rule, severity: alert.severity, phase, subject: alert.subject, text: words },
    ...{ since: alert.since, raisedAt: alert.raisedAt, overAt: alert.overAt },
  })),
})

/**
 * What proves that a message is Regie's: HMAC-SHA256 over the time, in s, a point, and the body as it was sent. Whoever
 * verifies it also looks whether the time is near, and whether the message's id came before.
 */
const signatureOf = (secret: string, seconds: number, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`

export function webhook({ url: text, isPrivate }: Extract<AlertTarget, { kind: 'webhook' }>): Channel {
  return {
    ...{ secret: 'drawn', secretIs: 'HMAC', place: text },
    check: () => void addressOf(text, isPrivate),
    async send(message, { secret, signal, wire, now }) {
      const body = JSON.stringify(contentOf(message))
      const seconds = Math.floor(now() / 1000)
      const headers = {
        ...{ 'content-type': 'application/json', 'regie-message': message.id, 'regie-timestamp': String(seconds) },
        ...(secret !== null && { 'regie-signature': signatureOf(secret, seconds, body) }),
      }
      await post({ url: addressOf(text, isPrivate), headers, body, signal, wire })
    },
  }
}
