import * as z from 'zod'
import { Graph } from '../graph'
import qwenImage from './qwen-image.json'
import sdxlCheckpoint from './sdxl-checkpoint.json'
import smoke from './smoke.json'

const Place = z.tuple([z.string(), z.string()])

const Workflow = z.object({
  id: z.string(),
  /** Sides that the model can make: ComfyUI itself does not check them. */
  sizeMultiple: z.number().int(),
  defaults: z.object({
    steps: z.number().int(),
    cfg: z.number(),
    width: z.number().int(),
    height: z.number().int(),
    sampler: z.string(),
    scheduler: z.string(),
    negativePrompt: z.string(),
  }),
  /** Model files: the graph names the usual one; another that matches the pattern (by file name) serves too. */
  models: z.array(z.object({ node: z.string(), input: z.string(), pattern: z.string() })),
  /** Which input of which node takes a value. `colour` is drawn from the seed. */
  bindings: z.object({
    prompt: Place.optional(),
    negativePrompt: Place.optional(),
    seed: Place.optional(),
    steps: Place.optional(),
    cfg: Place.optional(),
    sampler: Place.optional(),
    scheduler: Place.optional(),
    width: Place.optional(),
    height: Place.optional(),
    batch: Place.optional(),
    checkpoint: Place.optional(),
    colour: Place.optional(),
  }),
  graph: Graph,
})
export type Workflow = z.infer<typeof Workflow>

/** The built-in workflows, in the order in which they are preferred. */
export const workflows: readonly Workflow[] = [qwenImage, sdxlCheckpoint, smoke].map((file) => Workflow.parse(file))
