import { checkProof } from './allowing'
import { callerName, procedures, signalOf } from './procedures'
import { rotationPolicyHandlers } from './rotation-policies'

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
  remove: credentials.remove.handler(({ input, context }) =>
    context.parts.credentials.remove(input.id, callerName(context.caller)),
  ),
  rotate: credentials.rotate.handler(({ input, context }) => {
    // A secret that somebody chose is known to him, as one is that he was shown.
    if (input.password !== undefined || input.token !== undefined) checkProof(context.caller)
    return context.parts.rotations.rotate({ ...input, who: callerName(context.caller) })
  }),
  cancelRotation: credentials.cancelRotation.handler(({ input, context }) => context.parts.rotations.cancel(input.id)),
  ...rotationPolicyHandlers,
  rotation: credentials.rotation.handler(({ input, context }) => context.parts.rotations.last(input.id)),
  watchRotation: credentials.watchRotation.handler(({ input, context, signal }) =>
    context.parts.rotations.watch(input.id, signalOf(signal)),
  ),
  drift: credentials.drift.handler(({ input, context, signal }) => context.parts.credentials.drift(input.id, signal)),
  sync: credentials.sync.handler(({ input, context }) =>
    context.parts.credentials.sync(input.id, { sinkId: input.sinkId, who: callerName(context.caller) }),
  ),
  adopt: credentials.adopt.handler(({ input, context }) =>
    context.parts.credentials.adopt({ ...input, who: callerName(context.caller) }),
  ),
  verify: credentials.verify.handler(({ input, context, signal }) =>
    context.parts.credentials.verify(input.id, { who: callerName(context.caller), signal: signalOf(signal) }),
  ),
  reveal: credentials.reveal.handler(({ input, context: { parts, caller } }) => {
    // Before the secret leaves, so that no page can forget it.
    if (caller.door === 'desktop') parts.desktop?.secrets.shown()
    return parts.credentials.reveal(input.id, callerName(caller))
  }),
  history: credentials.history.handler(({ input, context }) =>
    context.parts.credentials.history(input.id, input.limit),
  ),
}

export const vaultRouter = {
  status: vault.status.handler(({ context }) => context.parts.vault.status()),
  unlock: vault.unlock.handler(({ input, context }) => context.parts.vault.unlock(input.passphrase)),
  backups: vault.backups.handler(({ context }) => context.parts.vault.backups()),
  restore: vault.restore.handler(({ input, context }) =>
    context.parts.vault.restoreBackup({ ...input, who: callerName(context.caller) }),
  ),
  accept: vault.accept.handler(({ context }) => context.parts.vault.accept(callerName(context.caller))),
  export: vault.export.handler(async ({ input, context }) => {
    const text = await context.parts.vault.exportWith(input.passphrase, callerName(context.caller))
    return new File([text], 'regie-vault-export.json', { type: 'application/json' })
  }),
  import: vault.import.handler(async ({ input, context }) =>
    context.parts.credentials.importFrom({
      text: await input.file.text(),
      passphrase: input.passphrase,
      who: callerName(context.caller),
    }),
  ),
  changeKeeper: vault.changeKeeper.handler(({ input, context }) =>
    context.parts.vault.changeKeeper({ ...input, who: callerName(context.caller) }),
  ),
}
