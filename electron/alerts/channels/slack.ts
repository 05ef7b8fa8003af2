import type { Channel } from './channel'
import { postJson } from './post'
import { webhookAddress } from './secret-address'

const longest = 3500

/**
 * So that nothing in it becomes a link or a call: https://api.slack.com/reference/surfaces/formatting#escaping. What is
 * left of markup (`*bold*`) is switched off: https://api.slack.com/reference/messaging/payload
 */
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
    postJson(
      addressIn(secret),
      { text: escaped(`${title}\n${text}`.slice(0, longest)), mrkdwn: false },
      { signal, wire },
    ),
})
