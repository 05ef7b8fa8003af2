import { procedures } from './procedures'

export const gatewayRouter = {
  read: procedures.gateway.read.handler(({ context }) => context.parts.gateway.read()),
}
