import { Problem } from '../../shared/problems'
import { callerName, procedures } from './procedures'

const { updates } = procedures

export const updatesRouter = {
  offer: updates.offer.handler(({ input, context }) => context.parts.updates.offer(input.id)),
  begin: updates.begin.handler(({ input: { id, ...order }, context: { parts, caller } }) =>
    parts.updates.begin(id, order, callerName(caller)),
  ),
  list: updates.list.handler(({ context }) => context.parts.updates.list()),
  get: updates.get.handler(({ input, context }) => context.parts.updates.get(input.id)),
  rollBack: updates.rollBack.handler(({ input, context }) => context.parts.updates.get(input.id)),
  keep: updates.keep.handler(({ input, context }) => context.parts.updates.get(input.id)),
  picture: updates.picture.handler(({ input }) => {
    throw new Problem('updates.not-found', { id: input.id })
  }),
}
