import { callerName, procedures } from './procedures'

const { credentials, vault } = procedures

export const credentialsRouter = {
  list: credentials.list.handler(({ context }) => context.parts.credentials.list()),
  get: credentials.get.handler(({ input, context }) => context.parts.credentials.get(input.id)),
  create: credentials.create.handler(({ input, context }) =>
    context.parts.credentials.create(input, callerName(context.caller)),
  ),
  update: credentials.update.handler(({ input, context }) =>
    context.parts.credentials.update(input, callerName(context.caller)),
  ),
  remove: credentials.remove.handler(async ({ input, context }) => {
    await context.parts.credentials.remove(input.id, callerName(context.caller))
    return { id: input.id }
  }),
  rotate: credentials.rotate.handler(({ input, context }) =>
    context.parts.rotations.rotate(input, callerName(context.caller)),
  ),
  cancelRotation: credentials.cancelRotation.handler(({ input, context }) => context.parts.rotations.cancel(input.id)),
  rotation: credentials.rotation.handler(({ input, context }) => context.parts.rotations.last(input.id)),
  watchRotation: credentials.watchRotation.handler(({ input, context, signal }) =>
    context.parts.rotations.watch(input.id, signal),
  ),
  drift: credentials.drift.handler(({ input, context }) => context.parts.credentials.drift(input.id)),
  sync: credentials.sync.handler(({ input, context }) =>
    context.parts.credentials.sync(input.id, input.sinkId, callerName(context.caller)),
  ),
  verify: credentials.verify.handler(({ input, context }) => context.parts.credentials.verify(input.id)),
  reveal: credentials.reveal.handler(({ input, context }) =>
    context.parts.credentials.reveal(input.id, callerName(context.caller)),
  ),
  history: credentials.history.handler(({ input, context }) => context.parts.credentials.history(input.id, input.limit)),
}

export const vaultRouter = {
  status: vault.status.handler(({ context }) => context.parts.vault.status()),
  unlock: vault.unlock.handler(({ input, context }) => context.parts.vault.unlock(input.passphrase)),
}
