import { Problem } from '../../../shared/problems'
import { createRecent } from '../../async/recent'
import type { BackendClient } from '../client'
import type { ReadAs, ReadingName } from '../reading/readings'
import { choiceKey, type Choices } from './bind'
import { factsOf, type Facts } from './facts'
import { choicesOf, type ObjectInfo } from './schemas'

/** Drop-downs that Regie reads. `/object_info` as a whole is up to 10 MB, one class a few kB. */
const dropDowns = [
  ['KSampler', 'sampler_name'],
  ['KSampler', 'scheduler'],
  ['CheckpointLoaderSimple', 'ckpt_name'],
  ['UNETLoader', 'unet_name'],
  ['CLIPLoader', 'clip_name'],
  ['VAELoader', 'vae_name'],
] as const

const offeredLastsMs = 10_000

/** Names in the drop-downs as they are now. Throws a Problem where the service does not tell them. */
export async function fetchChoices(client: BackendClient, timeoutMs: number, signal: AbortSignal): Promise<Choices> {
  const classes = [...new Set(dropDowns.map(([classType]) => classType))]
  const infos = await Promise.all(
    classes.map((name) => client.read('object-info', { path: `/object_info/${name}`, timeoutMs, signal })),
  )
  const info: ObjectInfo = Object.fromEntries(infos.flatMap((part) => Object.entries(part)))
  return Object.fromEntries(
    dropDowns.map(([classType, input]) => [choiceKey(classType, input), choicesOf(info, classType, input)]),
  )
}

/** What a service offers: its choices and what it tells of itself, at most 10 s old. */
export function createOffered(client: BackendClient, timeoutMs: number) {
  /** What only some versions tell, or nobody: it is left out then. */
  async function told<R extends ReadingName>(name: R, path: string, signal: AbortSignal): Promise<ReadAs<R> | null> {
    try {
      return await client.read(name, { path, timeoutMs, signal })
    } catch (error) {
      if (error instanceof Problem) return null
      throw error
    }
  }

  async function fetchFacts(signal: AbortSignal): Promise<Facts> {
    const [stats, checkpoints, diffusionModels] = await Promise.all([
      told('system-stats', '/system_stats', signal),
      told('model-files', '/experiment/models/checkpoints', signal),
      told('model-files', '/experiment/models/diffusion_models', signal),
    ])
    return factsOf(stats, [...(checkpoints ?? []), ...(diffusionModels ?? [])])
  }

  return {
    /** Names in the drop-downs. */
    choices: createRecent(offeredLastsMs, (signal) => fetchChoices(client, timeoutMs, signal)),
    /** What else the service tells of itself; what it does not tell is left out. */
    facts: createRecent(offeredLastsMs, fetchFacts),
  }
}
