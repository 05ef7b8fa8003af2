import { callerName, procedures } from './procedures'

const { metrics } = procedures

export const metricsRouter = {
  token: metrics.token.handler(({ context }) => context.parts.metrics.tokens.read()),
  makeToken: metrics.makeToken.handler(({ context }) => context.parts.metrics.tokens.make(callerName(context.caller))),
  endToken: metrics.endToken.handler(({ context }) => context.parts.metrics.tokens.end(callerName(context.caller))),
}
