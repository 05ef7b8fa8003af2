import type { MadeKey } from '../../../shared/contract'
import { command, type Context } from '../define'
import { exits } from '../exits'
import { readNumber } from '../parse'
import { confirmed } from '../waiting'

const dayMs = 24 * 3600_000

/** The one place where a secret is printed: the key is told this once. */
function tellKey({ output, say }: Context, made: MadeKey): number {
  output.say(say('key.made', { id: made.id, name: made.record.name, user: made.record.userId }))
  output.data(made, () => made.key)
  return exits.done
}

export const keysMake = command({
  path: ['keys', 'make'],
  summary: 'command.keys.make',
  arguments: [{ name: 'NAME' }],
  options: {
    user: { type: 'string', value: 'USER', hint: 'option.keyUser' },
    service: { type: 'string', value: 'SERVICE', multiple: true, completes: 'service', hint: 'option.keyService' },
    days: { type: 'string', value: 'DAYS', hint: 'option.days' },
    panel: { type: 'boolean', hint: 'option.panel' },
  },
  isRemote: true,
  async run({ values: { user, service, days, panel }, positionals: [name = ''] }, context) {
    const lasts = readNumber(days, '--days', 1)
    const { client } = await context.connect()
    const made = await client.keys.create({
      name,
      panel,
      ...(user === undefined ? {} : { userId: user }),
      services: service.length === 0 ? null : [...service],
      expiresAt: lasts === undefined ? null : Date.now() + lasts * dayMs,
    })
    return tellKey(context, made)
  },
})

export const keysRotate = command({
  path: ['keys', 'rotate'],
  summary: 'command.keys.rotate',
  arguments: [{ name: 'KEY' }],
  options: { grace: { type: 'string', value: 'SECONDS', hint: 'option.grace' } },
  isRemote: true,
  async run({ values: { grace }, positionals: [id = ''] }, context) {
    const graceS = readNumber(grace, '--grace')
    const { client } = await context.connect()
    return tellKey(context, await client.keys.rotate({ id, ...(graceS === undefined ? {} : { graceS }) }))
  },
})

export const keysEnd = command({
  path: ['keys', 'end'],
  summary: 'command.keys.end',
  arguments: [{ name: 'KEY' }],
  options: { yes: { type: 'boolean', short: 'y', hint: 'option.yes' } },
  isRemote: true,
  async run({ values: { yes }, positionals: [id = ''] }, context) {
    const { output, say } = context
    const { client } = await context.connect()
    output.say(say('key.ends', { id }))
    if (!(await confirmed(context, yes))) return exits.failed
    const ended = await client.keys.end({ id })
    output.data(ended, () => `${ended.id}  ${ended.state}`)
    return exits.done
  },
})
