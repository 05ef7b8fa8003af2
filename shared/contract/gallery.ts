import * as z from 'zod'
import { gives, procedure, ReasonSchema, RecordId, Timestamp } from './base'
import { AccountId } from './accounts'
import { GalleryFilter, Generation, mostTags, Tag } from './generations'

/** So many generations are named in one call at most. */
export const mostAtOnce = 5000

const Ids = z.array(RecordId).min(1).max(mostAtOnce)

/** What is moved to the bin is deleted for good after so many days. */
export const binDays = 30

/** How many generations, how many images they have, and how many bytes these. */
export const GalleryTotals = z.object({
  generations: z.number().int(),
  images: z.number().int(),
  bytes: z.number().int(),
})
export type GalleryTotals = z.infer<typeof GalleryTotals>

/** A tag, and how many generations have it. */
export const GalleryTag = z.object({ tag: z.string(), count: z.number().int() })
export type GalleryTag = z.infer<typeof GalleryTag>

/** Whose images there are, and how many generations have some. */
export const GalleryPerson = z.object({ account: AccountId, count: z.number().int() })
export type GalleryPerson = z.infer<typeof GalleryPerson>

/** What is done with each of some generations; what is left out stays as it is. */
export const GalleryChange = z.object({
  /** The caller's own mark; nobody else sees it. */
  favourite: z.boolean().optional(),
  addTags: z.array(Tag).max(mostTags).optional(),
  removeTags: z.array(Tag).max(mostTags).optional(),
  /** Into the bin, or back out of it. */
  bin: z.boolean().optional(),
})
export type GalleryChange = z.infer<typeof GalleryChange>

/** What became of a change: those that were changed, and those that were not, each with its reason. */
export const GalleryChanged = z.object({
  changed: z.array(z.string()),
  refused: z.array(z.object({ id: z.string(), reason: ReasonSchema })),
  /** What gives the tags back that each had before: calls that do exactly that. Left out where no tag changed. */
  undo: z
    .array(z.object({ ids: z.array(z.string()), addTags: z.array(z.string()), removeTags: z.array(z.string()) }))
    .optional(),
})
export type GalleryChanged = z.infer<typeof GalleryChanged>

export const BinPage = z.object({
  /** What is deleted for good soon comes first. */
  items: z.array(z.object({ generation: Generation, goesAt: Timestamp })),
  nextCursor: z.string().nullable(),
})
export type BinPage = z.infer<typeof BinPage>

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
  totals: procedure('shared')
    .route({ method: 'GET', path: '/gallery/totals', tags, summary: 'How much there is, of a filter and in all' })
    .input(GalleryFilter)
    .output(
      z.object({
        /** Of the filter. */
        matching: GalleryTotals,
        /** Of the same filter, those that failed or were cancelled and left no image. */
        ended: z.number().int(),
        /** Of the whole gallery, without those. */
        all: GalleryTotals,
        favourites: z.number().int(),
        bin: GalleryTotals,
      }),
    ),
  ids: procedure('shared')
    .route({ method: 'GET', path: '/gallery/ids', tags, summary: 'The ids of a filter, newest first, at most 5,000' })
    .input(
      GalleryFilter.extend({
        /** The caller's own alone, also where the gallery is shared. */
        mine: z.boolean().optional(),
      }),
    )
    .output(z.object({ ids: z.array(z.string()) })),
  tags: procedure('shared')
    .route({ method: 'GET', path: '/gallery/tags', tags, summary: 'Tags that there are, most used first' })
    .output(z.array(GalleryTag)),
  models: procedure('shared')
    .route({
      method: 'GET',
      path: '/gallery/models',
      tags,
      summary: 'Models that there are images of, most used first',
    })
    .output(z.array(z.string())),
  people: procedure('shared')
    .route({ method: 'GET', path: '/gallery/people', tags, summary: 'Whose images there are, who has most first' })
    .output(z.array(GalleryPerson)),
  change: procedure('shared', { errors: ['NOT_FOUND', ...gives.store], example: { ids: [anId], favourite: true } })
    .route({
      method: 'POST',
      path: '/gallery/changes',
      tags,
      summary: 'Mark, tag or move some generations to the bin and back',
    })
    .input(GalleryChange.extend({ ids: Ids }))
    .output(GalleryChanged),
  bin: procedure('own')
    .route({ method: 'GET', path: '/gallery/bin', tags, summary: 'Page through the bin' })
    .input(z.object({ limit: z.number().int().min(1).max(200).default(50), cursor: z.string().max(200).optional() }))
    .output(BinPage),
  restore: procedure('own', { errors: gives.store })
    .route({ method: 'POST', path: '/gallery/bin/restore', tags, summary: 'Put everything in the bin back' })
    .output(z.object({ count: z.number().int() })),
  empty: procedure('own', { errors: ['NOT_FOUND', ...gives.store], example: { ids: [anId] } })
    .route({
      method: 'POST',
      path: '/gallery/bin/empty',
      tags,
      summary: 'Delete what is in the bin for good: some of it, or all',
    })
    .input(z.object({ ids: Ids.optional() }))
    .output(z.object({ count: z.number().int() })),
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
