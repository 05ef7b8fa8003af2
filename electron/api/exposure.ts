import { procedures } from './procedures'

const routerOf = (of: typeof procedures.exposure) => ({
  list: of.list.handler(({ context }) => context.parts.exposure.list()),
  get: of.get.handler(({ input, context }) => context.parts.exposure.get(input.id)),
  run: of.run.handler(({ input, context }) => context.parts.exposure.run(input.id, { wait: input.wait })),
  cancel: of.cancel.handler(({ input, context }) => context.parts.exposure.cancel(input.id)),
})

export const exposureRouter = routerOf(procedures.exposure)
/** The same under its former name, until 1.0. */
export const doorRouter = routerOf(procedures.door)
