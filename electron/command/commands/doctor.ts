import type { Diagnosis } from '../../../shared/contract'
import { command, type Context } from '../define'
import { exits } from '../exits'
import { reasonIn } from '../reasons'

/** The findings that are so, each with its evidence and what to do. */
function describe({ findings }: Diagnosis, { language }: Context): string {
  return findings
    .filter(({ state }) => state === 'cause' || state === 'present')
    .flatMap(({ state, cause, reason, evidence, fixes }) => {
      const told = reason ? reasonIn(language, reason) : { message: '', hint: '' }
      return [
        `${state === 'cause' ? '*' : '-'} ${cause}: ${told.message}`,
        ...evidence.map(({ text }) => `    ${text}`),
        ...(told.hint === '' ? [] : [`  ${told.hint}`]),
        ...fixes.map(({ id }) => `  → ${id}`),
      ]
    })
    .join('\n')
}

export const doctor = command({
  path: ['doctor'],
  summary: 'command.doctor',
  arguments: [{ name: 'SERVICE', completes: 'service' }],
  options: {},
  isRemote: true,
  async run({ positionals: [id = ''] }, context) {
    const { output, say, signal } = context
    const { client } = await context.connect()
    output.progress(say('doctor.looking', { id }))
    const diagnosis = await client.doctor.diagnose({ id }, { signal })
    output.data(diagnosis, () => describe(diagnosis, context))
    const isWell = diagnosis.verdict === 'well'
    output.say(say(isWell ? 'doctor.well' : diagnosis.verdict === 'named' ? 'doctor.named' : 'doctor.unknown', { id }))
    return isWell ? exits.done : exits.failed
  },
})
