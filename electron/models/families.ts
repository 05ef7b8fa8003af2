import type { ModelRole } from '../../shared/contract'
import { ownName } from './formats'

/** What families are called, in the order in which they are listed. Names of their makers, the same in every language. */
const titles: Readonly<Record<string, string>> = {
  'z-image': 'Z-Image',
  'qwen-image': 'Qwen-Image',
  'qwen-image-edit': 'Qwen-Image-Edit',
  flux2: 'FLUX.2',
  flux: 'FLUX.1',
  chroma: 'Chroma',
  sdxl: 'SDXL',
  sd3: 'Stable Diffusion 3',
  sd2: 'Stable Diffusion 2',
  sd15: 'Stable Diffusion 1.5',
  lumina2: 'Lumina 2',
  hidream: 'HiDream',
  auraflow: 'AuraFlow',
  wan: 'Wan',
  'hunyuan-video': 'HunyuanVideo',
  'qwen-vl': 'Qwen-VL',
  qwen3: 'Qwen3',
  t5: 'T5',
  clip: 'CLIP',
  llm: 'LLM',
  'vae-flux2': 'FLUX.2 VAE',
  'vae-flux': 'FLUX VAE',
  'vae-qwen-wan': 'Qwen / Wan VAE',
  'vae-sd': 'SD VAE',
}

const order = Object.keys(titles)

export const titleOf = (family: string): string => titles[family] ?? family

/** Where a family stands in the list; what is not recognised comes last. */
export const placeOf = (family: string | null): number => {
  const at = family === null ? -1 : order.indexOf(family)
  return at === -1 ? order.length : at
}

/** What names say of families where no header does, or where the header is the same for several. The first that fits. */
const byName: readonly { family: string; name: RegExp }[] = [
  { family: 'qwen-image-edit', name: /qwen[-_ ]?image[-_ ]?edit/i },
  { family: 'qwen-image', name: /qwen[-_ ]?image(?!.*vae)/i },
  { family: 'z-image', name: /z[-_ ]?image/i },
  { family: 'flux2', name: /flux[-_. ]?2|klein/i },
  { family: 'chroma', name: /chroma/i },
  { family: 'flux', name: /flux/i },
  { family: 'sd3', name: /sd[-_ ]?3|stable[-_]diffusion[-_]3/i },
  { family: 'sdxl', name: /xl(?![a-z])|pony|illustrious|noob/i },
  { family: 'sd15', name: /(?:^|[^a-z0-9])(?:sd[-_ ]?v?1[-_.]?[45]|v1[-_.][1-5])(?![0-9])/i },
]

/** Roles of files whose names tell their family: an encoder or a VAE is often named after who uses it. */
const named: ReadonlySet<ModelRole> = new Set(['checkpoint', 'diffusion-model', 'lora', 'controlnet'])

/** The family of a file: by its header, narrowed by its name; by its name alone where the header says nothing. */
export function familyOf(inHeader: string | null, name: string, role: ModelRole): string | null {
  const plain = ownName(name).split('/').at(-1) ?? name
  if (inHeader === 'qwen-image') return /edit/i.test(plain) ? 'qwen-image-edit' : 'qwen-image'
  if (inHeader !== null) return inHeader
  return named.has(role) ? (byName.find(({ name: fits }) => fits.test(plain))?.family ?? null) : null
}
