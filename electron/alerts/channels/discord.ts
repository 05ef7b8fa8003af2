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

/**
 * Names in a message are whatever people call themselves and their keys: no mark in them makes a link with other words on
 * it, bold, or a quotation. https://support.discord.com/hc/en-us/articles/210298617
 */
const escaped = (text: string): string => text.replaceAll(/[\\*_~`|>#[\]()<-]/g, String.raw`\$&`)

export const discord = (): Channel => ({
  ...{ secret: 'needed', secretIs: 'webhook URL', place: 'discord' },
  check: (secret) => void addressIn(secret),
  send: ({ title, text }, { secret, signal, wire }) =>
    // Nobody is called by what stands in a message.
    postJson(
      addressIn(secret),
      { content: `**${escaped(title)}**\n${escaped(text)}`.slice(0, longest), allowed_mentions: { parse: [] } },
      { signal, wire },
    ),
})
