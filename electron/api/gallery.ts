import { accountOf, procedures } from './procedures'

const { gallery } = procedures

export const galleryRouter = {
  archive: gallery.archive.handler(({ input, context }) =>
    context.parts.generations.archive(input.ids, accountOf(context.caller)),
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
