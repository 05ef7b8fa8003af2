import * as z from 'zod'
import { gives, procedure, RecordId, Timestamp } from './base'

/** The largest picture that is taken as an input, in bytes. */
export const largestInputBytes = 16 * 1024 * 1024
/** So many pictures an edit refers to at most, the source counted. */
export const mostInputImages = 3

/** The id of a picture that was given to Regie: a source, a reference or a mask. */
export const InputId = RecordId

/** A picture that was given to Regie, to generate from. Each account has its own. */
export const InputImage = z.object({
  id: InputId,
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  mime: z.enum(['image/png', 'image/jpeg', 'image/webp']),
  /** The picture of the gallery that it is; null for one from elsewhere. */
  imageId: z.string().nullable(),
  createdAt: Timestamp,
})
export type InputImage = z.infer<typeof InputImage>

const tags = ['inputs']

export const inputs = {
  upload: procedure('user', { errors: ['UNPROCESSABLE_CONTENT', ...gives.store], example: { file: 'source.png' } })
    .route({ method: 'POST', path: '/inputs', successStatus: 201, tags, summary: 'Give a picture to generate from' })
    .input(z.object({ file: z.file().max(largestInputBytes) }))
    .output(InputImage),
  fromImage: procedure('shared', { errors: ['UNPROCESSABLE_CONTENT', ...gives.store] })
    .route({
      method: 'POST',
      path: '/images/{id}/as-input',
      successStatus: 201,
      tags,
      summary: 'Take a picture of the gallery to generate from',
    })
    .input(z.object({ id: RecordId }))
    .output(InputImage),
  get: procedure('own')
    .route({
      method: 'GET',
      path: '/inputs/{id}',
      tags,
      summary: 'A picture that was given',
      outputStructure: 'detailed',
    })
    .input(z.object({ id: InputId }))
    .output(
      z.object({
        headers: z.object({ 'cache-control': z.string(), etag: z.string(), 'accept-ranges': z.literal('bytes') }),
        body: z.file().mime(['image/png', 'image/jpeg', 'image/webp']),
      }),
    ),
}
