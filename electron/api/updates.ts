import { callerName, procedures } from './procedures'

const { updates } = procedures

export const updatesRouter = {
  offer: updates.offer.handler(({ input, context }) => context.parts.updates.offer(input.id)),
  begin: updates.begin.handler(({ input: { id, ...order }, context: { parts, caller } }) =>
    parts.updates.begin(id, order, callerName(caller)),
  ),
  list: updates.list.handler(({ context }) => context.parts.updates.list()),
  get: updates.get.handler(({ input, context }) => context.parts.updates.get(input.id)),
  rollBack: updates.rollBack.handler(({ input, context: { parts, caller } }) =>
    parts.updates.rollBack(input.id, callerName(caller)),
  ),
  keep: updates.keep.handler(({ input, context: { parts, caller } }) =>
    parts.updates.keep(input.id, callerName(caller)),
  ),
  picture: updates.picture.handler(async ({ input: { id, of }, context }) => {
    const bytes = await context.parts.updates.picture(id, of)
    return new File([bytes], `${of}.png`, { type: 'image/png' })
  }),
}
