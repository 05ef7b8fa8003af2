import { procedures } from './procedures'

const { attention } = procedures

export const attentionRouter = {
  read: attention.read.handler(({ context }) => context.parts.attention.read()),
}
