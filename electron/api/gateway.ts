import { procedures } from './procedures'

export const gatewayRouter = {
  read: procedures.gateway.read.handler(async ({ context: { parts } }) => ({
    ...parts.gateway.read(),
    sleepers: await parts.sleeping.read(),
  })),
}
