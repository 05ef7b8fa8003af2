import type { Family, Need, Task } from '../../../shared/contract'
import type { Models, Modules } from './schemas'

/** A text encoder or a VAE that stands beside the model: what Forge calls an additional module. */
interface ModulePart {
  role: 'text-encoder' | 'vae'
  folder: string
  /** Names under which it was published, the usual one first. */
  names: readonly string[]
}

/** A family of models that Regie knows how to run in a Forge. */
export interface ForgeFamily extends Pick<Family, 'id' | 'title' | 'takesNegativePrompt' | 'sizes'> {
  /** Whether plain Forge knows it; Forge Neo knows all. */
  inPlainForge: boolean
  /** Whether a checkpoint is of it, by its file name. */
  matches: (name: string) => boolean
  /** The checkpoint that is named where there is none. */
  usual: string
  modules: readonly ModulePart[]
  defaults: { steps: number; cfg: number; width: number; height: number; sampler: string; scheduler: string }
  /** What Forge calls distilled CFG is the shift of some models; null where it means nothing. */
  shift: number | null
  filesMiB: number
}

const sizesOf = (...sides: [number, number][]): Family['sizes'] => sides.map(([width, height]) => ({ width, height }))
const megapixel = sizesOf([1024, 1024], [1152, 896], [896, 1152], [1216, 832], [832, 1216], [1344, 768], [768, 1344])
const small = sizesOf([512, 512], [640, 512], [512, 640], [768, 512], [512, 768])

const textEncoder = (...names: string[]): ModulePart => ({ role: 'text-encoder', folder: 'models/text_encoder', names })
const vae = (...names: string[]): ModulePart => ({ role: 'vae', folder: 'models/VAE', names })
const safetensors = (stem: string, ...variants: string[]) => variants.map((variant) => `${stem}${variant}.safetensors`)
const exactly = (...names: string[]) => ({ usual: names[0] ?? '', matches: (name: string) => names.includes(name) })

const qwenModules = [
  textEncoder(...safetensors('qwen_2.5_vl_7b', '_fp8_scaled', '')),
  vae('qwen_image_vae.safetensors'),
]

const zImageTurbo: ForgeFamily = {
  ...exactly(...safetensors('z_image_turbo', '_bf16', '_int8_convrot', '_nvfp4', '_fp8_e4m3fn')),
  ...{ id: 'z-image-turbo', title: 'Z-Image-Turbo', inPlainForge: false, takesNegativePrompt: false },
  modules: [textEncoder(...safetensors('qwen_3_4b', '', '_fp8_mixed', '_fp4_mixed')), vae('ae.safetensors')],
  // As Neo's own preset has it.
  defaults: { steps: 9, cfg: 1, width: 1024, height: 1024, sampler: 'Euler', scheduler: 'Beta' },
  shift: 9,
  sizes: megapixel,
  filesMiB: 19_866,
}

const qwen = {
  ...{ inPlainForge: false, takesNegativePrompt: true, modules: qwenModules, shift: null, sizes: megapixel },
} satisfies Partial<ForgeFamily>
const qwenDefaults = { width: 1024, height: 1024, sampler: 'Euler', scheduler: 'Simple' }

const qwenImage2512: ForgeFamily = {
  ...qwen,
  ...exactly(...safetensors('qwen_image_2512', '_fp8_e4m3fn', '_bf16', '_int8_convrot')),
  ...{ id: 'qwen-image-2512', title: 'Qwen-Image 2512' },
  defaults: { steps: 50, cfg: 4, ...qwenDefaults },
  filesMiB: 28_689,
}

const qwenImage: ForgeFamily = {
  ...qwen,
  ...exactly(...safetensors('qwen_image', '_fp8_e4m3fn', '_bf16')),
  ...{ id: 'qwen-image', title: 'Qwen-Image' },
  defaults: { steps: 20, cfg: 2.5, ...qwenDefaults },
  filesMiB: 30_310,
}

const checkpoint = {
  ...{ inPlainForge: true, modules: [], shift: null },
} satisfies Partial<ForgeFamily>

const isTurbo = (name: string) => /turbo/i.test(name)
const isLarge = (name: string) => /xl|pony|illustrious|noob/i.test(name)
/** Names of models that are no Stable Diffusion: a Forge loads some of them, and Regie knows nothing of them. */
const isOther = (name: string) =>
  /flux|chroma|qwen|z[-_ ]?image|wan|lumina|hidream|sd[-_ ]?3|stable[-_]diffusion[-_]3|klein|kontext|anima/i.test(name)

/*
 * Checkpoints are tuned by thousands of people and named as they like: their names are read, as the one exception to
 * exact ones, for the defaults that they want. Forge tells no sizes.
 */
const sdxlTurbo: ForgeFamily = {
  ...checkpoint,
  ...{ id: 'sdxl-turbo', title: 'SDXL Turbo', takesNegativePrompt: false, usual: 'sd_xl_turbo_1.0_fp16.safetensors' },
  matches: (name) => isTurbo(name) && !isOther(name),
  // The API's own defaults, 50 steps and cfg 7, burn its pictures.
  defaults: { steps: 4, cfg: 1, width: 512, height: 512, sampler: 'Euler a', scheduler: 'SGM Uniform' },
  sizes: sizesOf([512, 512], [768, 512], [512, 768], [768, 768]),
  filesMiB: 6615,
}

const sdxl: ForgeFamily = {
  ...checkpoint,
  ...{ id: 'sdxl-checkpoint', title: 'SDXL', takesNegativePrompt: true, usual: 'sd_xl_base_1.0.safetensors' },
  matches: (name) => isLarge(name) && !isTurbo(name) && !isOther(name),
  defaults: { steps: 20, cfg: 7, width: 1024, height: 1024, sampler: 'DPM++ 2M', scheduler: 'Karras' },
  sizes: megapixel,
  filesMiB: 6617,
}

const sd15: ForgeFamily = {
  ...checkpoint,
  ...{ id: 'sd15', title: 'Stable Diffusion 1.5', takesNegativePrompt: true },
  usual: 'v1-5-pruned-emaonly-fp16.safetensors',
  matches: (name) => !isLarge(name) && !isTurbo(name) && !isOther(name),
  defaults: { ...sdxl.defaults, width: 512, height: 512 },
  sizes: small,
  filesMiB: 2034,
}

/** Every family, in the order in which they are shown. */
export const forgeFamilies: readonly ForgeFamily[] = [zImageTurbo, qwenImage2512, qwenImage, sdxl, sdxlTurbo, sd15]

/** What each of them does. */
export const forgeTasks: readonly Task[] = ['text', 'image', 'inpaint']

/** How far a picture changes where nobody says: what the API itself takes. */
export const forgeStrength = 0.75

/** The title of a checkpoint without its hash: `folder/name.safetensors`. */
export const withoutHash = (title: string) => title.replace(/ \[[0-9a-f]+\]$/i, '')

const fileName = (title: string) => withoutHash(title).split(/[\\/]/).at(-1) ?? title

/** The family of a checkpoint, by its title; null where Regie knows none. */
export const familyOfCheckpoint = (title: string): ForgeFamily | null =>
  forgeFamilies.find(({ matches }) => matches(fileName(title))) ?? null

/** The modules of a family that a Forge has, by name, and those that it lacks. */
export function modulesOf({ modules }: ForgeFamily, there: Modules): { names: string[]; missing: Need[] } {
  const names: string[] = []
  const missing: Need[] = []
  for (const { names: wanted, role, folder } of modules) {
    const found = wanted.find((name) => there.some(({ model_name: known }) => known === name))
    if (found === undefined) missing.push({ type: 'file', name: wanted[0] ?? '', folder, role })
    else names.push(found)
  }
  return { names, missing }
}

export interface ForgeStanding {
  family: ForgeFamily
  /** Titles of its checkpoints that are there. */
  checkpoints: string[]
  missing: Need[]
}

/** How every family that this Forge knows stands on it. */
export function forgeStandings(models: Models, modules: Modules, isNeo: boolean): ForgeStanding[] {
  return forgeFamilies
    .filter(({ inPlainForge }) => isNeo || inPlainForge)
    .map((family) => {
      const checkpoints = models.flatMap(({ title }) => (familyOfCheckpoint(title) === family ? [title] : []))
      const { missing } = modulesOf(family, modules)
      const folder = 'models/Stable-diffusion'
      const model: Need = { type: 'file', name: family.usual, folder, role: 'checkpoint' }
      return { family, checkpoints, missing: checkpoints.length === 0 ? [model, ...missing] : missing }
    })
}
