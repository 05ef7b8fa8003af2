import type { Operation, Service } from '../../shared/contract'
import type { ApiContext } from './context'
import { placeIn, withPlaces } from './resuming'
import { callerName, callerRole, procedures, signalOf } from './procedures'

const { services } = procedures

/** Does an operation, and lets the timeline know who asked for it. */
const asked = ({ parts, caller }: ApiContext, serviceId: string, operation: Operation): Promise<Service> =>
  parts.timeline.during({ serviceId, operation, name: callerRole(caller) }, () => parts.services[operation](serviceId))

/** The same of every service that Regie runs itself. */
const askedOfAll = ({ parts, caller }: ApiContext, operation: 'start' | 'stop'): Promise<Service[]> => {
  const all = parts.services.list().map(({ id: serviceId }) => ({ serviceId, operation, name: callerRole(caller) }))
  return parts.timeline.duringEach(all, () =>
    operation === 'start' ? parts.services.startAll() : parts.services.stopAll(),
  )
}

/** The same of every service that shares a Compose project. */
async function askedOfProject({ parts, caller }: ApiContext, id: string, operation: 'start' | 'stop' | 'down') {
  const mates = await parts.services.projectMates(id, operation)
  const name = callerRole(caller)
  const does = { start: 'startProject', stop: 'stopProject', down: 'down' } as const
  return parts.timeline.duringEach(
    mates.map((serviceId) => ({ serviceId, operation, name })),
    () => parts.services[does[operation]](id),
  )
}

export const servicesRouter = {
  list: services.list.handler(({ context }) => context.parts.services.list()),
  arrange: services.arrange.handler(({ input, context }) => context.parts.services.arrange(input.changes)),
  reach: services.reach.handler(({ input, context }) => context.parts.services.reach(input.id)),
  invalid: services.invalid.handler(({ context }) => context.parts.services.invalid()),
  get: services.get.handler(({ input, context }) => context.parts.services.get(input.id)),
  create: services.create.handler(({ input, context }) => context.parts.services.atFreePorts.create(input)),
  update: services.update.handler(({ input, context }) => context.parts.services.atFreePorts.update(input)),
  testConnection: services.testConnection.handler(({ input, context: { parts, caller }, signal }) =>
    parts.testConnection(input, callerName(caller), signalOf(signal)),
  ),
  plainSecrets: services.plainSecrets.handler(({ input, context }) => context.parts.plainSecrets.list(input.id)),
  importPlainSecrets: services.importPlainSecrets.handler(({ input, context: { parts, caller } }) =>
    parts.plainSecrets.take(input, callerName(caller)),
  ),
  remove: services.remove.handler(async ({ input, context }) => {
    await context.parts.services.remove(input.id)
    return { id: input.id }
  }),
  start: services.start.handler(({ input, context }) => asked(context, input.id, 'start')),
  stop: services.stop.handler(({ input, context }) => asked(context, input.id, 'stop')),
  restart: services.restart.handler(({ input, context }) => asked(context, input.id, 'restart')),
  unpause: services.unpause.handler(({ input, context }) => asked(context, input.id, 'unpause')),
  recreate: services.recreate.handler(({ input: { id: serviceId, leaveOutFiles }, context: { parts, caller } }) =>
    parts.timeline.during({ serviceId, operation: 'recreate', name: callerRole(caller) }, () =>
      parts.services.recreate(serviceId, { leaveOutFiles }),
    ),
  ),
  rebuild: services.rebuild.handler(({ input, context }) => asked(context, input.id, 'rebuild')),
  project: services.project.handler(({ input, context }) => context.parts.services.project(input.id)),
  startProject: services.startProject.handler(({ input, context }) => askedOfProject(context, input.id, 'start')),
  stopProject: services.stopProject.handler(({ input, context }) => askedOfProject(context, input.id, 'stop')),
  pull: services.pull.handler(({ input, context }) => asked(context, input.id, 'pull')),
  down: services.down.handler(({ input, context }) => askedOfProject(context, input.id, 'down')),
  cancel: services.cancel.handler(({ input, context }) => context.parts.services.cancel(input.id)),
  startPlan: services.startPlan.handler(({ input, context }) => context.parts.services.startPlan(input.id)),
  fit: services.fit.handler(({ input, context }) => context.parts.services.fit(input.id)),
  startAll: services.startAll.handler(({ context }) => askedOfAll(context, 'start')),
  stopAll: services.stopAll.handler(({ context }) => askedOfAll(context, 'stop')),
  probe: services.probe.handler(({ input, context }) => context.parts.services.probe(input.id)),
  capabilities: services.capabilities.handler(({ input, context, signal }) =>
    context.parts.backendOf(input.id).capabilities(signalOf(signal)),
  ),
  freeMemory: services.freeMemory.handler(async ({ input, context: { parts, caller } }) => {
    const { service, freed } = await parts.services.freeMeasured(input.id)
    const { freedMiB, leftMiB, measuredBy } = freed
    const details = {
      ...(freedMiB !== null && { freedMiB }),
      ...(leftMiB !== null && { leftMiB }),
      ...(measuredBy !== null && { measuredBy }),
    }
    await parts.audit.append({ who: callerName(caller), action: 'service.memory-freed', target: input.id, details })
    return { ...service, freed }
  }),
  logs: services.logs.handler(({ input, context }) => context.parts.services.logs(input.id, input.tail)),
  followLogs: services.followLogs.handler(({ input, context, signal, lastEventId }) => {
    // Whoever was cut off asks again with the address of the first time.
    const after = placeIn(lastEventId) ?? input.after
    const lines = context.parts.services.followLogs(input.id, { tail: input.tail, after }, signal)
    return withPlaces(lines, (some) => some.at(-1)?.seq)
  }),
}
