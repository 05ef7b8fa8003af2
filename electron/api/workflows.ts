import { accountOf, callerName, given, procedures, signalOf } from './procedures'
import type { Caller } from './context'

const { workflows } = procedures

const changerOf = (caller: Caller) => ({ account: accountOf(caller), who: callerName(caller) })

/** A file as it was sent. */
const sent = async (file: File) => ({ name: file.name, bytes: await file.bytes() })

/** Any name of a file in a header (RFC 6266): what is no plain ASCII goes percent-encoded. */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}

export const workflowsRouter = {
  list: workflows.list.handler(({ context }) => context.parts.workflows.list()),
  get: workflows.get.handler(({ input, context }) => context.parts.workflows.get(input.id, input.version)),
  needs: workflows.needs.handler(({ input, context, signal }) =>
    context.parts.workflowIntake.needs(input.id, input.version, signalOf(signal)),
  ),
  inspect: workflows.inspect.handler(async ({ input, context, signal }) =>
    context.parts.workflowIntake.inspect(await sent(input.file), signalOf(signal)),
  ),
  import: workflows.import.handler(async ({ input: { file, ...as }, context: { parts, caller }, signal }) =>
    parts.workflowIntake.import(await sent(file), as, changerOf(caller), signalOf(signal)),
  ),
  change: workflows.change.handler(({ input: { id, ...change }, context: { parts, caller } }) =>
    parts.workflows.change(id, given(change), changerOf(caller)),
  ),
  restore: workflows.restore.handler(({ input, context: { parts, caller } }) =>
    parts.workflows.restore(input.id, input.version, changerOf(caller)),
  ),
  remove: workflows.remove.handler(async ({ input: { id }, context: { parts, caller } }) => {
    await parts.workflows.remove(id, changerOf(caller))
    return { id }
  }),
  undoRemove: workflows.undoRemove.handler(({ input, context: { parts, caller } }) =>
    parts.workflows.undoRemove(input.id, changerOf(caller)),
  ),
  export: workflows.export.handler(async ({ input: { id, as }, context: { parts } }) => {
    const { fileName, bytes } = await parts.workflows.export(id, as)
    return {
      headers: { 'content-disposition': attachment(fileName), 'cache-control': 'no-store' },
      // Never a type that a browser shows: the bytes are somebody else's.
      body: new File([new Uint8Array(bytes)], fileName, { type: 'application/octet-stream' }),
    }
  }),
}
