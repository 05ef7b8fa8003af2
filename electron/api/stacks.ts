import { callerName, procedures } from './procedures'

const { stacks } = procedures

export const stacksRouter = {
  list: stacks.list.handler(({ context }) => context.parts.stacks.list()),
  check: stacks.check.handler(({ input, context }) => context.parts.stacks.check(input)),
  deploy: stacks.deploy.handler(async ({ input, context }) => {
    const { wait, ...order } = input
    const { deployment, ended } = await context.parts.stacks.deploy(order, callerName(context.caller))
    return wait ? ended : deployment
  }),
  deployment: stacks.deployment.handler(({ input, context }) => context.parts.stacks.deployment(input.id)),
  undo: stacks.undo.handler(({ input, context }) => context.parts.stacks.undo(input.id)),
  adopt: stacks.adopt.handler(({ input, context }) => context.parts.stacks.adopt(input, callerName(context.caller))),
}
