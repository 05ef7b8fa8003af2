import * as z from 'zod'

/**
 * What a generation does. `text`: from words alone. `image`: from a picture, changed as far as `strength` says.
 * `inpaint`: the same, within a mask. `edit`: by an instruction, with the picture and up to two more to refer to.
 */
export const Task = z.enum(['text', 'image', 'inpaint', 'edit'])
export type Task = z.infer<typeof Task>

/** What a service lacks: a model file, by name and the folder that it belongs in, or a class of nodes. */
export const Need = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('file'),
    name: z.string(),
    /** As people know it, e.g. `models/text_encoders`. */
    folder: z.string(),
    /** What it is for, e.g. `text encoder`: which loader wants it. */
    role: z.enum(['checkpoint', 'diffusion-model', 'text-encoder', 'vae', 'lora', 'controlnet', 'upscaler', 'other']),
  }),
  z.object({ type: z.literal('node'), name: z.string() }),
])
export type Need = z.infer<typeof Need>

/** A size in pixels. */
const Pixels = z.object({ width: z.number().int(), height: z.number().int() })

/** A family of models that Regie knows how to run, e.g. Z-Image-Turbo, on one service. */
export const Family = z.object({
  /** What `workflow` of a generation names. */
  id: z.string(),
  /** Its proper name, the same in every language. */
  title: z.string(),
  tasks: z.array(Task).min(1),
  /** Whether nothing is missing. */
  available: z.boolean(),
  missing: z.array(Need),
  /** Files on this service that are its main model, as the service names them. */
  checkpoints: z.array(z.string()),
  /** How many pictures an edit may refer to, the source counted; 1 where there is only a source, 0 where none. */
  mostImages: z.number().int(),
  /** Whether a negative prompt changes anything: at CFG 1 it does not. */
  takesNegativePrompt: z.boolean(),
  takesLoras: z.boolean(),
  sizes: z.array(Pixels),
  /** Sides are multiples of it. */
  sizeMultiple: z.number().int(),
  defaults: z.object({
    steps: z.number().int(),
    cfg: z.number(),
    width: z.number().int(),
    height: z.number().int(),
    sampler: z.string(),
    scheduler: z.string(),
    /** Of `image` and `inpaint`; null where there is neither. */
    strength: z.number().nullable(),
  }),
  /** What is to be expected before anything was measured, in MiB; null where nobody says. */
  expected: z.object({ vramMiB: z.number().int().nullable(), filesMiB: z.number().int().nullable() }),
})
export type Family = z.infer<typeof Family>
