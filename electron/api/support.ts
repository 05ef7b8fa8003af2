import { procedures } from './procedures'

const { support } = procedures

export const supportRouter = {
  contents: support.contents.handler(({ context }) => context.parts.support.contents()),
  download: support.download.handler(async ({ input, context }) => {
    const body = await context.parts.support.download(input.id)
    return {
      headers: { 'content-disposition': `attachment; filename="${body.name}"`, 'cache-control': 'no-store' },
      body,
    }
  }),
}
