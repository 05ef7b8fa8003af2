import { Problem } from '../../shared/problems'
import { callerName, given, procedures } from './procedures'

const { releases } = procedures

export const releasesRouter = {
  read: releases.read.handler(({ context }) => context.parts.releases.read()),
  change: releases.change.handler(({ input, context }) =>
    context.parts.releases.change(given(input), callerName(context.caller)),
  ),
  look: releases.look.handler(async ({ context }) => {
    if (context.parts.releases.read().feed === null) throw new Problem('release.no-feed')
    await context.parts.releases.look()
    return context.parts.releases.read()
  }),
  download: releases.download.handler(({ context }) => context.parts.releases.download()),
  cancel: releases.cancel.handler(({ context }) => context.parts.releases.cancel()),
  install: releases.install.handler(({ context }) => context.parts.releases.install(callerName(context.caller))),
}
