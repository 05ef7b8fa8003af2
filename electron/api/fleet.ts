import { callerName, procedures } from './procedures'

const { fleet } = procedures

export const fleetRouter = {
  get: fleet.get.handler(({ context }) => context.parts.fleet.get()),
  plan: fleet.plan.handler(({ input, context }) => context.parts.fleet.plan(input.machineId)),
  init: fleet.init.handler(({ input, context }) => context.parts.fleet.init(input, callerName(context.caller))),
  join: fleet.join.handler(({ input, context }) => context.parts.fleet.join(input, callerName(context.caller))),
  changeNode: fleet.changeNode.handler(({ input, context }) =>
    context.parts.fleet.changeNode(input, callerName(context.caller)),
  ),
  removeNode: fleet.removeNode.handler(({ input, context }) =>
    context.parts.fleet.removeNode(input, callerName(context.caller)),
  ),
  preparation: fleet.preparation.handler(({ input, context }) => context.parts.fleet.preparation(input.id)),
  services: fleet.services.handler(({ context }) => context.parts.fleet.services()),
  deploy: fleet.deploy.handler(({ input, context }) => context.parts.fleet.deploy(input, callerName(context.caller))),
  scale: fleet.scale.handler(({ input, context }) => context.parts.fleet.scale(input, callerName(context.caller))),
  removeService: fleet.removeService.handler(({ input, context }) =>
    context.parts.fleet.removeService(input, callerName(context.caller)),
  ),
  handOut: fleet.handOut.handler(({ input, context }) =>
    context.parts.fleet.handOut(input, callerName(context.caller)),
  ),
}
