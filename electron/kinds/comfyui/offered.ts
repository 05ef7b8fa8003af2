import { Problem } from '../../../shared/problems'
import { createRecent } from '../../async/recent'
import type { BackendClient } from '../client'
import type { ReadAs, ReadingName } from '../reading/readings'
import { choiceKey, type Choices } from './choices'
import { factsOf, type Facts } from './facts'
import { families, smoke } from './families'
import { classesOf } from './families/recognise'
import { choicesOf, type ObjectInfo } from './schemas'

/** Drop-downs that Regie reads. `/object_info` as a whole is up to 10 MB, one class a few kB. */
const dropDowns = [
  ['KSampler', 'sampler_name'],
  ['KSampler', 'scheduler'],
  ['CheckpointLoaderSimple', 'ckpt_name'],
  ['UNETLoader', 'unet_name'],
  ['CLIPLoader', 'clip_name'],
  ['VAELoader', 'vae_name'],
  ['LoraLoaderModelOnly', 'lora_name'],
  // Of a custom node; a service without it answers that it knows no such class.
  ['UnetLoaderGGUF', 'unet_name'],
] as const

/** Folders whose files are wanted with their sizes. */
const folders = ['checkpoints', 'diffusion_models', 'text_encoders', 'vae', 'loras']

const offeredLastsMs = 10_000
/** Classes of nodes come and go with a restart only. */
const nodesLastMs = 600_000

let wanted: readonly string[] | undefined

/** Classes that the graphs of the families have: each is drawn once for it, where somebody asks. */
const wantedClasses = () => (wanted ??= [...classesOf([...families, smoke])])

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

/** Which of the classes that Regie uses the service has. Throws a Problem where it does not tell. */
async function fetchNodes(client: BackendClient, timeoutMs: number, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const there = new Set<string>()
  const waiting = wantedClasses().values()
  const ask = async () => {
    for (const name of waiting) {
      const info = await client.read('object-info', { path: `/object_info/${name}`, timeoutMs, signal })
      if (info[name]) there.add(name)
    }
  }
  await Promise.all(Array.from({ length: 4 }, ask))
  return there
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
    const [stats, ...files] = await Promise.all([
      told('system-stats', '/system_stats', signal),
      ...folders.map((folder) => told('model-files', `/experiment/models/${folder}`, signal)),
    ])
    return factsOf(
      stats,
      files.flatMap((list) => list ?? []),
    )
  }

  return {
    /** Names in the drop-downs. */
    choices: createRecent(offeredLastsMs, (signal) => fetchChoices(client, timeoutMs, signal)),
    /** Classes of nodes that are there, of those that Regie uses. */
    nodes: createRecent(nodesLastMs, (signal) => fetchNodes(client, timeoutMs, signal)),
    /** What else the service tells of itself; what it does not tell is left out. */
    facts: createRecent(offeredLastsMs, fetchFacts),
  }
}
