import type { Channel } from './channel'
import { postJson } from './post'
import { webhookAddress } from './secret-address'

const longest = 3500

/** https://api.slack.com/reference/surfaces/formatting#escaping: so that nothing in it becomes a link or a call. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const addressIn = webhookAddress({
  service: 'Slack',
  hosts: ['hooks.slack.com', 'hooks.slack-gov.com'],
  path: '/services/',
})

export const slack = (): Channel => ({
  ...{ secret: 'needed', secretIs: 'webhook URL', place: 'slack' },
  check: (secret) => void addressIn(secret),
  send: ({ title, text }, { secret, signal, wire }) =>
    postJson(addressIn(secret), { text: escaped(`*${title}*\n${text}`.slice(0, longest)) }, { signal, wire }),
})
