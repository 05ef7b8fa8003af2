import { procedures } from './procedures'

const { timeline } = procedures

export const timelineRouter = {
  list: timeline.list.handler(({ input, context }) => {
    context.parts.services.get(input.id)
    return context.parts.timeline.list(input)
  }),
}
