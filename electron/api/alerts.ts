import { callerName, given, procedures } from './procedures'

const { alerts } = procedures

export const alertsRouter = {
  read: alerts.read.handler(({ context }) => context.parts.alerts.read()),
  changeRule: alerts.changeRule.handler(({ input: { id, ...change }, context }) =>
    context.parts.alerts.changeRule(id, given(change), callerName(context.caller)),
  ),
  mute: alerts.mute.handler(({ input, context }) => context.parts.alerts.mute(input, callerName(context.caller))),
  unmute: alerts.unmute.handler(({ input, context }) =>
    context.parts.alerts.unmute(input.id, callerName(context.caller)),
  ),
  setQuietHours: alerts.setQuietHours.handler(({ input, context }) =>
    context.parts.alerts.setQuietHours(input.quietHours, callerName(context.caller)),
  ),
  addChannel: alerts.addChannel.handler(({ input, context }) =>
    context.parts.alerts.addChannel(input, callerName(context.caller)),
  ),
  changeChannel: alerts.changeChannel.handler(({ input, context }) =>
    context.parts.alerts.changeChannel(input, callerName(context.caller)),
  ),
  removeChannel: alerts.removeChannel.handler(({ input, context }) =>
    context.parts.alerts.removeChannel(input.id, callerName(context.caller)),
  ),
  testChannel: alerts.testChannel.handler(({ input, context }) => context.parts.alerts.testChannel(input.id)),
  setHeartbeat: alerts.setHeartbeat.handler(({ input, context }) =>
    context.parts.alerts.setHeartbeat(input, callerName(context.caller)),
  ),
  beat: alerts.beat.handler(({ context }) => context.parts.alerts.beat()),
}
