import { randomInt } from 'node:crypto'
import type { Capabilities, GenerationParams } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { ResolvedParams } from '../backend'
import { listNames } from '../words'
import { choiceKey, fileName, findModels, type Choices } from './bind'
import { damagedFiles, type Facts } from './facts'
import { workflows, type Workflow } from './workflows'

const samplerKey = choiceKey('KSampler', 'sampler_name')
const schedulerKey = choiceKey('KSampler', 'scheduler')

/** Largest seed that is drawn: both kinds of service take it, so one seed can be sent to both. */
const maxDrawnSeed = 2 ** 32 - 1
const drawSeed = () => randomInt(maxDrawnSeed + 1)

/** Distilled models need few steps and no guidance: more of either burns the picture. */
const turbo = { steps: 4, cfg: 1, width: 512, height: 512, sampler: 'euler_ancestral', scheduler: 'sgm_uniform' }

/** Trained at 512²: at SDXL's size it repeats its motifs. */
const sd15 = { steps: 20, width: 512, height: 512 }

const isTurbo = (checkpoint: string) => /turbo/i.test(checkpoint)

const gigabyte = 1e9

/**
 * Whether a checkpoint is a Stable Diffusion 1.x: its name says so, or, where the name says nothing, its size does (2.1
 * GB in half and 4.3 GB in full precision; SDXL's are 3.5 GB in 8 bits and 6.5 to 7 GB).
 */
function isSd15(checkpoint: string, bytes: number | null): boolean {
  const name = fileName(checkpoint)
  if (/xl|pony|illustrious|noob|turbo/i.test(name)) return false
  if (/(?:^|[^a-z0-9])(?:sd[-_ ]?v?1[-_.]?[45]|v1[-_.][1-5]|1\.5)(?![0-9])/i.test(name)) return true
  if (bytes === null) return false
  const size = bytes / gigabyte
  return (size > 1.6 && size < 2.7) || (size > 4 && size < 4.6)
}

/** Model files that can stand in a workflow's main loader on this service. */
function checkpointsOf(workflow: Workflow, choices: Choices): string[] {
  const place = workflow.bindings.checkpoint
  const model = place && workflow.models.find(({ node, input }) => node === place[0] && input === place[1])
  const target = model && workflow.graph[model.node]
  if (!target) return []
  const match = new RegExp(model.pattern, 'i')
  return (choices[choiceKey(target.class_type, model.input)] ?? []).filter((name) => match.test(fileName(name)))
}

const isComplete = (workflow: Workflow, choices: Choices) => findModels(workflow, choices).missing.length === 0

/** The workflow for a request: the one it names, the one that takes its checkpoint, else the best that is complete. */
export function chooseWorkflow(params: Pick<GenerationParams, 'workflow' | 'checkpoint'>, choices: Choices): Workflow {
  const complete = workflows.filter((workflow) => isComplete(workflow, choices))
  if (params.workflow !== undefined) {
    const named = workflows.find(({ id }) => id === params.workflow)
    if (!named)
      throw new Problem('backend.unknown-workflow', {
        name: params.workflow,
        available: listNames(workflows.map(({ id }) => id)),
      })
    const { missing } = findModels(named, choices)
    if (missing.length > 0)
      throw new Problem('backend.models-missing', { workflow: named.id, missing: listNames(missing) })
    return named
  }
  const { checkpoint } = params
  const chosen =
    checkpoint === undefined
      ? complete[0]
      : complete.find((workflow) => checkpointsOf(workflow, choices).includes(checkpoint))
  if (chosen) return chosen
  throw new Problem('backend.unknown-checkpoint', {
    name: checkpoint ?? '',
    available: listNames(complete.flatMap((workflow) => checkpointsOf(workflow, choices))),
  })
}

function familyOf(checkpoint: string, facts: Facts) {
  if (isTurbo(checkpoint)) return turbo
  return isSd15(checkpoint, facts.files.get(checkpoint)?.size ?? null) ? sd15 : {}
}

function defaultsOf(workflow: Workflow, choices: Choices, { facts, asked }: { facts: Facts; asked?: string }) {
  const place = workflow.bindings.checkpoint
  const checkpoint =
    asked ?? (place && findModels(workflow, choices).found.find(({ node }) => node === place[0])?.name) ?? null
  const values =
    checkpoint !== null && workflow.id === 'sdxl-checkpoint'
      ? { ...workflow.defaults, ...familyOf(checkpoint, facts) }
      : workflow.defaults
  const firstOr = (key: string, wanted: string) => {
    const there = choices[key] ?? []
    return there.includes(wanted) ? wanted : (there[0] ?? wanted)
  }
  return {
    ...values,
    checkpoint,
    sampler: firstOr(samplerKey, values.sampler),
    scheduler: firstOr(schedulerKey, values.scheduler),
  }
}

/** Fills in what a request leaves out and refuses what this service cannot do, saying what it can. */
export function resolveParams(params: GenerationParams, { choices, facts, damaged }: Offer): ResolvedParams {
  const why = params.checkpoint === undefined ? undefined : damaged.get(params.checkpoint)
  if (params.checkpoint !== undefined && why !== undefined)
    throw new Problem('backend.model-damaged', { file: params.checkpoint, detail: why })
  const workflow = chooseWorkflow(params, choices)
  const bound = checkpointsOf(workflow, choices)
  if (params.checkpoint !== undefined && workflow.bindings.checkpoint && !bound.includes(params.checkpoint))
    throw new Problem('backend.unknown-checkpoint', { name: params.checkpoint, available: listNames(bound) })
  const { checkpoint, ...defaults } = defaultsOf(workflow, choices, {
    facts,
    ...(params.checkpoint === undefined ? {} : { asked: params.checkpoint }),
  })
  const samplers = choices[samplerKey] ?? []
  if (params.sampler !== undefined && !samplers.includes(params.sampler))
    throw new Problem('backend.unknown-sampler', { name: params.sampler, available: listNames(samplers) })
  const schedulers = choices[schedulerKey] ?? []
  if (params.scheduler !== undefined && !schedulers.includes(params.scheduler))
    throw new Problem('backend.unknown-scheduler', { name: params.scheduler, available: listNames(schedulers) })
  const resolved: ResolvedParams = {
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
    workflow: workflow.id,
    ...(checkpoint === null ? {} : { checkpoint }),
  }
  checkSize(resolved, workflow.sizeMultiple)
  return resolved
}

function checkSize({ width, height }: ResolvedParams, multiple: number) {
  if (width % multiple === 0 && height % multiple === 0) return
  const near = (side: number) => Math.max(multiple, Math.round(side / multiple) * multiple)
  throw new Problem('backend.size-multiple', {
    multiple,
    width,
    height,
    suggestion: `${near(width)}×${near(height)}`,
  })
}

/** What the service offers, from its live drop-downs. */
export function capabilitiesOf({ choices, facts }: Offer): Capabilities {
  const workflow = chooseWorkflow({}, choices)
  const { checkpoint, sampler, scheduler, steps, cfg, width, height } = defaultsOf(workflow, choices, { facts })
  return {
    checkpoints: [
      ...new Set(
        workflows.filter((w) => isComplete(w, choices)).flatMap((workflow) => checkpointsOf(workflow, choices)),
      ),
    ],
    samplers: [...(choices[samplerKey] ?? [])],
    schedulers: [...(choices[schedulerKey] ?? [])],
    families: [],
    loras: [],
    workflows: workflows.map((workflow) => {
      const { missing } = findModels(workflow, choices)
      return { id: workflow.id, available: missing.length === 0, missing }
    }),
    defaults: { checkpoint, sampler, scheduler, steps, cfg, width, height, workflow: workflow.id },
    // Not known is taken for yes: a service that hides its flags may well send them.
    previews: facts.previewMethod !== 'none' || facts.askForPreviews !== null,
  }
}

/** The model file of the default workflow; null when there is none and only the smoke test can run. */
export function defaultModel({ choices, facts }: Offer): string | null {
  return defaultsOf(chooseWorkflow({}, choices), choices, { facts }).checkpoint
}

/** The drop-downs without the files that cannot be loaded, and why they are not there. */
export interface Offer {
  choices: Choices
  facts: Facts
  /** Files that are left out of the choices, with the reason. */
  damaged: ReadonlyMap<string, string>
}

const modelKeys = [choiceKey('CheckpointLoaderSimple', 'ckpt_name'), choiceKey('UNETLoader', 'unet_name')]

/** `failed`: marks of files that could not be loaded before. */
export function offerOf(choices: Choices, facts: Facts, failed: ReadonlySet<string>): Offer {
  const damaged = damagedFiles(facts, failed)
  const sound = Object.fromEntries(
    modelKeys.flatMap((key) => {
      const names = choices[key]
      return names ? [[key, names.filter((name) => !damaged.has(name))]] : []
    }),
  )
  return { choices: { ...choices, ...sound }, facts, damaged }
}
