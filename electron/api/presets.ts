import { accountOf, given, procedures } from './procedures'

const { presets } = procedures

export const presetsRouter = {
  list: presets.list.handler(({ context }) => context.parts.presets.list(accountOf(context.caller))),
  save: presets.save.handler(({ input, context }) => context.parts.presets.save(accountOf(context.caller), input)),
  change: presets.change.handler(({ input: { id, ...change }, context }) =>
    context.parts.presets.change(accountOf(context.caller), id, given(change)),
  ),
  remove: presets.remove.handler(({ input, context }) =>
    context.parts.presets.remove(accountOf(context.caller), input.id),
  ),
  history: presets.history.handler(({ input, context }) =>
    context.parts.generations.prompts(accountOf(context.caller), input.limit),
  ),
}
