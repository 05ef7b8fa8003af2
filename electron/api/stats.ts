import { procedures, signalOf } from './procedures'

const { stats } = procedures

export const statsRouter = {
  history: stats.history.handler(({ input, context }) => context.parts.stats.history(input.id, input.range)),
  watch: stats.watch.handler(({ input, context, signal }) => context.parts.stats.watch(input.id, signalOf(signal))),
}
