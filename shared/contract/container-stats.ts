import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { procedure, ReasonSchema, Slug, Timestamp } from './base'

/** Null is unknown, and never shown as 0. */
const reading = z.number().nonnegative().nullable()

/** What a container uses. */
export const ContainerReading = z.object({
  at: Timestamp,
  /** 100 is one core. */
  cpuPct: reading,
  /** What programs hold, without the file cache that can be given up. */
  memoryBytes: reading,
  /** The container's limit, or the machine's memory where it has none. */
  memoryLimitBytes: reading,
  /** Null where the container shares the machine's network. */
  receivedPerS: reading,
  sentPerS: reading,
  readPerS: reading,
  writtenPerS: reading,
})
export type ContainerReading = z.infer<typeof ContainerReading>

export const StatsPoint = ContainerReading.extend({
  /** How many ms it stands for: a mean over them. */
  spanMs: z.number().int().positive(),
})
export type StatsPoint = z.infer<typeof StatsPoint>

export const StatsRange = z.enum(['10m', '2h', '24h'])
export type StatsRange = z.infer<typeof StatsRange>

export const StatsHistory = z.object({
  range: StatsRange,
  /** How many cores the engine's machine has; null before the first reading. */
  cores: z.number().int().positive().nullable(),
  /** Oldest first. Where nothing was measured there is no point. */
  points: z.array(StatsPoint),
})
export type StatsHistory = z.infer<typeof StatsHistory>

/** Whether a container can be measured, and what it uses. */
export const StatsEvent = z.object({
  state: z.enum(['starting', 'live', 'stopped', 'no-container', 'engine-away']),
  reason: ReasonSchema.optional(),
  /** The newest; null unless `live`. */
  reading: ContainerReading.nullable(),
  cores: z.number().int().positive().nullable(),
})
export type StatsEvent = z.infer<typeof StatsEvent>

const tags = ['services']

export const stats = {
  history: procedure('admin', { errors: ['UNPROCESSABLE_CONTENT'] })
    .route({
      method: 'GET',
      path: '/services/{id}/stats',
      tags,
      summary: 'What the container used: the last 10 minutes, 2 hours or 24 hours, the older the coarser',
    })
    .input(z.object({ id: Slug, range: StatsRange.default('10m') }))
    .output(StatsHistory),
  watch: procedure('admin', { errors: ['UNPROCESSABLE_CONTENT'], stream: 'state' })
    .route({
      method: 'GET',
      path: '/services/{id}/stats/stream',
      tags,
      summary: 'What the container uses now, about one reading a second',
    })
    .input(z.object({ id: Slug }))
    .output(eventIterator(StatsEvent)),
}
