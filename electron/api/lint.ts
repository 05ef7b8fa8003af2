import { callerName, procedures } from './procedures'

const { lint } = procedures

export const lintRouter = {
  service: lint.service.handler(({ input, context }) => context.parts.linter.report(input.id)),
  files: lint.files.handler(({ input, context }) => context.parts.linter.reportOfFiles(input)),
  fix: lint.fix.handler(({ input: { id, fixes, files }, context }) =>
    context.parts.linter.fix(id, { fixes, files, who: callerName(context.caller) }),
  ),
  undo: lint.undo.handler(({ input: { id, change }, context }) =>
    context.parts.linter.undo(id, { change, who: callerName(context.caller) }),
  ),
}
