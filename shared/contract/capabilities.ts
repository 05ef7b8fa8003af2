import * as z from 'zod'
import { Family } from './families'

/** What a backend offers for a generation; lists come from the live service. */
export const Capabilities = z.object({
  checkpoints: z.array(z.string()),
  samplers: z.array(z.string()),
  schedulers: z.array(z.string()),
  /** Families of models that Regie knows for this kind, those that lack nothing first. */
  families: z.array(Family),
  /** Files that can be added to a model, as the service names them. */
  loras: z.array(z.string()),
  /** Built-in workflows that apply (ComfyUI only). */
  workflows: z.array(z.object({ id: z.string(), available: z.boolean(), missing: z.array(z.string()) })),
  defaults: z.object({
    checkpoint: z.string().nullable(),
    sampler: z.string(),
    scheduler: z.string(),
    steps: z.number().int(),
    cfg: z.number(),
    width: z.number().int(),
    height: z.number().int(),
    workflow: z.string().nullable(),
  }),
  /** Whether the backend can send pictures while it samples. */
  previews: z.boolean(),
})
export type Capabilities = z.infer<typeof Capabilities>
