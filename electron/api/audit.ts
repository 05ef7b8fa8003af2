import { callerName, procedures } from './procedures'

const { audit } = procedures

export const auditRouter = {
  list: audit.list.handler(({ input, context }) => context.parts.audit.list(input)),
  check: audit.check.handler(({ context }) => context.parts.audit.check()),
  acknowledge: audit.acknowledge.handler(async ({ context }) => {
    const check = await context.parts.audit.acknowledge(callerName(context.caller))
    context.parts.attention.noticesChanged()
    return check
  }),
  download: audit.download.handler(
    async ({ context }) =>
      new File([await context.parts.audit.read()], 'regie-audit.jsonl', { type: 'application/jsonl' }),
  ),
}
