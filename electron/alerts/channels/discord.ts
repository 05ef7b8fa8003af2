import type { Channel } from './channel'
import { postJson } from './post'
import { webhookAddress } from './secret-address'

/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
const longest = 1900

const addressIn = webhookAddress({
  service: 'Discord',
  hosts: ['discord.com', 'discordapp.com', 'ptb.discord.com', 'canary.discord.com'],
  path: '/api/webhooks/',
})

export const discord = (): Channel => ({
  ...{ secret: 'needed', secretIs: 'webhook URL', place: 'discord' },
  check: (secret) => void addressIn(secret),
  send: ({ title, text }, { secret, signal, wire }) =>
    // Nobody is called by what stands in a message.
    postJson(
      addressIn(secret),
      { content: `**${title}**\n${text}`.slice(0, longest), allowed_mentions: { parse: [] } },
      { signal, wire },
    ),
})
