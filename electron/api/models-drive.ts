import { callerName, procedures, signalOf } from './procedures'

const { modelsDrive } = procedures

export const modelsDriveRouter = {
  get: modelsDrive.get.handler(({ input, context }) => context.parts.modelsCopies.foldersOf(input.id)),
  measure: modelsDrive.measure.handler(({ input, context, signal }) =>
    context.parts.modelsCopies.measure(input.id, input.target, signalOf(signal)),
  ),
  begin: modelsDrive.begin.handler(({ input, context }) =>
    context.parts.modelsCopies.begin(input.id, input.target, { who: callerName(context.caller), waits: input.wait }),
  ),
  watch: modelsDrive.watch.handler(({ input, context, signal }) =>
    context.parts.modelsCopies.watch(input.id, input.target, signalOf(signal)),
  ),
  cancel: modelsDrive.cancel.handler(({ input, context }) => context.parts.modelsCopies.cancel(input.id, input.target)),
  prove: modelsDrive.prove.handler(({ input, context, signal }) =>
    context.parts.modelsCopies.prove(input.id, input.target, signalOf(signal)),
  ),
}
