import type { Changer } from '../generation'
import { accountOf, procedures, type Narrowed } from './procedures'

const { gallery } = procedures

/** Who asks, and of what he may know and what he may change. */
export function changerOf({ caller, seesOnly }: Narrowed): Changer {
  const account = accountOf(caller)
  return { account, sees: seesOnly, only: caller.role === 'admin' ? null : account }
}

/** What a list is narrowed to for the caller, and whose favourites are meant. */
export function readerOf(context: Narrowed) {
  const { account, sees } = changerOf(context)
  return { reader: account, sees: sees ?? undefined }
}

/** Whose bin the caller sees: a user his own alone, also where the gallery is shared. */
const binOf = (context: Narrowed) => changerOf(context).only ?? undefined

export const galleryRouter = {
  totals: gallery.totals.handler(({ input, context }) =>
    context.parts.generations.totals({ ...input, ...readerOf(context) }, binOf(context)),
  ),
  ids: gallery.ids.handler(({ input: { mine = false, ...filter }, context }) => {
    const { reader, sees } = readerOf(context)
    return { ids: context.parts.generations.ids({ ...filter, reader, sees: mine ? reader : sees }) }
  }),
  tags: gallery.tags.handler(({ context }) => context.parts.generations.tags(readerOf(context).sees)),
  models: gallery.models.handler(({ context }) => context.parts.generations.models(readerOf(context).sees)),
  people: gallery.people.handler(({ context }) => context.parts.generations.people(readerOf(context).sees)),
  change: gallery.change.handler(({ input: { ids, ...change }, context }) =>
    context.parts.generations.change(ids, change, changerOf(context)),
  ),
  bin: gallery.bin.handler(({ input, context }) => context.parts.generations.bin({ ...input, by: binOf(context) })),
  restore: gallery.restore.handler(({ context }) => ({
    count: context.parts.generations.restoreAll(changerOf(context)),
  })),
  empty: gallery.empty.handler(async ({ input, context }) => ({
    count: await context.parts.generations.emptyBin(input.ids ?? null, changerOf(context)),
  })),
  archive: gallery.archive.handler(({ input, context }) =>
    context.parts.generations.archive(input.ids, changerOf(context)),
  ),
  download: gallery.download.handler(({ input, context }) => {
    const { name, bytes, stream } = context.parts.generations.download(input.id, accountOf(context.caller))
    return {
      headers: {
        'content-type': 'application/zip',
        'content-length': String(bytes),
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
      },
      body: stream,
    }
  }),
}
