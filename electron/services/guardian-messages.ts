import * as z from 'zod'

/** What the panel sends to a guardian. */
export type ToGuardian =
  | { type: 'run'; command: string; args: string[]; cwd?: string; env: Record<string, string> }
  | { type: 'stop'; graceMs: number }

/** What a guardian sends to the panel. */
export const FromGuardian = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), pid: z.number().int().positive() }),
  z.object({ type: z.literal('failed'), error: z.string() }),
  z.object({ type: z.literal('exited'), code: z.number().int().nullable(), signal: z.string().nullable() }),
])
export type FromGuardian = z.infer<typeof FromGuardian>
