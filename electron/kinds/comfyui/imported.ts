import { randomInt } from 'node:crypto'
import { GenerationParams, type InputRole, type InputValue, type WorkflowInput } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { ImportedParams, ImportedWorkflow } from '../backend'
import { isMadeId } from '../imported'
import { listNames } from '../words'
import { choicesOf, classIn, inputsOf, type NodeClasses } from './class-inputs'
import { maxDrawnSeed } from './choose'
import type { Graph } from './graph'

type Field = keyof GenerationParams

/** Which input a parameter of its own name stands for, where a workflow has exactly one of that role. */
const roles = {
  prompt: 'prompt',
  negativePrompt: 'negativePrompt',
  seed: 'seed',
  steps: 'steps',
  cfg: 'cfg',
  width: 'width',
  height: 'height',
  batch: 'batch',
  sampler: 'sampler',
  scheduler: 'scheduler',
  checkpoint: 'model',
} as const satisfies Partial<Record<Field, InputRole>>
type RoleField = keyof typeof roles
const roleFields = Object.keys(roles) as RoleField[] // the keys of the line above

/** What a family takes and a workflow does not: its form has inputs of its own for them. */
const familyOnly = ['task', 'images', 'mask', 'strength', 'loras'] as const satisfies Field[]

/** The only input of a role; null where there are several, or none. */
function onlyOf(form: readonly WorkflowInput[], role: InputRole): WorkflowInput | null {
  const [first, ...more] = form.filter((input) => input.role === role)
  return first && more.length === 0 ? first : null
}

/** Values by the ids of inputs, those among them that a request gave by the name of a parameter. */
function valuesOf(params: GenerationParams, { name, form }: ImportedWorkflow): Map<string, InputValue> {
  const values = new Map(Object.entries(params.values ?? {}))
  for (const field of familyOnly)
    if (params[field] !== undefined) throw new Problem('workflow.parameter-unknown', { name, parameter: field })
  for (const field of roleFields) {
    const value = params[field]
    if (value === undefined) continue
    const all = form.filter(({ role }) => role === roles[field])
    // What is named by its input is said twice, in records that are run again.
    if (all.some(({ id }) => values.has(id))) continue
    const input = onlyOf(form, roles[field])
    if (input && (field !== 'prompt' || value !== name)) values.set(input.id, value)
    // A prompt is what a generation is called, whether or not there is an input for it.
    else if (field !== 'prompt') throw new Problem('workflow.parameter-unknown', { name, parameter: field })
  }
  return values
}

function checkType({ label, type: wanted, value: saved, min, max }: WorkflowInput, value: InputValue): void {
  const wrong = () => new Problem('workflow-value.type', { input: label, type: wanted })
  switch (wanted) {
    case 'integer':
    case 'number':
      if (typeof value !== 'number' || (wanted === 'integer' && !Number.isInteger(value))) throw wrong()
      if (value < (min ?? -Infinity) || value > (max ?? Infinity))
        throw new Problem('workflow-value.range', { input: label, min: min ?? '–', max: max ?? '–' })
      return
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong()
      return
    case 'image':
      if (typeof value !== 'string') throw wrong()
      // A name can reach whatever lies on the service, also what others made there.
      if (value !== saved && !isMadeId(value)) throw new Problem('workflow.picture-not-given', { input: label })
      return
    case 'text':
    case 'choice':
      if (typeof value !== 'string') throw wrong()
      return
    default:
      wanted satisfies never
  }
}

/** Throws for a choice that the service does not list; what it does not say of an input, it checks itself. */
function checkChoices(
  { graph, form }: ImportedWorkflow,
  classes: NodeClasses,
  valueOf: (input: WorkflowInput) => InputValue,
): void {
  const byPlace = new Map(form.map((one) => [JSON.stringify([one.node, one.input]), one]))
  for (const [node, { class_type: type, inputs }] of Object.entries(graph)) {
    const known = classIn(classes, type)
    const inputOf = (name: string) => byPlace.get(JSON.stringify([node, name]))
    const valueAt = (name: string) => {
      const input = inputOf(name)
      return input ? valueOf(input) : inputs[name]
    }
    for (const { name, spec } of known ? inputsOf(known, valueAt) : []) {
      const input = inputOf(name)
      if (input?.type !== 'choice') continue
      const value = valueOf(input)
      if (choicesOf(spec)?.includes(value) === false)
        throw new Problem('workflow-value.choice', { input: input.label, value: String(value) })
    }
  }
}

const drawSeed = ({ max }: WorkflowInput): number => randomInt(Math.min(maxDrawnSeed, max ?? maxDrawnSeed) + 1)

/** What the inputs of usual roles are set to, as far as a record of a generation has a place for it. */
function toldOf(form: readonly WorkflowInput[], valueOf: (input: WorkflowInput) => InputValue) {
  const told = roleFields.flatMap((field) => {
    const input = field === 'prompt' ? null : onlyOf(form, roles[field])
    const parsed = input && GenerationParams.shape[field].safeParse(valueOf(input))
    return parsed?.success && parsed.data !== undefined ? [[field, parsed.data] as const] : []
  })
  return GenerationParams.omit({ prompt: true }).parse(Object.fromEntries(told))
}

/**
 * Checks a request for an imported workflow against its form and against the choices of the service, draws the seeds
 * that are not given, and says what its inputs of usual roles are set to. Throws a Problem that names the input.
 */
export function resolveImported(
  params: GenerationParams,
  workflow: ImportedWorkflow,
  classes: NodeClasses,
): ImportedParams {
  const { name, version, graph, form } = workflow
  const lacks = new Set(Object.values(graph).flatMap(({ class_type: type }) => (classIn(classes, type) ? [] : [type])))
  if (lacks.size > 0) throw new Problem('backend.nodes-missing', { family: name, nodes: listNames([...lacks]) })
  const values = valuesOf(params, workflow)
  const byId = new Map(form.map((input) => [input.id, input]))
  for (const [id, value] of values) {
    const input = byId.get(id)
    if (!input) throw new Problem('workflow.input-unknown', { input: id })
    checkType(input, value)
  }
  for (const input of form)
    if (input.role === 'seed' && input.type === 'integer' && !values.has(input.id))
      values.set(input.id, drawSeed(input))
  const valueOf = (input: WorkflowInput) => values.get(input.id) ?? input.value
  checkChoices(workflow, classes, valueOf)
  const prompt = onlyOf(form, 'prompt')
  // The prompt stands for itself: run again, one that was left as it is does not become what the generation is called.
  const kept = form.flatMap((input) => {
    const value = valueOf(input)
    const isTold = value !== input.value || input === prompt || (input.role === 'seed' && values.has(input.id))
    return isTold ? [[input.id, value] as const] : []
  })
  return {
    ...toldOf(form, valueOf),
    prompt: params.prompt,
    workflow: params.workflow ?? '',
    workflowVersion: version,
    values: Object.fromEntries(kept),
  }
}

/** The graph to post. `pictures`: how the service names each picture that was given. */
export function graphOfImported(
  { values }: Pick<ImportedParams, 'values'>,
  { graph, form, together }: ImportedWorkflow,
  pictures: ReadonlyMap<string, string>,
): Graph {
  const made = new Map(Object.entries(graph))
  for (const { id, node, input, type } of form) {
    const value = values[id]
    if (value === undefined) continue
    const sent = type === 'image' && typeof value === 'string' ? (pictures.get(value) ?? value) : value
    for (const place of [{ node, input }, ...(together[id] ?? [])]) {
      const found = made.get(place.node)
      if (found) made.set(place.node, { ...found, inputs: { ...found.inputs, [place.input]: sent } })
    }
  }
  return Object.fromEntries(made)
}
