import { convertWorkflow, parseWorkflow, type Conversion } from '../../../../electron/kinds/comfyui/convert'
import { NodeClass, type NodeClasses } from '../../../../electron/kinds/comfyui/class-inputs'
import { Problem, type ProblemId } from '../../../../shared/problems'
import recorded from '../../../../electron/simulator/comfyui/nodes/recorded.json'
import more from './classes.json'

/** Recorded from ComfyUI 0.33; no file is listed. `more`: what the simulator does not play. */
export const classes: NodeClasses = Object.fromEntries(
  Object.entries({ ...recorded.classes, ...more }).map(([name, known]) => [name, NodeClass.parse(known)]),
)

export const fileOf = (json: unknown, name = 'portrait.json') => ({ name, bytes: Buffer.from(JSON.stringify(json)) })

/** Parses and converts, as importing does. */
export const convert = (json: unknown, known: NodeClasses | null = classes): Conversion =>
  convertWorkflow(parseWorkflow(fileOf(json)), known)

/** What was converted; fails with why it was not. */
export function converted(json: unknown, known: NodeClasses | null = classes) {
  const { workflow, reason, refused } = convert(json, known)
  if (!workflow) throw new Error(JSON.stringify({ reason, refused }))
  return workflow
}

/** The problem that something is refused with. */
export function problemOf(act: () => unknown): ProblemId | null {
  try {
    act()
    return null
  } catch (error) {
    if (error instanceof Problem) return error.id
    throw error
  }
}

const node = (type: string, inputs: Record<string, unknown>, title?: string) => ({
  class_type: type,
  inputs,
  ...(title === undefined ? {} : { _meta: { title } }),
})

/** Text to image, as ComfyUI exports it. */
export const textToImage = {
  '4': node('CheckpointLoaderSimple', { ckpt_name: 'sd_xl_base_1.0.safetensors' }),
  '5': node('EmptyLatentImage', { width: 1024, height: 768, batch_size: 1 }),
  '6': node('CLIPTextEncode', { text: 'a fox', clip: ['4', 1] }, 'What to draw'),
  '7': node('CLIPTextEncode', { text: 'blurry', clip: ['4', 1] }),
  '3': node('KSampler', {
    ...{ seed: 7, steps: 25, cfg: 7, sampler_name: 'dpmpp_2m', scheduler: 'karras', denoise: 1 },
    ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
  }),
  '8': node('VAEDecode', { samples: ['3', 0], vae: ['4', 2] }),
  '9': node('SaveImage', { images: ['8', 0], filename_prefix: 'fox' }),
}
