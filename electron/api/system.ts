import { eventsFor } from './events-for'
import { accountOf, callerName, given, procedures } from './procedures'
import { placeIn } from './resuming'
import { Problem } from '../../shared/problems'

const { system } = procedures

export const systemRouter = {
  health: system.health.handler(({ context }) => ({ status: 'ok' as const, version: context.parts.version })),
  about: system.about.handler(({ context }) => context.parts.about()),
  events: system.events.handler(({ context, signal, lastEventId }) =>
    eventsFor(context, context.parts.events.subscribe(signal, placeIn(lastEventId))),
  ),
  settings: system.settings.handler(({ context }) => context.parts.settings.read(accountOf(context.caller))),
  changeSettings: system.changeSettings.handler(({ input, context: { parts, caller } }) =>
    parts.settings.change(accountOf(caller), given(input), callerName(caller)),
  ),
  addSimulators: system.addSimulators.handler(({ context }) => context.parts.addSimulators(callerName(context.caller))),
  openDataFolder: system.openDataFolder.handler(async ({ context }) => {
    const { desktop, dataFolder } = context.parts
    if (!desktop || context.caller.door !== 'desktop') throw new Problem('desktop.unavailable')
    await desktop.openFolder(dataFolder)
    return { opened: true }
  }),
  restart: system.restart.handler(async ({ context: { parts, caller } }) => {
    if (caller.door !== 'desktop') throw new Problem('desktop.unavailable')
    await parts.restart(callerName(caller))
    return { restarting: true }
  }),
  choosePath: system.choosePath.handler(async ({ input, context }) => {
    const { desktop } = context.parts
    if (!desktop || context.caller.door !== 'desktop') throw new Problem('desktop.unavailable')
    return { path: await desktop.choosePath(input.kind, input.from) }
  }),
}
