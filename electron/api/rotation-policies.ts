import { callerName, procedures } from './procedures'

const { credentials } = procedures

/** The part of `credentials` that concerns when secrets are rotated, and the way back. */
export const rotationPolicyHandlers = {
  schedules: credentials.schedules.handler(({ context }) => context.parts.policies.schedules()),
  setPolicy: credentials.setPolicy.handler(({ input, context }) =>
    context.parts.policies.setPolicy({ ...input, who: callerName(context.caller) }),
  ),
  snooze: credentials.snooze.handler(({ input, context }) =>
    context.parts.policies.snooze({ ...input, who: callerName(context.caller) }),
  ),
  rotateWhenIdle: credentials.rotateWhenIdle.handler(({ input, context }) =>
    context.parts.policies.rotateWhenIdle({ ...input, who: callerName(context.caller) }),
  ),
  rotateBack: credentials.rotateBack.handler(({ input, context }) =>
    context.parts.policies.goBack({ ...input, who: callerName(context.caller) }),
  ),
  rotationPlan: credentials.rotationPlan.handler(({ input, context }) => context.parts.policies.plan(input.id)),
  setConsumers: credentials.setConsumers.handler(({ input, context }) =>
    context.parts.policies.setConsumers({ ...input, who: callerName(context.caller) }),
  ),
  rotationRound: credentials.rotationRound.handler(({ context }) => context.parts.policies.round()),
  rotateAll: credentials.rotateAll.handler(({ input, context }) =>
    context.parts.policies.rotateAll({ ...input, who: callerName(context.caller) }),
  ),
  stopRound: credentials.stopRound.handler(({ context }) => context.parts.policies.stopRound()),
}
