import { randomInt } from 'node:crypto'
import type { Capabilities, GenerationParams } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { ResolvedParams } from '../backend'
import { listNames } from '../words'
import { choiceKey, fileName, findModels, type Choices } from './bind'
import { workflows, type Workflow } from './workflows'

const samplerKey = choiceKey('KSampler', 'sampler_name')
const schedulerKey = choiceKey('KSampler', 'scheduler')

/** Largest seed that is drawn: both kinds of service take it, so one seed can be sent to both. */
const maxDrawnSeed = 2 ** 32 - 1
const drawSeed = () => randomInt(maxDrawnSeed + 1)

/** Distilled models need few steps and no guidance: more of either burns the picture. */
const turbo = { steps: 4, cfg: 1, width: 512, height: 512, sampler: 'euler_ancestral', scheduler: 'sgm_uniform' }

const isTurbo = (checkpoint: string) => /turbo/i.test(checkpoint)

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

function defaultsOf(workflow: Workflow, choices: Choices, asked?: string) {
  const place = workflow.bindings.checkpoint
  const checkpoint =
    asked ?? (place && findModels(workflow, choices).found.find(({ node }) => node === place[0])?.name) ?? null
  const values =
    checkpoint !== null && workflow.id === 'sdxl-checkpoint' && isTurbo(checkpoint)
      ? { ...workflow.defaults, ...turbo }
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
export function resolveParams(params: GenerationParams, choices: Choices): ResolvedParams {
  const workflow = chooseWorkflow(params, choices)
  const bound = checkpointsOf(workflow, choices)
  if (params.checkpoint !== undefined && workflow.bindings.checkpoint && !bound.includes(params.checkpoint))
    throw new Problem('backend.unknown-checkpoint', { name: params.checkpoint, available: listNames(bound) })
  const { checkpoint, ...defaults } = defaultsOf(workflow, choices, params.checkpoint)
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
export function capabilitiesOf(choices: Choices): Capabilities {
  const workflow = chooseWorkflow({}, choices)
  const { checkpoint, sampler, scheduler, steps, cfg, width, height } = defaultsOf(workflow, choices)
  return {
    checkpoints: [
      ...new Set(
        workflows.filter((w) => isComplete(w, choices)).flatMap((workflow) => checkpointsOf(workflow, choices)),
      ),
    ],
    samplers: [...(choices[samplerKey] ?? [])],
    schedulers: [...(choices[schedulerKey] ?? [])],
    workflows: workflows.map((workflow) => {
      const { missing } = findModels(workflow, choices)
      return { id: workflow.id, available: missing.length === 0, missing }
    }),
    defaults: { checkpoint, sampler, scheduler, steps, cfg, width, height, workflow: workflow.id },
    previews: true,
  }
}

/** The model file of the default workflow; null when there is none and only the smoke test can run. */
export function defaultModel(choices: Choices): string | null {
  return defaultsOf(chooseWorkflow({}, choices), choices).checkpoint
}
