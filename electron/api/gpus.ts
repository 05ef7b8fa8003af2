import type { CardTurns } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { ApiContext } from './context'
import { callerName, procedures } from './procedures'

const { gpus } = procedures

/** Who waits is told to administrators; everybody else knows himself among them. */
function turnsFor({ waiting, turns, ...card }: CardTurns, { caller }: ApiContext): CardTurns {
  const told = (by: string | null) => (caller.role === 'admin' || by === caller.account ? by : null)
  return {
    ...card,
    waiting: waiting.map((one) => ({ ...one, by: told(one.by) })),
    turns: turns.map((one) => ({ ...one, by: told(one.by) })),
  }
}

export const gpusRouter = {
  list: gpus.list.handler(async ({ context }) => (await context.parts.gpus.report()).gpus),
  report: gpus.report.handler(({ context }) => context.parts.gpus.report()),
  watch: gpus.watch.handler(({ context, signal }) => context.parts.gpus.watch(signal)),
  turns: gpus.turns.handler(async ({ input, context }) => {
    const turns = await context.parts.cards.describe(input.uuid)
    if (!turns) throw new Problem('card.not-shared', { uuid: input.uuid })
    return turnsFor(turns, context)
  }),
  identity: gpus.identity.handler(({ input, context }) => context.parts.identity.of(input.uuid)),
  history: gpus.history.handler(async ({ input, context }) => {
    const history = await context.parts.gpuHistory.read(input)
    // What happened to services is an administrator's, as their timelines are.
    return context.caller.role === 'admin' ? history : { ...history, events: [] }
  }),
  program: gpus.program.handler(({ context }) => context.parts.gpuProgram.status()),
  setProgram: gpus.setProgram.handler(({ input, context }) =>
    context.parts.gpuProgram.set(input.program, callerName(context.caller)),
  ),
}
