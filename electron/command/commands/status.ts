import type { Attention, Service } from '../../../shared/contract'
import { command, type Context } from '../define'
import { exits } from '../exits'
import { table } from '../output'
import { reasonIn } from '../reasons'

/** How many services are in which state, e.g. `ready 2, stopped 1`. */
function countStates(services: readonly Service[]): string {
  const counts = new Map<string, number>()
  for (const { health } of services) counts.set(health.state, (counts.get(health.state) ?? 0) + 1)
  return [...counts].map(([state, count]) => `${state} ${count}`).join(', ')
}

const describeAttention = ({ items }: Attention, { language }: Context): string =>
  items
    .map(({ kind, subject, reason }) => {
      const message = reason ? reasonIn(language, reason).message : ''
      return [`  ${kind}`, subject ?? '', message].filter((part) => part !== '').join('  ')
    })
    .join('\n')

export const status = command({
  path: ['status'],
  summary: 'command.status',
  arguments: [],
  options: {},
  isRemote: true,
  async run(_, context) {
    const { output, say, signal } = context
    const { client, url } = await context.connect()
    const [{ version }, session, services] = await Promise.all([
      client.system.health(undefined, { signal }),
      client.session.current(undefined, { signal }),
      client.services.list(undefined, { signal }),
    ])
    // What needs attention is for administrators.
    const attention = session.role === 'admin' ? await client.attention.read(undefined, { signal }) : null
    output.data({ url, version, session, services, attention }, () => {
      const rows = [
        ['Regie', `${version}  ${url}`],
        [say('status.as'), `${session.account ?? ''} (${session.role ?? ''})`],
        [say('status.services'), countStates(services)],
        ...(attention === null ? [] : [[say('status.attention'), String(attention.items.length)]]),
      ]
      const [first = [], ...rest] = rows
      const items = attention === null ? '' : `\n${describeAttention(attention, context)}`
      return table(first, rest) + items.trimEnd()
    })
    return exits.done
  },
})
