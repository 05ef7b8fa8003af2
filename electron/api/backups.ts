import { callerName, given, procedures } from './procedures'

const { backups } = procedures

export const backupsRouter = {
  read: backups.read.handler(({ context }) => context.parts.backups.read()),
  change: backups.change.handler(({ input, context }) =>
    context.parts.backups.change(given(input), callerName(context.caller)),
  ),
  make: backups.make.handler(({ context }) => context.parts.backups.make(callerName(context.caller))),
  cancel: backups.cancel.handler(({ context }) => context.parts.backups.cancel()),
  check: backups.check.handler(({ input: { name, key }, context }) =>
    context.parts.backups.check(name, key, callerName(context.caller)),
  ),
  plan: backups.plan.handler(({ input: { name, key }, context }) => context.parts.backups.plan(name, key)),
  restore: backups.restore.handler(({ input, context }) =>
    context.parts.backups.restore(input, callerName(context.caller)),
  ),
  discard: backups.discard.handler(({ context }) => context.parts.backups.discard(callerName(context.caller))),
  remove: backups.remove.handler(({ input, context }) =>
    context.parts.backups.remove(input.name, callerName(context.caller)),
  ),
}
