import { randomInt } from 'node:crypto'
import type { GenerationParams, Task } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { FamilyParams } from '../backend'
import { checkLoras, checkTask, taskOf } from '../tasks'
import { needText } from '../needs'
import { listNames } from '../words'
import { choiceKey } from './choices'
import { families, smoke, type ComfyFamily } from './families'
import { standingOf, type Standing } from './families/recognise'
import type { Graph } from './graph'
import type { Offer } from './offer'

export const samplerKey = choiceKey('KSampler', 'sampler_name')
export const schedulerKey = choiceKey('KSampler', 'scheduler')
export const loraKey = choiceKey('LoraLoaderModelOnly', 'lora_name')

/** Largest seed that is drawn: both kinds of service take it, so one seed can be sent to both. */
export const maxDrawnSeed = 2 ** 32 - 1
const drawSeed = () => randomInt(maxDrawnSeed + 1)

const known = new WeakMap<Offer, Map<string | undefined, readonly Standing[]>>()

/** Every family, in the order of preference, and how it stands on this service. Worked out once an offer. */
export function standings(offer: Offer, checkpoint?: string): readonly Standing[] {
  const ofOffer = known.get(offer) ?? new Map<string | undefined, readonly Standing[]>()
  known.set(offer, ofOffer)
  const all = ofOffer.get(checkpoint) ?? families.map((family) => standingOf(family, offer, checkpoint))
  // Names that nobody has are asked for too.
  if (ofOffer.size < 100) ofOffer.set(checkpoint, all)
  return all
}

export const isComplete = ({ missing }: Standing) => missing.length === 0

/** The family that is taken where nobody names one; null where none that does the task is complete. */
export const defaultOf = (all: readonly Standing[], task: Task): Standing | null =>
  all.find((standing) => isComplete(standing) && standing.tasks.includes(task)) ?? null

const by = (task: Task) => (a: Standing, b: Standing) =>
  Number(b.tasks.includes(task)) - Number(a.tasks.includes(task)) || Number(isComplete(b)) - Number(isComplete(a))

/** The family with the smallest files that does the task with the classes of nodes that are there. */
function cheapest(all: readonly Standing[], task: Task): Standing | undefined {
  const able = all.filter(({ tasks, missing }) => tasks.includes(task) && !missing.some(({ type }) => type === 'node'))
  return able.toSorted((a, b) => a.family.filesMiB - b.family.filesMiB)[0]
}

/** Says which files would do, and where they belong. */
export function noKnownModel(all: readonly Standing[], task: Task): Problem {
  const suggested = cheapest(all, task)
  const files = suggested ? suggested.missing.map(needText) : []
  return new Problem('backend.no-known-model', {
    family: suggested?.family.title ?? '–',
    files: listNames(files),
    task,
  })
}

/** Families that a name in a request stands for: its own, then those that had that name in earlier versions. */
function named(name: string, all: readonly Standing[], offer: Offer): Standing[] {
  if (name === smoke.id) return [standingOf(smoke, offer)]
  const own = all.find(({ family }) => family.id === name)
  if (own) return [own, ...all.filter(({ family }) => family.formerId === name)]
  const available = listNames([...families, smoke].map(({ id }) => id))
  throw new Problem('backend.unknown-workflow', { name, available })
}

function unknownCheckpoint(name: string, standing: readonly Standing[]): Problem {
  return new Problem('backend.unknown-checkpoint', {
    name,
    available: listNames([...new Set(standing.flatMap(({ mains }) => mains))]),
  })
}

type Asked = Pick<GenerationParams, 'workflow' | 'checkpoint' | 'task'>

/** The family for a request: the one it names, the one that takes its checkpoint, else the default. */
function chosen({ workflow, checkpoint, task: asked }: Asked, offer: Offer): Standing {
  const task = taskOf({ task: asked })
  const all = standings(offer, checkpoint)
  if (workflow === undefined && checkpoint === undefined) {
    const standing = defaultOf(all, task)
    if (standing) return standing
    throw noKnownModel(all, task)
  }
  const candidates = workflow === undefined ? all : named(workflow, all, offer)
  const [first] = candidates
  // The test needs no model, and takes whatever comes with its name.
  if (checkpoint === undefined || first?.family === smoke) {
    const standing = candidates.find(isComplete) ?? first
    if (standing) return standing
    throw noKnownModel(all, task)
  }
  const standing = candidates.filter(({ mains }) => mains.includes(checkpoint)).toSorted(by(task))[0]
  if (standing) return standing
  throw unknownCheckpoint(checkpoint, workflow === undefined ? all.filter(isComplete) : candidates)
}

/** The family for a request. Throws a Problem that says what there is, or what is missing and where it belongs. */
function chooseFamily(asked: Asked, offer: Offer): Standing {
  const standing = chosen(asked, offer)
  const { family, missing } = standing
  const nodes = missing.filter(({ type }) => type === 'node')
  if (nodes.length > 0)
    throw new Problem('backend.nodes-missing', { family: family.title, nodes: listNames(nodes.map(needText)) })
  if (missing.length > 0)
    throw new Problem('backend.models-missing', { workflow: family.id, missing: listNames(missing.map(needText)) })
  return standing
}

const firstOr = (there: readonly string[] = [], wanted: string) =>
  there.includes(wanted) ? wanted : (there[0] ?? wanted)

/** The main file that stands in a family's graph; null where it needs none. */
export const checkpointOf = ({ files }: Pick<Standing, 'files'>): string | null =>
  (files.checkpoint ?? files.model)?.name ?? null

/** A family's defaults, with a sampler and a scheduler that are there. */
export function defaultsOf({ defaults }: ComfyFamily, { choices }: Pick<Offer, 'choices'>): ComfyFamily['defaults'] {
  return {
    ...defaults,
    sampler: firstOr(choices[samplerKey], defaults.sampler),
    scheduler: firstOr(choices[schedulerKey], defaults.scheduler),
  }
}

function checkChoices(params: GenerationParams, { choices }: Offer) {
  const samplers = choices[samplerKey] ?? []
  if (params.sampler !== undefined && !samplers.includes(params.sampler))
    throw new Problem('backend.unknown-sampler', { name: params.sampler, available: listNames(samplers) })
  const schedulers = choices[schedulerKey] ?? []
  if (params.scheduler !== undefined && !schedulers.includes(params.scheduler))
    throw new Problem('backend.unknown-scheduler', { name: params.scheduler, available: listNames(schedulers) })
  checkLoras(params, choices[loraKey] ?? [])
}

/** Whether a name in a request is that of a family, or of a workflow of an earlier version of Regie. */
export const isFamilyName = (name: string): boolean =>
  [...families, smoke].some(({ id, formerId }) => id === name || formerId === name)

/** Fills in what a request leaves out and refuses what this service cannot do, saying what it can. */
export function resolveParams(params: GenerationParams, offer: Offer): FamilyParams {
  const why = params.checkpoint === undefined ? undefined : offer.damaged.get(params.checkpoint)
  if (params.checkpoint !== undefined && why !== undefined)
    throw new Problem('backend.model-damaged', { file: params.checkpoint, detail: why })
  const standing = chooseFamily(params, offer)
  const { family, tasks } = standing
  checkTask(params, { ...family, tasks })
  checkChoices(params, offer)
  const defaults = defaultsOf(family, offer)
  const checkpoint = checkpointOf(standing)
  const task = taskOf(params)
  const { images, mask, loras } = params
  const isPartial = task === 'image' || task === 'inpaint'
  const resolved: FamilyParams = {
    prompt: params.prompt,
    negativePrompt: params.negativePrompt ?? defaults.negativePrompt,
    seed: params.seed ?? drawSeed(),
    steps: params.steps ?? defaults.steps,
    cfg: params.cfg ?? defaults.cfg,
    width: params.width ?? defaults.width,
    height: params.height ?? defaults.height,
    sampler: params.sampler ?? defaults.sampler,
    scheduler: params.scheduler ?? defaults.scheduler,
    batch: params.batch ?? 1,
    workflow: family.id,
    ...(checkpoint === null ? {} : { checkpoint }),
    ...(task === 'text' ? {} : { task, ...(images && { images }) }),
    ...(task === 'inpaint' && mask !== undefined ? { mask } : {}),
    ...(isPartial ? { strength: params.strength ?? defaults.strength ?? 1 } : {}),
    ...(loras && loras.length > 0 ? { loras } : {}),
  }
  checkSize(resolved, family.sizeMultiple)
  return resolved
}

function checkSize({ width, height }: FamilyParams, multiple: number) {
  if (width % multiple === 0 && height % multiple === 0) return
  const near = (side: number) => Math.max(multiple, Math.round(side / multiple) * multiple)
  throw new Problem('backend.size-multiple', {
    multiple,
    width,
    height,
    suggestion: `${near(width)}×${near(height)}`,
  })
}

/** Pictures of a job, as `LoadImage` of the service names them. */
export interface Pictures {
  images: readonly string[]
  mask: string | null
}

/** The graph to post for resolved parameters. Throws a Problem where the service has lost what it needs. */
export function graphOf(params: FamilyParams, offer: Offer, { images, mask }: Pictures): Graph {
  const { family, files } = chooseFamily(params, offer)
  return family.build({ task: taskOf(params), params, files, images, mask })
}
