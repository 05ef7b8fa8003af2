import { encodePng } from '../../electron/simulator/media/png'
import { nodeOf, textToImageBoard } from '../unit/kinds/convert/board'

/** A workflow file of each kind, all of one small graph that the simulated ComfyUI runs in no time. */

const size = 64
const steps = 2

const node = (type: string, inputs: Record<string, unknown>, title?: string) => ({
  class_type: type,
  inputs,
  ...(title !== undefined && { _meta: { title } }),
})

/** As ComfyUI exports it for its server. `prefix`: what tells one from another. */
export const apiFile = (prefix = 'fox') => ({
  '4': node('CheckpointLoaderSimple', { ckpt_name: 'sd_xl_base_1.0.safetensors' }),
  '5': node('EmptyLatentImage', { width: size, height: size, batch_size: 1 }),
  '6': node('CLIPTextEncode', { text: 'a fox', clip: ['4', 1] }, 'What to draw'),
  '7': node('CLIPTextEncode', { text: 'blurry', clip: ['4', 1] }),
  '3': node('KSampler', {
    ...{ seed: 7, steps, cfg: 7, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
    ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
  }),
  '8': node('VAEDecode', { samples: ['3', 0], vae: ['4', 2] }),
  '9': node('SaveImage', { images: ['8', 0], filename_prefix: prefix }),
})

function board() {
  const drawn = textToImageBoard()
  nodeOf(drawn, 5).widgets_values = [size, size, 1]
  nodeOf(drawn, 3).widgets_values = [7, 'fixed', steps, 7, 'euler', 'normal', 1]
  drawn.add(30, 'Note', { values: ['Foxes like dusk.'] })
  return drawn
}

/** As the editor saves it. */
export const editorFile = () => board().file()

/** The editor's, with a form over it. */
export const appFile = () => board().file([], 1, { linearData: { inputs: [[6, 'text']], outputs: [9] } })

/** An image that carries the graph that made it. */
export const imageFile = (): Promise<Buffer> =>
  encodePng({ width: 8, height: 8, data: new Uint8Array(8 * 8 * 3) }, { prompt: JSON.stringify(apiFile()) })

/** One with a node of a class that the simulated ComfyUI does not have: which value is which cannot be told. */
export function refusedFile() {
  const drawn = board()
  nodeOf(drawn, 3).type = 'KSamplerEverywhere'
  return drawn.file()
}
