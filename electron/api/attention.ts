import { callerName, procedures } from './procedures'

const { attention } = procedures

export const attentionRouter = {
  read: attention.read.handler(({ context }) => context.parts.attention.read()),
  resolved: attention.resolved.handler(({ context }) => [...context.parts.attention.resolved()]),
  snooze: attention.snooze.handler(({ input, context }) =>
    context.parts.attention.snooze(input, callerName(context.caller)),
  ),
  unsnooze: attention.unsnooze.handler(({ input, context }) =>
    context.parts.attention.unsnooze(input.id, callerName(context.caller)),
  ),
}
