import { procedures } from './procedures'

const { door } = procedures

export const doorRouter = {
  list: door.list.handler(({ context }) => context.parts.door.list()),
  get: door.get.handler(({ input, context }) => context.parts.door.get(input.id)),
  run: door.run.handler(({ input, context }) => context.parts.door.run(input.id, { wait: input.wait })),
  cancel: door.cancel.handler(({ input, context }) => context.parts.door.cancel(input.id)),
}
