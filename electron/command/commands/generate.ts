import { GenerationParams, type Generation } from '../../../shared/contract'
import { command, waitOptions, type Context } from '../define'
import { exits, usageError } from '../exits'
import type { Panel } from '../panel'
import { readNumber } from '../parse'
import { following, waiting } from '../waiting'
import { prepareSaving, saveAll } from './saving'
import { reasonIn } from '../reasons'

const isOver = ({ state }: Generation) => state !== 'queued' && state !== 'running'

/** Follows a generation to its end. */
async function untilOver({ client }: Panel, id: string, { output, say }: Context, signal: AbortSignal) {
  for await (const event of following((at) => client.generations.watch({ id }, { signal: at }), signal)) {
    if (event.type !== 'update') continue
    const { progress } = event.generation
    const percent = progress.fraction === null ? '' : `${Math.round(progress.fraction * 100)} %`
    const step = progress.step === null ? '' : `${progress.step}/${progress.steps ?? '?'}`
    output.progress(say('generation.is', { phase: progress.phase, percent, step }))
    if (isOver(event.generation)) return event.generation
  }
  return client.generations.get({ id }, { signal })
}

/** What is asked for, as the contract takes it. Throws a usage error. */
function readParams(given: Record<string, string | number | undefined>): GenerationParams {
  const asked = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const read = GenerationParams.safeParse(asked)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw usageError('usage.params', { name: issue?.path.join('.') ?? '', issue: issue?.message ?? '' })
}

/** Tells how a generation ended, and saves what it made. */
async function finish(context: Context, panel: Panel, generation: Generation, { out, force }: Saving) {
  const { output, say, language } = context
  for (const warning of generation.warnings) output.say(reasonIn(language, warning).message)
  if (generation.state !== 'succeeded') {
    const { error } = generation
    output.data(generation, () => '')
    if (error) {
      const { message, hint } = reasonIn(language, error)
      output.say([message, error.detail ?? '', hint].filter((line) => line !== '').join('\n'))
    } else output.say(say('generation.ended', { id: generation.id, state: generation.state }))
    return exits.failed
  }
  const files = out === undefined ? [] : await saveAll(panel, generation, { out, force, context })
  output.data(generation, () => (files.length > 0 ? files : [generation.id]).join('\n'))
  return exits.done
}

interface Saving {
  out: string | undefined
  force: boolean
}

export const generate = command({
  path: ['generate'],
  summary: 'command.generate',
  arguments: [{ name: 'SERVICE', completes: 'service' }],
  options: {
    prompt: { type: 'string', value: 'TEXT', hint: 'option.prompt' },
    negative: { type: 'string', value: 'TEXT', hint: 'option.negative' },
    width: { type: 'string', value: 'PIXELS', hint: 'option.width' },
    height: { type: 'string', value: 'PIXELS', hint: 'option.height' },
    steps: { type: 'string', value: 'NUMBER', hint: 'option.steps' },
    seed: { type: 'string', value: 'NUMBER', hint: 'option.seed' },
    workflow: { type: 'string', value: 'WORKFLOW', hint: 'option.workflow' },
    out: { type: 'string', value: 'FILE', completes: 'file', hint: 'option.out' },
    force: { type: 'boolean', hint: 'option.force' },
    ...waitOptions,
  },
  isRemote: true,
  async run({ values, positionals: [serviceId = ''] }, context) {
    const { prompt, negative, width, height, steps, seed, workflow, out, force, wait, timeout } = values
    if (prompt === undefined) throw usageError('usage.needsOption', { option: '--prompt' })
    const params = readParams({
      ...{ prompt, negativePrompt: negative, workflow },
      width: readNumber(width, '--width'),
      height: readNumber(height, '--height'),
      steps: readNumber(steps, '--steps'),
      seed: readNumber(seed, '--seed'),
    })
    if (out !== undefined) await prepareSaving(out, force)
    const panel = await context.connect()
    const { output, say, goesOn, signal } = context
    const begun = await panel.client.generations.create({ serviceId, params }, { signal })
    if (!wait && out === undefined) {
      output.data(begun, () => begun.id)
      return exits.done
    }
    goesOn(say('goesOn.generation', { id: begun.id }))
    const ended = await waiting(context, timeout, (at) => untilOver(panel, begun.id, context, at))
    goesOn(null)
    return finish(context, panel, ended, { out, force })
  },
})
