import { callerName, procedures } from './procedures'

export const gatewayRouter = {
  read: procedures.gateway.read.handler(async ({ context: { parts, caller } }) => ({
    ...parts.gateway.read(),
    sleepers: await parts.sleeping.read(),
    // Whose jobs these are is nobody else's to know.
    services: caller.role === 'admin' ? parts.gatewayServices() : [],
  })),
  removeMonitor: procedures.gateway.removeMonitor.handler(async ({ input, context: { parts, caller } }) => ({
    removed: await parts.removeMonitor({ ...input, who: callerName(caller) }),
  })),
}
