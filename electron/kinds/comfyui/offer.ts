import { choiceKey, type Choices } from './choices'
import { damagedFiles, type Facts } from './facts'

/** The drop-downs without the files that cannot be loaded, and why they are not there. */
export interface Offer {
  choices: Choices
  /** The classes of nodes that are there, of those that Regie uses. */
  nodes: ReadonlySet<string>
  facts: Facts
  /** Files that are left out of the choices, with the reason. */
  damaged: ReadonlyMap<string, string>
}

const modelKeys = [
  choiceKey('CheckpointLoaderSimple', 'ckpt_name'),
  choiceKey('UNETLoader', 'unet_name'),
  choiceKey('UnetLoaderGGUF', 'unet_name'),
]

interface Told {
  choices: Choices
  nodes: ReadonlySet<string>
  facts: Facts
}

/** `failed`: marks of files that could not be loaded before. */
export function offerOf({ choices, nodes, facts }: Told, failed: ReadonlySet<string>): Offer {
  const damaged = damagedFiles(facts, failed)
  const sound = Object.fromEntries(
    modelKeys.flatMap((key) => {
      const names = choices[key]
      return names ? [[key, names.filter((name) => !damaged.has(name))]] : []
    }),
  )
  return { choices: { ...choices, ...sound }, nodes, facts, damaged }
}

/** Whether there is any model file at all, known to Regie or not. */
export const hasModels = ({ choices }: Offer): boolean => modelKeys.some((key) => (choices[key] ?? []).length > 0)
