import * as z from 'zod'
import { procedure, RecordId, Timestamp } from './base'

/** What is put into a support bundle, as a ZIP has it; `text` is the whole of each file. */
export const SupportContents = z.object({
  /** Names this very bundle for ten minutes, so that what is saved is what was shown. */
  id: RecordId,
  at: Timestamp,
  files: z.array(z.object({ name: z.string(), bytes: z.number().int().nonnegative(), text: z.string() })),
})
export type SupportContents = z.infer<typeof SupportContents>

const tags = ['system']

export const support = {
  contents: procedure('admin')
    .route({
      method: 'GET',
      path: '/support-bundle/contents',
      tags,
      summary: 'What a support bundle holds now, file by file, to be read before it is saved',
    })
    .output(SupportContents),
  download: procedure('admin', { errors: ['NOT_FOUND'] })
    .route({
      method: 'GET',
      path: '/support-bundle',
      tags,
      summary: 'A support bundle as a ZIP: the one that `contents` showed, or, without `id`, one made now',
      outputStructure: 'detailed',
    })
    .input(z.object({ id: RecordId.optional() }))
    .output(z.object({ headers: z.record(z.string(), z.string()), body: z.file().mime('application/zip') })),
}
