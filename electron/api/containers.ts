import { callerName, procedures, signalOf } from './procedures'
import { placeIn, withPlaces } from './resuming'

const { containers, shells } = procedures

export const containersRouter = {
  get: containers.get.handler(({ input, context }) => context.parts.containers.details(input.id)),
}

export const shellsRouter = {
  open: shells.open.handler(({ input: { id, program, cols, rows }, context: { parts, caller } }) => {
    const container = parts.containers.containerOf(id)
    return parts.shells.open({ serviceId: id, container, program, cols, rows, who: callerName(caller) })
  }),
  watch: shells.watch.handler(({ input, context, signal, lastEventId }) => {
    const output = context.parts.shells.watch(input.id, placeIn(lastEventId) ?? input.after, signalOf(signal))
    return withPlaces(output, (event) => (event.type === 'output' ? event.offset : undefined))
  }),
  input: shells.input.handler(async ({ input, context }) => {
    await context.parts.shells.input(input.id, input.text)
    return {}
  }),
  acknowledge: shells.acknowledge.handler(({ input, context }) => {
    context.parts.shells.acknowledge(input.id, input.offset)
    return {}
  }),
  resize: shells.resize.handler(async ({ input, context }) => {
    await context.parts.shells.resize(input.id, input.cols, input.rows)
    return {}
  }),
  close: shells.close.handler(async ({ input, context }) => {
    await context.parts.shells.close(input.id)
    return {}
  }),
}
