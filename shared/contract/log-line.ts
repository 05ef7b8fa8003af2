import * as z from 'zod'
import { Timestamp } from './base'

/** A line of a service's log. */
export const LogLine = z.object({
  /**
   * Grows by one per line of a service; lets a stream continue where a list ended. A line that comes again under
   * its number replaces the former one: a progress bar.
   */
  seq: z.number().int().nonnegative(),
  at: Timestamp,
  /** `panel` lines are Regie's own. */
  stream: z.enum(['stdout', 'stderr', 'panel']),
  level: z.enum(['info', 'warn', 'error']),
  /** Redacted: a secret is shown as `[secret 3fa91c07be42]`, its fingerprint. */
  text: z.string(),
  /**
   * The program's own colours: from this place of the text on, this style, as SGR codes joined by `;` (`1;31`: bold
   * red), or nothing for plain text. Absent where there are none.
   */
  styles: z.array(z.tuple([z.number().int().nonnegative(), z.string()])).optional(),
})
export type LogLine = z.infer<typeof LogLine>
