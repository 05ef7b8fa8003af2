import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { gives, procedure, RecordId, Slug, Timestamp } from './base'

/** Why a terminal ended. `left`: nobody looked at it any more; `idle`: nothing was typed for long. */
export const ShellEnd = z.enum(['exited', 'closed', 'left', 'idle', 'lost'])
export type ShellEnd = z.infer<typeof ShellEnd>

/** A terminal in a container. What is typed and shown is neither logged nor kept. */
export const Shell = z.object({
  id: RecordId,
  serviceId: z.string(),
  container: z.object({ id: z.string(), name: z.string() }),
  /** What runs in it, e.g. `bash`. */
  program: z.string(),
  openedAt: Timestamp,
  /** It ends when nothing is typed for this long, in ms. */
  idleLimitMs: z.number(),
})
export type Shell = z.infer<typeof Shell>

export const ShellEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('output'),
    /** Characters sent since the beginning, these included: where a reconnect goes on, and what is acknowledged. */
    offset: z.number().int().nonnegative(),
    text: z.string(),
  }),
  z.object({ type: z.literal('ended'), why: ShellEnd, exitCode: z.number().int().nullable() }),
])
export type ShellEvent = z.infer<typeof ShellEvent>

const size = { cols: z.number().int().min(1).max(1000), rows: z.number().int().min(1).max(1000) }
const one = z.object({ id: RecordId })
const tags = ['shells']

export const shells = {
  open: procedure('admin', { reauth: true, errors: gives.runtime, example: { cols: 120, rows: 32 } })
    .route({
      method: 'POST',
      path: '/services/{id}/shells',
      successStatus: 201,
      tags,
      summary: 'Open a terminal in the service’s container; audited',
    })
    .input(
      z.object({
        id: Slug,
        /** Left out: bash, else sh. */
        program: z.string().min(1).max(255).regex(/^\S+$/, 'one program, without arguments').optional(),
        ...size,
      }),
    )
    .output(Shell),
  watch: procedure('admin', { stream: 'resumes' })
    .route({
      method: 'GET',
      path: '/shells/{id}/stream',
      tags,
      summary: 'What the terminal shows. It ends some seconds after nobody follows it',
    })
    .input(one.extend({ after: z.number().int().nonnegative().default(0) }))
    .output(eventIterator(ShellEvent)),
  input: procedure('admin', { example: { text: 'ls\n' } })
    .route({ method: 'POST', path: '/shells/{id}/input', tags, summary: 'Type into the terminal' })
    .input(one.extend({ text: z.string().min(1).max(65_536) }))
    .output(z.object({})),
  acknowledge: procedure('admin', { example: { offset: 4096 } })
    .route({
      method: 'POST',
      path: '/shells/{id}/acknowledge',
      tags,
      summary: 'Say how far the output was shown; the program waits when too much is not',
    })
    .input(one.extend({ offset: z.number().int().nonnegative() }))
    .output(z.object({})),
  resize: procedure('admin', { errors: gives.engine, example: { cols: 120, rows: 32 } })
    .route({ method: 'POST', path: '/shells/{id}/size', tags, summary: 'Tell the program the size of the terminal' })
    .input(one.extend(size))
    .output(z.object({})),
  close: procedure('admin', { errors: gives.engine })
    .route({ method: 'DELETE', path: '/shells/{id}', tags, summary: 'End the terminal and what runs in it' })
    .input(one)
    .output(z.object({})),
}
