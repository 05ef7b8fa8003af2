import * as z from 'zod'
import { ReasonSchema } from './base'

/** What a start would do now, and whether the GPU has room for it. */
export const StartPlan = z.object({
  /** `up`: make the container; `start`: start it as it is, whatever its files ask for now (the reasons tell). */
  action: z.enum(['none', 'start', 'unpause', 'up']),
  /** Why it is that action. */
  reasons: z.array(ReasonSchema),
  gpu: z
    .object({
      uuid: z.string(),
      name: z.string(),
      freeMiB: z.number().nullable(),
      totalMiB: z.number().nullable(),
    })
    .nullable(),
  /** VRAM that the service held at most in its last life, in MiB; null when that was never seen. */
  tookLastTimeMiB: z.number().nullable(),
  /** Services that share its GPU and start right now: it waits for them. */
  waitsFor: z.array(z.string()),
})
export type StartPlan = z.infer<typeof StartPlan>

/** Whether a service will find room for its model on its card. A warning, never a refusal. In MiB; null: not known. */
export const Fit = z.object({
  /** `after-freeing`: once other services are unloaded. `too-large`: not even then. */
  state: z.enum(['fits', 'after-freeing', 'too-large', 'unknown']),
  /** What it will take with its model loaded. */
  expectedMiB: z.number().nullable(),
  /** Where that comes from: set by hand, its last golden check, what was seen in the last seven days, or nowhere. */
  from: z.enum(['limit', 'golden', 'seen', 'unknown']),
  freeMiB: z.number().nullable(),
  /** What unloading other services of the card would give back. */
  freeable: z.array(z.object({ serviceId: z.string(), mib: z.number() })),
  /** What is missing now. */
  shortMiB: z.number().nullable(),
  words: ReasonSchema,
})
export type Fit = z.infer<typeof Fit>

/** What unloading a service's models gave back. In MiB; null: it could not be measured. */
export const FreedMemory = z.object({
  freedMiB: z.number().nullable(),
  /** What the service holds after it. */
  leftMiB: z.number().nullable(),
  /** What of that a restart would give back, being no model: the driver's context and what PyTorch keeps. */
  contextMiB: z.number().nullable(),
  /** Where the figures come from: the service's own processes, the service's own words, or the card as a whole. */
  measuredBy: z.enum(['process', 'service', 'card']).nullable(),
  tookMs: z.number(),
  /** Whether a restart is worth it: something is still held that unloading does not give back. */
  restartHelps: z.boolean(),
  /** The same in words. */
  words: ReasonSchema,
})
export type FreedMemory = z.infer<typeof FreedMemory>
