import { command, listOptions, type Context } from '../define'
import { exits } from '../exits'
import { table } from '../output'
import { healthReason } from '../reasons'
import type { WordKey } from '../words'

/** A column of a list: its heading, and what stands in it. */
type Column<T> = readonly [WordKey, (row: T) => string]

/** Shows a list: as the contract shapes it, by its ids alone, or as a table. */
function show<T extends { id: string }>(
  { output, say }: Context,
  rows: readonly T[],
  ids: boolean,
  columns: readonly Column<T>[],
): number {
  const asTable = () =>
    table(
      columns.map(([heading]) => say(heading)),
      rows.map((row) => columns.map(([, cell]) => cell(row))),
    )
  if (ids)
    output.data(
      rows.map(({ id }) => id),
      () => rows.map(({ id }) => id).join('\n'),
    )
  else output.data(rows, rows.length === 0 ? () => '' : asTable)
  if (rows.length === 0 && !ids) output.say(say('list.empty'))
  return exits.done
}

/** A time as a table shows it; empty where there is none. */
const at = (time: number | null | undefined): string =>
  time === null || time === undefined ? '' : new Date(time).toISOString().slice(0, 16).replace('T', ' ')

export const services = command({
  path: ['services'],
  summary: 'command.services',
  arguments: [],
  options: listOptions,
  isRemote: true,
  async run({ values: { ids } }, context) {
    const { client } = await context.connect()
    return show(context, await client.services.list(undefined, { signal: context.signal }), ids, [
      ['column.id', ({ id }) => id],
      ['column.kind', ({ kind }) => kind],
      ['column.state', ({ health }) => health.state],
      ['column.model', ({ model }) => model ?? ''],
      ['column.queue', ({ queue }) => (queue === null ? '' : `${queue.running}/${queue.waiting ?? '?'}`)],
      ['column.reason', (service) => healthReason(context.language, service)?.message ?? ''],
    ])
  },
})

export const credentials = command({
  path: ['credentials'],
  summary: 'command.credentials',
  arguments: [],
  options: listOptions,
  isRemote: true,
  async run({ values: { ids } }, context) {
    const { client } = await context.connect()
    return show(context, await client.credentials.list(undefined, { signal: context.signal }), ids, [
      ['column.id', ({ id }) => id],
      ['column.scheme', ({ scheme }) => scheme],
      ['column.state', ({ state }) => state],
      ['column.version', ({ version }) => String(version)],
      ['column.changed', ({ changedAt }) => at(changedAt)],
      ['column.services', ({ serviceIds }) => serviceIds.join(' ')],
    ])
  },
})

export const users = command({
  path: ['users'],
  summary: 'command.users',
  arguments: [],
  options: listOptions,
  isRemote: true,
  async run({ values: { ids } }, context) {
    const { client } = await context.connect()
    const { say } = context
    return show(context, await client.users.list(undefined, { signal: context.signal }), ids, [
      ['column.id', ({ id }) => id],
      ['column.name', ({ name }) => name],
      ['column.role', ({ role }) => role],
      ['column.suspended', ({ suspended }) => say(suspended ? 'word.yes' : 'word.no')],
      ['column.lastSeen', ({ lastSeenAt }) => at(lastSeenAt)],
    ])
  },
})

export const keysList = command({
  path: ['keys', 'list'],
  summary: 'command.keys.list',
  arguments: [],
  options: {
    ...listOptions,
    user: { type: 'string', value: 'USER', hint: 'option.user' },
  },
  isRemote: true,
  async run({ values: { ids, user } }, context) {
    const { client } = await context.connect()
    const keys = await client.keys.list(user === undefined ? {} : { userId: user }, { signal: context.signal })
    return show(context, keys, ids, [
      ['column.id', ({ id }) => id],
      ['column.name', ({ name }) => name],
      ['column.user', ({ userId }) => userId],
      ['column.state', ({ state }) => state],
      ['column.expires', ({ expiresAt }) => at(expiresAt)],
      ['column.lastUsed', ({ lastUsed }) => at(lastUsed?.at)],
      ['column.services', ({ services: opened }) => (opened === null ? '*' : opened.join(' '))],
    ])
  },
})
