import { callerName, procedures, signalOf } from './procedures'

const { room } = procedures

export const roomRouter = {
  report: room.report.handler(({ context }) => context.parts.room.report()),
  remove: room.remove.handler(({ input, context }) =>
    context.parts.room.remove(input.ids, callerName(context.caller), { waits: input.wait }),
  ),
  removal: room.removal.handler(({ context }) => context.parts.room.removal()),
  watch: room.watch.handler(({ context, signal }) => context.parts.room.watch(signalOf(signal))),
  cancel: room.cancel.handler(({ context }) => context.parts.room.cancel()),
}
