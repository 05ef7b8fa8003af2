import { accountOf, callerName, procedures } from './procedures'

const { loadTests } = procedures

export const loadTestsRouter = {
  list: loadTests.list.handler(({ input, context }) => context.parts.loadTests.list(input.id)),
  plan: loadTests.plan.handler(({ input: { id, ...order }, context }) => context.parts.loadTests.plan(id, order)),
  start: loadTests.start.handler(({ input: { id, anyway, ...order }, context: { parts, caller } }) =>
    parts.loadTests.start(id, order, { by: accountOf(caller), who: callerName(caller), anyway }),
  ),
  cancel: loadTests.cancel.handler(({ input, context }) => context.parts.loadTests.cancel(input.id)),
  get: loadTests.get.handler(({ input: { id, testId }, context }) => context.parts.loadTests.read(id, testId)),
  csv: loadTests.csv.handler(({ input: { id, testId }, context }) => {
    const text = context.parts.loadTests.csv(id, testId)
    return new File([text], `regie-load-test-${id}-${testId.slice(0, 8)}.csv`, { type: 'text/csv' })
  }),
  remove: loadTests.remove.handler(({ input: { id, testId }, context: { parts, caller } }) =>
    parts.loadTests.remove(id, testId, callerName(caller)),
  ),
}
