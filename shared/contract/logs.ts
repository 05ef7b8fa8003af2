import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { gives, procedure, ReasonSchema, Slug } from './base'

/** Whether lines can come from a service, and why not. */
export const LogSource = z.object({
  /**
   * `live`: lines come as they are written. `stopped`: the container does not run, what is there is all. The others:
   * there is nothing to read now; it is looked for again by itself.
   */
  state: z.enum(['live', 'stopped', 'no-container', 'engine-away', 'unreadable']),
  reason: ReasonSchema.optional(),
})
export type LogSource = z.infer<typeof LogSource>

/** Most lines that a reader is given from before it came. */
export const mostLogLines = 100_000

export const LogEvent = z.discriminatedUnion('type', [
  /** Several lines in one text: see `unpackLines`. A hundred thousand objects would cost ten times as much. */
  z.object({ type: z.literal('lines'), service: z.string(), lines: z.string() }),
  z.object({ type: z.literal('source'), service: z.string(), source: LogSource }),
])
export type LogEvent = z.infer<typeof LogEvent>

const tags = ['logs']

export const logs = {
  watch: procedure('admin', { errors: ['NOT_FOUND'], stream: 'anew' })
    .route({
      method: 'GET',
      path: '/logs/stream',
      tags,
      summary: 'Follow the logs of one or several services, for pages; scripts find it easier at /services/{id}/logs',
    })
    .input(
      z.object({
        services: z.union([Slug.transform((id) => [id]), z.array(Slug).min(1).max(32)]),
        /** Of each service. */
        tail: z.coerce.number().int().min(0).max(mostLogLines).default(2_000),
      }),
    )
    .output(eventIterator(LogEvent)),
  download: procedure('admin', { errors: gives.engine })
    .route({
      method: 'GET',
      path: '/services/{id}/logs/file',
      tags,
      summary: 'The whole log as a text file, redacted; its first line says where it was cut',
      outputStructure: 'detailed',
    })
    .input(z.object({ id: Slug }))
    .output(z.object({ headers: z.record(z.string(), z.string()), body: z.file().mime('text/plain; charset=utf-8') })),
}
