import { callerName, procedures } from './procedures'

const { gpus } = procedures

export const gpusRouter = {
  list: gpus.list.handler(async ({ context }) => (await context.parts.gpus.report()).gpus),
  report: gpus.report.handler(({ context }) => context.parts.gpus.report()),
  watch: gpus.watch.handler(({ context, signal }) => context.parts.gpus.watch(signal)),
  program: gpus.program.handler(({ context }) => context.parts.gpuProgram.status()),
  setProgram: gpus.setProgram.handler(({ input, context }) =>
    context.parts.gpuProgram.set(input.program, callerName(context.caller)),
  ),
}
