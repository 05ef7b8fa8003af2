import { accountOf, callerName, given, procedures } from './procedures'

const { golden } = procedures

export const goldenRouter = {
  get: golden.get.handler(({ input, context }) => context.parts.golden.read(input.id)),
  change: golden.change.handler(({ input: { id, ...change }, context: { parts, caller } }) =>
    parts.golden.change(id, given(change), callerName(caller)),
  ),
  run: golden.run.handler(({ input: { id, wait }, context: { parts, caller } }) =>
    parts.golden.run(id, accountOf(caller), { wait }),
  ),
  cancel: golden.cancel.handler(({ input, context }) => context.parts.golden.cancel(input.id)),
  accept: golden.accept.handler(({ input: { id, checkId }, context: { parts, caller } }) =>
    parts.golden.accept(id, checkId, callerName(caller)),
  ),
  picture: golden.picture.handler(async ({ input: { id, checkId }, context }) => {
    const bytes = await context.parts.golden.picture(id, checkId)
    return new File([new Uint8Array(bytes)], `${checkId}.png`, { type: 'image/png' })
  }),
}
