import { procedures, signalOf } from './procedures'

const { services } = procedures

export const servicesRouter = {
  list: services.list.handler(({ context }) => context.parts.services.list()),
  invalid: services.invalid.handler(({ context }) => context.parts.services.invalid()),
  get: services.get.handler(({ input, context }) => context.parts.services.get(input.id)),
  create: services.create.handler(({ input, context }) => context.parts.services.create(input)),
  update: services.update.handler(({ input, context }) => context.parts.services.update(input)),
  remove: services.remove.handler(async ({ input, context }) => {
    await context.parts.services.remove(input.id)
    return { id: input.id }
  }),
  start: services.start.handler(({ input, context }) => context.parts.services.start(input.id)),
  stop: services.stop.handler(({ input, context }) => context.parts.services.stop(input.id)),
  restart: services.restart.handler(({ input, context }) => context.parts.services.restart(input.id)),
  recreate: services.recreate.handler(({ input, context }) => context.parts.services.recreate(input.id)),
  pull: services.pull.handler(({ input, context }) => context.parts.services.pull(input.id)),
  down: services.down.handler(({ input, context }) => context.parts.services.down(input.id)),
  cancel: services.cancel.handler(({ input, context }) => context.parts.services.cancel(input.id)),
  startPlan: services.startPlan.handler(({ input, context }) => context.parts.services.startPlan(input.id)),
  startAll: services.startAll.handler(({ context }) => context.parts.services.startAll()),
  stopAll: services.stopAll.handler(({ context }) => context.parts.services.stopAll()),
  probe: services.probe.handler(({ input, context }) => context.parts.services.probe(input.id)),
  capabilities: services.capabilities.handler(({ input, context, signal }) =>
    context.parts.backendOf(input.id).capabilities(signalOf(signal)),
  ),
  freeMemory: services.freeMemory.handler(({ input, context }) => context.parts.services.freeMemory(input.id)),
  logs: services.logs.handler(({ input, context }) => context.parts.services.logs(input.id, input.tail)),
  followLogs: services.followLogs.handler(({ input, context, signal }) =>
    context.parts.services.followLogs(input.id, { tail: input.tail, after: input.after }, signal),
  ),
}
