import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { gives, procedure, ReasonSchema, Timestamp } from './base'

const RoomKind = z.enum(['image', 'container', 'build-cache'])

/**
 * Why nothing needs it. `dangling`: a build made it and its name has gone to a later one. `unused`: no container is of
 * it, and no known Compose project names it. `stopped`: a container of no known project that does not run. `cache`:
 * steps of builds that no build is using now.
 */
const RoomWhy = z.enum(['dangling', 'unused', 'stopped', 'cache'])

const size = z.number().int().nonnegative().nullable()

/** Something that Docker keeps and nothing needs any more, as far as is known. */
export const RoomItem = z.object({
  /** `image:sha256:…`, `container:…` or `build-cache`. */
  id: z.string(),
  kind: RoomKind,
  /** Its first name; a short id where it has none. */
  name: z.string(),
  /** Every name of an image. */
  names: z.array(z.string()),
  why: RoomWhy,
  /** Its whole size in bytes; null where the engine does not tell. */
  sizeBytes: size,
  /** What other images hold too, and stays when it is removed. */
  sharedBytes: size,
  /** What its removal gives back at least: of a container what was written in it, which is lost. */
  freesBytes: size,
  createdAt: Timestamp.nullable(),
  /** The image of a container. */
  image: z.string().nullable(),
})
export type RoomItem = z.infer<typeof RoomItem>

/** An image that is not offered although no container is of it. */
export const RoomKept = z.object({
  name: z.string(),
  sizeBytes: size,
  /**
   * `undo`: the update of a service can be undone with it. `unread`: a Compose project that cannot be read may name it.
   * `young`: it came within the last hour, and a build or a deployment may be about to use it. `several-names`: it has
   * names in more than one place, which Docker takes away one by one.
   */
  why: z.enum(['undo', 'unread', 'young', 'several-names']),
  /** Until when it is kept for an undo; null where that is not known. */
  until: Timestamp.nullable(),
})
export type RoomKept = z.infer<typeof RoomKept>

/** One thing that is being removed. `kept`: it is needed after all, for the reason told. */
export const RoomRemoved = z.object({
  id: z.string(),
  kind: RoomKind,
  name: z.string(),
  state: z.enum(['waiting', 'removing', 'removed', 'kept', 'failed']),
  freedBytes: size,
  reason: ReasonSchema.optional(),
})
export type RoomRemoved = z.infer<typeof RoomRemoved>

export const RoomRemoval = z.object({
  id: z.string(),
  state: z.enum(['running', 'done', 'cancelled']),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  startedBy: z.string(),
  items: z.array(RoomRemoved),
})
export type RoomRemoval = z.infer<typeof RoomRemoval>

export const RoomReport = z.object({
  at: Timestamp,
  /** What nothing needs any more: the largest first. */
  items: z.array(RoomItem),
  kept: z.array(RoomKept),
  /** What is in use, so that the figures add up: images, and their sizes as far as told. */
  needed: z.object({ images: z.number().int(), sizeBytes: z.number().int() }),
  /** The whole build cache, in use or not; null where the engine does not tell. */
  cacheBytes: size,
  /** How much may still be written where images are kept; null where nothing says so. */
  freeBytes: size,
  /** Known Compose projects whose files cannot be read. */
  unread: z.array(z.string()),
  /** The running removal, or the last of this panel's run. */
  removal: RoomRemoval.nullable(),
})
export type RoomReport = z.infer<typeof RoomReport>

const tags = ['docker']

export const room = {
  report: procedure('admin', { errors: gives.engine })
    .route({
      method: 'GET',
      path: '/docker/room',
      tags,
      summary: 'Images, build cache and stopped containers that nothing needs any more, with their size',
    })
    .output(RoomReport),
  remove: procedure('admin', {
    reauth: true,
    errors: ['NOT_FOUND', ...gives.engine],
    example: { ids: ['build-cache'], wait: false },
  })
    .route({
      method: 'POST',
      path: '/docker/room/remove',
      tags,
      summary: 'Remove what the report offers, one by one, each looked at again before. Never a volume',
    })
    .input(z.object({ ids: z.array(z.string().min(1).max(200)).min(1).max(500), wait: z.boolean().default(true) }))
    .output(RoomRemoval),
  removal: procedure('admin')
    .route({ method: 'GET', path: '/docker/room/removal', tags, summary: 'The running or the last removal' })
    .output(RoomRemoval.nullable()),
  watch: procedure('admin', { stream: 'state' })
    .route({ method: 'GET', path: '/docker/room/removal/stream', tags, summary: 'Follow the running removal' })
    .output(eventIterator(RoomRemoval)),
  cancel: procedure('admin', { errors: ['CONFLICT'] })
    .route({
      method: 'POST',
      path: '/docker/room/removal/cancel',
      tags,
      summary: 'Stop after what is being removed now; what is gone stays gone',
    })
    .output(RoomRemoval),
}
