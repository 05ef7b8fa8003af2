import { callerName, procedures, signalOf } from './procedures'

const { modelLibrary } = procedures

export const modelLibraryRouter = {
  overview: modelLibrary.overview.handler(({ context }) => context.parts.models.library.overview()),
  files: modelLibrary.files.handler(({ input, context }) => context.parts.models.library.page(input)),
  scan: modelLibrary.scan.handler(({ context }) => context.parts.models.library.scan()),
  hash: modelLibrary.hash.handler(({ context }) => {
    const { hashing } = context.parts.models.library
    hashing.start()
    return hashing.status()
  }),
  stopHashing: modelLibrary.stopHashing.handler(async ({ context }) => {
    const { hashing } = context.parts.models.library
    await hashing.stop()
    return hashing.status()
  }),
  sharing: modelLibrary.sharing.handler(({ input, context }) => context.parts.models.changing.sharing(input.id)),
  share: modelLibrary.share.handler(({ input, context: { parts, caller }, signal }) =>
    parts.models.changing.share(input.id, input.ids, callerName(caller), signalOf(signal)),
  ),
  separate: modelLibrary.separate.handler(({ input, context: { parts, caller }, signal }) =>
    parts.models.changing.separate(input.id, input.path, callerName(caller), signalOf(signal)),
  ),
  mentions: modelLibrary.mentions.handler(({ input, context }) => context.parts.models.mentions(input.id)),
  downloads: modelLibrary.downloads.handler(({ context }) => context.parts.models.downloads.list()),
  plan: modelLibrary.plan.handler(({ input, context, signal }) =>
    context.parts.models.downloads.plan(input, signalOf(signal)),
  ),
  download: modelLibrary.download.handler(({ input, context: { parts, caller }, signal }) =>
    parts.models.downloads.start(input, callerName(caller), signalOf(signal)),
  ),
  pause: modelLibrary.pause.handler(({ input, context }) => context.parts.models.downloads.pause(input.id)),
  resume: modelLibrary.resume.handler(({ input, context }) => context.parts.models.downloads.resume(input.id)),
  discard: modelLibrary.discard.handler(({ input, context: { parts, caller } }) =>
    parts.models.downloads.discard(input.id, callerName(caller)),
  ),
  remove: modelLibrary.remove.handler(({ input, context: { parts, caller } }) =>
    parts.models.changing.remove(input.id, callerName(caller)),
  ),
  restore: modelLibrary.restore.handler(({ input, context: { parts, caller } }) =>
    parts.models.changing.restore(input.id, callerName(caller)),
  ),
  erase: modelLibrary.erase.handler(({ input, context: { parts, caller } }) =>
    parts.models.changing.erase(input.id, callerName(caller)),
  ),
}
