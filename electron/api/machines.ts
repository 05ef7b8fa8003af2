import { callerName, procedures } from './procedures'

const { machines } = procedures

export const machinesRouter = {
  list: machines.list.handler(({ context }) => context.parts.machines.list()),
  create: machines.create.handler(({ input, context }) =>
    context.parts.machines.create(input, callerName(context.caller)),
  ),
  update: machines.update.handler(({ input, context }) =>
    context.parts.machines.update(input, callerName(context.caller)),
  ),
  remove: machines.remove.handler(({ input, context }) =>
    context.parts.machines.remove(input.id, callerName(context.caller)),
  ),
  reconnect: machines.reconnect.handler(({ input, context }) => context.parts.machines.reconnect(input.id)),
  test: machines.test.handler(({ input, context }) => context.parts.machines.test(input.id)),
  testAddress: machines.testAddress.handler(({ input, context }) => context.parts.machines.testAddress(input.address)),
}
