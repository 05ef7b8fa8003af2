import { callerName, procedures, signalOf } from './procedures'

const { leaks } = procedures

export const leaksRouter = {
  scan: leaks.scan.handler(({ input, context }) => context.parts.leaks.scan(input, callerName(context.caller))),
  last: leaks.last.handler(({ context }) => context.parts.leaks.last()),
  watch: leaks.watch.handler(({ context, signal }) => context.parts.leaks.watch(signalOf(signal))),
  cancel: leaks.cancel.handler(({ context }) => context.parts.leaks.cancel()),
}
