import type { Need, Task } from '../../../../shared/contract'
import { choiceKey, fileName } from '../choices'
import type { Offer } from '../offer'
import type { ComfyFamily, FamilyJob, FoundFile, Part, Slot } from './family'

/** Where files of a slot lie, and what lists them: classes of nodes with their inputs, the usual one first. */
const places: Record<
  Slot,
  { role: Extract<Need, { type: 'file' }>['role']; folder: string; lists: [string, string][] }
> = {
  checkpoint: { role: 'checkpoint', folder: 'models/checkpoints', lists: [['CheckpointLoaderSimple', 'ckpt_name']] },
  model: {
    role: 'diffusion-model',
    folder: 'models/diffusion_models',
    lists: [
      ['UNETLoader', 'unet_name'],
      // Of a custom node; it lists GGUF files alone.
      ['UnetLoaderGGUF', 'unet_name'],
    ],
  },
  textEncoder: { role: 'text-encoder', folder: 'models/text_encoders', lists: [['CLIPLoader', 'clip_name']] },
  vae: { role: 'vae', folder: 'models/vae', lists: [['VAELoader', 'vae_name']] },
  lora: { role: 'lora', folder: 'models/loras', lists: [['LoraLoaderModelOnly', 'lora_name']] },
}

/** Slots of main models: what a request calls its checkpoint. */
const isMain = ({ slot }: Part) => slot === 'checkpoint' || slot === 'model'

/** The files of a part that this service has, the best first. */
function filesOf({ slot, names, matches }: Part, { choices, facts }: Offer): FoundFile[] {
  const listed = places[slot].lists.flatMap(([loader, input]) =>
    (choices[choiceKey(loader, input)] ?? []).map((name) => ({ name, loader })),
  )
  const byName = names.flatMap((wanted) => listed.filter(({ name }) => fileName(name) === wanted))
  if (!matches) return byName
  const fits = ({ name }: FoundFile) => matches({ name, bytes: facts.files.get(name)?.size ?? null })
  return [...new Set([...byName, ...listed])].filter(fits)
}

/** The files of a family's main model on this service, as it names them. */
const mainFilesOf = (family: ComfyFamily, offer: Offer): string[] =>
  family.parts.filter(isMain).flatMap((part) => filesOf(part, offer).map(({ name }) => name))

const known = new WeakMap<ComfyFamily, Map<Task, ReadonlySet<string>>>()

/** The classes of nodes that a task of a family wants: those of its graph. Drawn once: every look at a service asks. */
function nodesOf(family: ComfyFamily, task: Task): ReadonlySet<string> {
  const tasks = known.get(family) ?? new Map<Task, ReadonlySet<string>>()
  known.set(family, tasks)
  const nodes = tasks.get(task) ?? drawnNodes(family, task)
  tasks.set(task, nodes)
  return nodes
}

function drawnNodes(family: ComfyFamily, task: Task): ReadonlySet<string> {
  const files = Object.fromEntries(
    family.parts.map(({ slot, names }) => [slot, { name: names[0] ?? '', loader: places[slot].lists[0]?.[0] ?? '' }]),
  )
  const job: FamilyJob = {
    task,
    params: { prompt: '', seed: 0, batch: 1, ...family.defaults, strength: family.defaults.strength ?? 1 },
    files,
    images: ['source', 'reference', 'reference'].slice(0, task === 'edit' ? family.mostImages : 1),
    mask: 'mask',
  }
  return new Set(Object.values(family.build(job)).map((node) => node.class_type))
}

/** Every class of nodes that the graphs of these families have. */
export const classesOf = (families: readonly ComfyFamily[]): ReadonlySet<string> =>
  new Set(families.flatMap((family) => family.tasks.flatMap((task) => [...nodesOf(family, task)])))

/** How a family stands on a service. */
export interface Standing {
  family: ComfyFamily
  /** What it can do there; all that it could do where a file or class that everything needs is missing. */
  tasks: Task[]
  files: FamilyJob['files']
  /** The files of its main model that are there. */
  mains: string[]
  missing: Need[]
}

/** What a family has on a service and what it lacks. `checkpoint`: the main file that is asked for. */
export function standingOf(family: ComfyFamily, offer: Offer, checkpoint?: string): Standing {
  const files: Partial<Record<Slot, FoundFile>> = {}
  const missing: Need[] = []
  for (const part of family.parts) {
    const there = filesOf(part, offer)
    const chosen = (isMain(part) && there.find(({ name }) => name === checkpoint)) || there[0]
    const { role, folder } = places[part.slot]
    if (chosen) files[part.slot] = chosen
    else missing.push({ type: 'file', name: part.names[0] ?? '', folder, role })
  }
  const lacks = (task: Task) => [...nodesOf(family, task)].filter((name) => !offer.nodes.has(name))
  const able = family.tasks.filter((task) => lacks(task).length === 0)
  const [first] = family.tasks
  if (able.length === 0 && first) missing.push(...lacks(first).map((name): Need => ({ type: 'node', name })))
  return {
    family,
    tasks: able.length === 0 ? [...family.tasks] : able,
    files,
    mains: mainFilesOf(family, offer),
    missing,
  }
}
