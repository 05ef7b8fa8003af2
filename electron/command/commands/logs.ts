import type { LogLine } from '../../../shared/contract'
import { command, type Context } from '../define'
import { exits } from '../exits'
import { readNumber } from '../parse'
import { following } from '../waiting'

const shown = ({ at, text }: LogLine, isTimed: boolean) => (isTimed ? `${new Date(at).toISOString()} ${text}` : text)

interface Following {
  tail: number
  isTimed: boolean
}

/** Prints lines as they come, from where it was cut off too. A line that is written anew, as a bar is, is printed anew. */
async function follow(context: Context, id: string, { tail, isTimed }: Following): Promise<void> {
  const { client } = await context.connect()
  const { output, signal } = context
  let after: number | undefined
  const open = (at: AbortSignal) =>
    client.services.followLogs({ id, tail, ...(after === undefined ? {} : { after }) }, { signal: at })
  for await (const lines of following(open, signal)) {
    for (const line of lines) {
      after = line.seq
      output.event(line, () => shown(line, isTimed))
    }
  }
}

export const logs = command({
  path: ['logs'],
  summary: 'command.logs',
  arguments: [{ name: 'SERVICE', completes: 'service' }],
  options: {
    follow: { type: 'boolean', short: 'f', hint: 'option.follow' },
    tail: { type: 'string', short: 'n', value: 'LINES', hint: 'option.tail' },
    timestamps: { type: 'boolean', short: 't', hint: 'option.timestamps' },
  },
  isRemote: true,
  async run({ values, positionals: [id = ''] }, context) {
    const tail = readNumber(values.tail, '--tail', 1) ?? 200
    if (values.follow) {
      await follow(context, id, { tail, isTimed: values.timestamps })
      return exits.done
    }
    const { client } = await context.connect()
    const lines = await client.services.logs({ id, tail }, { signal: context.signal })
    context.output.data(lines, () => lines.map((line) => shown(line, values.timestamps)).join('\n'))
    return exits.done
  },
})
