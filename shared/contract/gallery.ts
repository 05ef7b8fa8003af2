import * as z from 'zod'
import { procedure, RecordId } from './base'

/** So many generations are named in one call at most. */
export const mostAtOnce = 5000

const Ids = z.array(RecordId).min(1).max(mostAtOnce)

/** A ZIP that was ordered. It is written while it is fetched, by whoever ordered it and within ten minutes. */
export const Archive = z.object({
  id: z.string(),
  /** The name under which it is saved. */
  name: z.string(),
  images: z.number().int(),
  /** Its whole length. */
  bytes: z.number().int(),
})
export type Archive = z.infer<typeof Archive>

const tags = ['gallery']
const one = z.object({ id: RecordId })
const anId = '0b6f6a0e-5e0c-4a53-9c0e-3f5d2a8f7c11'

export const gallery = {
  archive: procedure('shared', { errors: ['NOT_FOUND'], example: { ids: [anId] } })
    .route({
      method: 'POST',
      path: '/gallery/archives',
      successStatus: 201,
      tags,
      summary: 'Order the images of some generations as one ZIP',
    })
    .input(z.object({ ids: Ids }))
    .output(Archive),
  download: procedure('own')
    .route({
      method: 'GET',
      path: '/gallery/archives/{id}',
      tags,
      summary: 'The ZIP, written as it is read',
      outputStructure: 'detailed',
    })
    .input(one)
    .output(
      z.object({
        headers: z.record(z.string(), z.string()),
        body: z.file().mime('application/zip').or(z.instanceof(ReadableStream)),
      }),
    ),
}
