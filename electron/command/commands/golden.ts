import type { GoldenCheck } from '../../../shared/contract'
import { command, waitOptions, type Context } from '../define'
import { exits } from '../exits'
import { runGolden } from '../golden'
import { reasonIn } from '../reasons'
import { waiting } from '../waiting'

const seconds = (ms: number | null) => (ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`)

/** What a check measured, one figure per line. */
const figures = ({ say }: Context, check: GoldenCheck): string =>
  [
    ...(check.coldMs === null ? [] : [`${say('golden.cold')}  ${seconds(check.coldMs)}`]),
    ...(check.warmMs === null ? [] : [`${say('golden.warm')}  ${seconds(check.warmMs)}`]),
    ...(check.stepMs === null ? [] : [`${say('golden.step')}  ${seconds(check.stepMs)}`]),
    ...(check.vramMiB === null ? [] : [`${say('golden.vram')}  ${check.vramMiB} MiB`]),
    ...(check.slowerPct === null ? [] : [`${say('golden.slower')}  ${check.slowerPct} %`]),
  ].join('\n')

export const golden = command({
  path: ['golden'],
  summary: 'command.golden',
  arguments: [{ name: 'SERVICE', completes: 'service' }],
  options: { accept: { type: 'boolean', hint: 'option.accept' }, timeout: waitOptions.timeout },
  isRemote: true,
  async run({ values: { accept, timeout }, positionals: [id = ''] }, context) {
    const { output, say, language, goesOn } = context
    const panel = await context.connect()
    goesOn(say('goesOn.golden', { id }))
    const check = await waiting(context, timeout, (signal) => runGolden(panel, id, { ...context, signal }))
    goesOn(null)
    output.data(check, () => [`${id}  ${check.state}`, figures(context, check)].filter(Boolean).join('\n'))
    for (const { reason, state } of check.findings)
      if (reason && state === 'warning') output.say(reasonIn(language, reason).message)
    if (check.reason) {
      const { message, hint } = reasonIn(language, check.reason)
      output.say([message, hint].filter(Boolean).join('\n'))
    }
    const isAccepted = accept && check.hasPicture && (check.state === 'passed' || check.state === 'warning')
    if (isAccepted) {
      await panel.client.golden.accept({ id, checkId: check.id }, { signal: context.signal })
      output.say(say('golden.accepted', { id }))
    }
    return check.state === 'passed' || isAccepted ? exits.done : exits.failed
  },
})
