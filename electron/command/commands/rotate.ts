import { randomUUID } from 'node:crypto'
import type { Rotation, RotationPlan } from '../../../shared/contract'
import { command, waitOptions, type Context } from '../define'
import { CommandFailure, exits } from '../exits'
import type { Panel } from '../panel'
import { confirmed, following, waiting } from '../waiting'
import type { WordKey } from '../words'
import { inLines, reasonIn } from '../reasons'

const actions = {
  restart: 'plan.restart',
  recreate: 'plan.recreate',
  none: 'plan.none',
  stopped: 'plan.stopped',
  external: 'plan.external',
} as const satisfies Record<RotationPlan['services'][number]['action'], WordKey>

/** What a rotation would do, line by line. Throws a CommandFailure where it would be refused. */
function describePlan({ sinks, services, generations, consumers }: RotationPlan, { say, language }: Context): string {
  for (const { id, blocked } of services) {
    if (!blocked) continue
    const { message, hint } = reasonIn(language, blocked)
    throw new CommandFailure(exits.failed, 'failure.blocked', { id, message, hint })
  }
  return [
    ...sinks.map(({ path, key }) => say('plan.write', { path: key === null ? path : `${path} (${key})` })),
    ...services.map(({ id, action, load }) => say(actions[action], { id, load: load.state })),
    ...generations.map(({ id, serviceId }) => say('plan.generation', { id, serviceId })),
    ...consumers.map(({ name }) => say('plan.consumer', { name })),
  ].join('\n')
}

/** Follows a rotation to its end. */
async function untilOver({ client }: Panel, id: string, { output, say }: Context, signal: AbortSignal) {
  for await (const rotation of following((at) => client.credentials.watchRotation({ id }, { signal: at }), signal)) {
    const step = rotation.steps.findLast(({ state }) => state !== 'waiting')
    if (step) output.progress(say('rotation.is', { id, step: step.id }))
    if (rotation.state !== 'running') return rotation
  }
  const last = await client.credentials.rotation({ id }, { signal })
  if (last === null) throw new CommandFailure(exits.failed, 'failure.noRotation', { id })
  return last
}

function tell({ output, say, language }: Context, rotation: Rotation): number {
  const { credentialId, state, reason } = rotation
  output.data(rotation, () => `${credentialId}  ${state}`)
  switch (state) {
    case 'running':
    case 'committed':
      return exits.done
    case 'rolled-back':
    case 'failed': {
      const told = reason && reasonIn(language, reason)
      output.say(told ? inLines(told) : say('rotation.ended', { id: credentialId, state }))
      return exits.failed
    }
  }
}

export const rotate = command({
  path: ['rotate'],
  summary: 'command.rotate',
  arguments: [{ name: 'CREDENTIAL', completes: 'credential' }],
  options: {
    yes: { type: 'boolean', short: 'y', hint: 'option.yes' },
    interrupt: { type: 'boolean', hint: 'option.interrupt' },
    ...waitOptions,
  },
  isRemote: true,
  async run({ values: { yes, interrupt, wait, timeout }, positionals: [id = ''] }, context) {
    const { output, say, goesOn, signal } = context
    const panel = await context.connect()
    const { credentials } = panel.client
    output.say(describePlan(await credentials.rotationPlan({ id }, { signal }), context))
    if (!(await confirmed(context, yes))) return exits.failed
    // An id of its own: a repeated request begins no second one.
    const asked = { id, operationId: randomUUID(), wait: false, whenBusy: interrupt ? 'interrupt' : 'wait' } as const
    const begun = await credentials.rotate(asked, { signal })
    if (!wait) return tell(context, begun)
    goesOn(say('goesOn.rotation', { id }))
    const ended = await waiting(context, timeout, (at) => untilOver(panel, id, context, at))
    goesOn(null)
    return tell(context, ended)
  },
})
