import { callerName, procedures, signalOf } from './procedures'

const { doctor } = procedures

export const doctorRouter = {
  diagnose: doctor.diagnose.handler(({ input, context, signal }) =>
    context.parts.doctor.diagnose(input.id, { who: callerName(context.caller), signal: signalOf(signal) }),
  ),
  watch: doctor.watch.handler(({ input, context, signal }) =>
    context.parts.doctor.follow(input.id, { who: callerName(context.caller), signal: signalOf(signal) }),
  ),
  adoptLive: doctor.adoptLive.handler(({ input, context, signal }) =>
    context.parts.doctor.adoptLive(input.id, {
      fingerprint: input.fingerprint,
      who: callerName(context.caller),
      signal: signalOf(signal),
    }),
  ),
}
