import type { Backups } from '../../../shared/contract'
import { pause } from '../../async/pause'
import { command, waitOptions, type Context } from '../define'
import { CommandFailure, exits } from '../exits'
import { table } from '../output'
import type { Panel } from '../panel'
import { reasonIn } from '../reasons'
import { waiting } from '../waiting'

/** How often it is asked how far a backup is, in ms. */
const everyMs = 500

const mebibyte = 1024 * 1024

/** A time as a table shows it; empty where there is none. */
const at = (time: number | undefined): string =>
  time === undefined ? '' : new Date(time).toISOString().slice(0, 16).replace('T', ' ')

export const backupList = command({
  path: ['backup', 'list'],
  summary: 'command.backup.list',
  arguments: [],
  options: {},
  isRemote: true,
  async run(_, context) {
    const { output, say, signal } = context
    const { client } = await context.connect()
    const { list } = await client.backups.read(undefined, { signal })
    output.data(list, () =>
      list.length === 0
        ? ''
        : table(
            [say('column.name'), say('column.made'), say('column.size'), say('column.checked'), say('column.lacks')],
            list.map(({ name, at: made, bytes, checked, lacks }) => [
              name,
              at(made),
              `${Math.ceil(bytes / mebibyte)} MiB`,
              at(checked?.at),
              lacks === null ? '' : String(lacks.count),
            ]),
          ),
    )
    if (list.length === 0) output.say(say('list.empty'))
    return exits.done
  },
})

/** Asks until nothing goes on any more. Throws a CommandFailure where the backup came to nothing. */
async function untilMade({ client }: Panel, begun: Backups, context: Context, signal: AbortSignal): Promise<Backups> {
  const { output, say, language } = context
  const before = { made: begun.lastMade, failed: begun.failed?.at ?? null }
  let now = begun
  while (now.run !== null) {
    output.progress(say('backup.is', { step: now.run.step, done: Math.floor(now.run.bytes / mebibyte) }))
    await pause(everyMs, signal)
    now = await client.backups.read(undefined, { signal })
  }
  if (now.failed !== null && now.failed.at !== before.failed) {
    const { message, hint } = reasonIn(language, now.failed.reason)
    throw new CommandFailure(exits.failed, 'failure.backup', { message, hint })
  }
  // Somebody has ended it: there is neither a new one nor a failure.
  if (now.lastMade === before.made) throw new CommandFailure(exits.failed, 'failure.backupEnded')
  return now
}

export const backupMake = command({
  path: ['backup', 'make'],
  summary: 'command.backup.make',
  arguments: [],
  options: waitOptions,
  isRemote: true,
  async run({ values: { wait, timeout } }, context) {
    const { output, say, goesOn } = context
    const panel = await context.connect()
    const begun = await panel.client.backups.make(undefined, { signal: context.signal })
    if (!wait) {
      output.data(begun.run, () => say('backup.begun'))
      return exits.done
    }
    goesOn(say('goesOn.backup'))
    const { list } = await waiting(context, timeout, (signal) => untilMade(panel, begun, context, signal))
    goesOn(null)
    const [made] = list
    output.data(made ?? null, () => made?.name ?? '')
    for (const { path, why } of made?.lacks?.files ?? []) output.say(say('backup.lacks', { path, why }))
    return exits.done
  },
})
