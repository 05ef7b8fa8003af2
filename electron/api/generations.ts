import { changerOf, readerOf } from './gallery'
import { accountOf, procedures } from './procedures'

const { generations, images } = procedures

export const generationsRouter = {
  create: generations.create.handler(({ input, context }) =>
    context.parts.generations.create({ ...input, by: accountOf(context.caller) }),
  ),
  list: generations.list.handler(({ input, context }) =>
    context.parts.generations.list({ ...input, ...readerOf(context) }),
  ),
  latest: generations.latest.handler(({ context }) => {
    const { services, generations: all } = context.parts
    return services
      .list()
      .flatMap(({ id: serviceId }) => all.list({ serviceId, state: 'succeeded', limit: 1, ...readerOf(context) }).items)
  }),
  get: generations.get.handler(({ input, context }) =>
    context.parts.generations.get(input.id, accountOf(context.caller)),
  ),
  cancel: generations.cancel.handler(({ input, context }) => context.parts.generations.cancel(input.id)),
  remove: generations.remove.handler(({ input, context }) => {
    context.parts.generations.remove(input.id, changerOf(context))
    return { id: input.id }
  }),
  restore: generations.restore.handler(({ input, context }) =>
    context.parts.generations.restore(input.id, changerOf(context)),
  ),
  watch: generations.watch.handler(({ input, context, signal }) => context.parts.generations.watch(input.id, signal)),
}

/** Images never change under their id, so that a browser asks once. Only the signed-in caller's own cache keeps them. */
export const imageHeaders = (etag: string) => ({
  'cache-control': 'private, max-age=31536000, immutable',
  etag: `"${etag}"`,
  'accept-ranges': 'bytes' as const,
})

export const imagesRouter = {
  get: images.get.handler(async ({ input, context }) => {
    return { headers: imageHeaders(input.id), body: await context.parts.generations.image(input.id) }
  }),
  thumbnail: images.thumbnail.handler(async ({ input, context }) => {
    const image = await context.parts.generations.thumbnail(input.id)
    return { headers: imageHeaders(`${input.id}-t`), body: new File([image.bytes], image.name, { type: image.mime }) }
  }),
  metadata: images.metadata.handler(({ input, context }) => context.parts.generations.metadata(input.id)),
}
