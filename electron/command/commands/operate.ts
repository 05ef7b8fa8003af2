import type { Operation, Service } from '../../../shared/contract'
import { command, waitOptions, type Context } from '../define'
import { CommandFailure, exits, type Exit } from '../exits'
import type { Panel } from '../panel'
import { untilReady, waiting } from '../waiting'
import type { WordKey } from '../words'
import { healthReason, inLines, reasonIn } from '../reasons'

type Does = Extract<Operation, 'start' | 'stop' | 'restart' | 'recreate' | 'rebuild'>

/** Whether an operation has brought a service where it should be. */
function isDone({ health: { state } }: Service, does: Does | null, isReadyWanted: boolean): boolean {
  if (does === 'stop') return state === 'stopped' || state === 'absent'
  if (isReadyWanted) return state === 'ready'
  return state === 'ready' || state === 'authenticated' || state === 'listening' || state === 'starting'
}

/** What is told of a service after an operation, and the exit code of that. */
function tell({ output, language, say }: Context, service: Service, isWell: boolean): Exit {
  const { health } = service
  output.data(service, () => `${service.id}  ${health.state}`)
  if (isWell) return exits.done
  const reason = healthReason(language, service)
  output.say(reason ? inLines(reason) : say('service.notReady', { id: service.id, state: health.state }))
  return exits.failed
}

interface Wish {
  id: string
  wait: boolean
  timeout: string | undefined
}

/** Does an operation on a service, or none, and waits for as long as was asked. */
async function operate(context: Context, panel: Panel, does: Does | null, { id, wait, timeout }: Wish): Promise<Exit> {
  const { output, say, goesOn } = context
  const isReadyWanted = wait && does !== 'stop'
  const service = await waiting(context, timeout, async (signal) => {
    let now: Service
    if (does === null) now = await panel.client.services.get({ id }, { signal })
    else {
      goesOn(say('goesOn.operation', { id }))
      output.progress(say(working[does], { id }))
      now = await panel.client.services[does]({ id }, { signal })
    }
    if (!isReadyWanted) return now
    const seen = (at: Service) => output.progress(say('service.is', { id, state: at.health.state }))
    return untilReady(panel, id, { signal, tell: seen })
  })
  goesOn(null)
  return tell(context, service, isDone(service, does, isReadyWanted))
}

const working = {
  start: 'service.starting',
  stop: 'service.stopping',
  restart: 'service.restarting',
  recreate: 'service.recreating',
  rebuild: 'service.rebuilding',
} as const satisfies Record<Does, WordKey>

const operation = (does: Exclude<Does, 'rebuild'>, summary: WordKey) =>
  command({
    path: [does],
    summary,
    arguments: [{ name: 'SERVICE', completes: 'service' }],
    options: waitOptions,
    isRemote: true,
    async run({ values, positionals: [id = ''] }, context) {
      return operate(context, await context.connect(), does, { ...values, id })
    },
  })

export const start = operation('start', 'command.start')
export const stop = operation('stop', 'command.stop')
export const restart = operation('restart', 'command.restart')
export const recreate = operation('recreate', 'command.recreate')

/** What brings a service what its files ask for now; null where it has that and runs. */
function neededFor({ id, pending, pendingUnknown, health }: Service, { language }: Context): Does | null {
  if (pendingUnknown !== undefined) {
    const { message, hint } = reasonIn(language, pendingUnknown)
    throw new CommandFailure(exits.failed, 'failure.pendingUnknown', { id, message, hint })
  }
  if (pending !== null) return pending.action
  return health.state === 'stopped' || health.state === 'absent' ? 'start' : null
}

export const apply = command({
  path: ['apply'],
  summary: 'command.apply',
  arguments: [{ name: 'SERVICE', completes: 'service' }],
  options: { build: { type: 'boolean', hint: 'option.build' }, ...waitOptions },
  isRemote: true,
  async run({ values: { build, ...values }, positionals: [id = ''] }, context) {
    const panel = await context.connect()
    const { output, say, signal, language } = context
    const service = await panel.client.services.probe({ id }, { signal })
    const does = build ? 'rebuild' : neededFor(service, context)
    if (does === null) output.say(say('service.nothingToApply', { id }))
    else if (service.pending !== null) output.say(reasonIn(language, service.pending.reason).message)
    return operate(context, panel, does, { ...values, id })
  },
})
