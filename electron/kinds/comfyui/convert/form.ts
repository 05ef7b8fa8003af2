import * as z from 'zod'
import { InputValue, type InputRole, type WorkflowInput } from '../../../../shared/contract'
import { choicesOf, classIn, inputsOf, type NodeClasses, type Spec } from '../class-inputs'
import { refuseMore } from './limits'
import { inputId, rolesOf, type Roles } from './roles'
import type { DrawnNode, Place } from './types'

const finite = z.number().optional().catch(undefined)
const Options = z
  .object({
    ...{ min: finite, max: finite, step: finite },
    multiline: z.boolean().optional().catch(undefined),
    image_upload: z.boolean().optional().catch(undefined),
  })
  .catch({})

/** The largest number that is still at most 2⁶⁴ − 1, the most that ComfyUI takes, when it is written as JSON. */
export const largestSeed = 18_446_744_073_709_549_568

type Of = Pick<WorkflowInput, 'type' | 'multiline' | 'min' | 'max' | 'step' | 'choices'>
const plain = { multiline: false, min: null, max: null, step: null, choices: [] as string[] }

/** What may be set, by the value alone: where the class is not known. */
function byValue(value: InputValue, role: InputRole | null): Of {
  if (role === 'image' || role === 'mask') return { ...plain, type: 'image' }
  if (typeof value === 'boolean') return { ...plain, type: 'boolean' }
  if (typeof value === 'string') return { ...plain, type: 'text' }
  return { ...plain, type: Number.isInteger(value) && role !== 'cfg' && role !== 'denoise' ? 'integer' : 'number' }
}

/** A choice by another type than text is no choice of a form. */
const textsIn = (choices: readonly unknown[]): string[] | null =>
  choices.every((one) => typeof one === 'string') ? [...choices] : null

/** What may be set, by how the class declares it; null for what a form has no field for. */
function bySpec(spec: Spec, value: InputValue): Of | null {
  const [type] = spec
  const { min, max, step, multiline, image_upload: isImage } = Options.parse(spec[1] ?? {})
  if (isImage === true) return { ...plain, type: 'image' }
  // Another choice would want other inputs, which the graph does not have.
  if (type === 'COMFY_DYNAMICCOMBO_V3') return null
  const choices = choicesOf(spec)
  if (choices) {
    const texts = typeof value === 'string' ? textsIn(choices) : null
    return texts && { ...plain, type: 'choice', choices: texts }
  }
  const range = { min: min ?? null, max: max === undefined ? null : Math.min(max, largestSeed), step: step ?? null }
  if (type === 'INT' && typeof value === 'number') return { ...plain, ...range, type: 'integer' }
  if (type === 'FLOAT' && typeof value === 'number') return { ...plain, ...range, type: 'number' }
  if (type === 'BOOLEAN' && typeof value === 'boolean') return { ...plain, type: 'boolean' }
  return type === 'STRING' && typeof value === 'string'
    ? { ...plain, type: 'text', multiline: multiline === true }
    : null
}

/** How the class declares each input of a node; null where the class is not known. */
function specsOf({ type, inputs }: DrawnNode, classes: NodeClasses): ReadonlyMap<string, Spec> | null {
  const known = classIn(classes, type)
  if (!known) return null
  const specs = [...inputsOf(known, (name) => inputs.get(name))]
  return new Map(specs.map(({ name, spec }) => [name, spec]))
}

function inputsOfNode(id: string, node: DrawnNode, classes: NodeClasses, roles: Roles): WorkflowInput[] {
  const specs = specsOf(node, classes)
  return [...node.inputs].flatMap(([input, given]): WorkflowInput[] => {
    const value = InputValue.safeParse(given)
    const spec = specs?.get(input)
    // What the class does not have is passed over by the server.
    if (!value.success || (specs && !spec)) return []
    const role = roles.get(inputId(id, input)) ?? null
    const of = spec ? bySpec(spec, value.data) : byValue(value.data, role)
    const isProse = of?.type === 'text' && (role === 'prompt' || role === 'negativePrompt')
    const label = node.labels.get(input) ?? input
    return of
      ? [
          {
            id: inputId(id, input),
            node: id,
            input,
            nodeTitle: node.title,
            label,
            role,
            value: value.data,
            ...of,
            multiline: of.multiline || isProse,
          },
        ]
      : []
  })
}

/**
 * The inputs that a person may set: widgets of nodes that nothing is linked to, in the order of the nodes. Throws
 * `workflow-file.too-many-inputs`: the same thousands of choices, written again for each of thousands of inputs, would
 * fill the memory.
 */
export function formOf(
  fileName: string,
  nodes: ReadonlyMap<string, DrawnNode>,
  classes: NodeClasses,
  outer: ReadonlySet<string> | null,
): WorkflowInput[] {
  const roles = rolesOf(nodes, outer)
  const form: WorkflowInput[] = []
  let choices = 0
  for (const [id, node] of nodes) {
    const inputs = inputsOfNode(id, node, classes, roles)
    choices += inputs.reduce((sum, input) => sum + input.choices.length, 0)
    form.push(...inputs)
    refuseMore(fileName, 'formInputs', form.length)
    refuseMore(fileName, 'choices', choices)
  }
  return form
}

/** One input for each value: what it is given to besides, by its id. The one with a role stands for the others. */
export function joined(
  form: readonly WorkflowInput[],
  together: readonly (readonly Place[])[],
): { form: WorkflowInput[]; together: Record<string, Place[]> } {
  const byId = new Map(form.map((input) => [input.id, input]))
  const others = new Set<string>()
  const groups = together.flatMap((places) => {
    const inputs = places.flatMap(({ node, input }) => byId.get(inputId(node, input)) ?? [])
    const first = inputs.find(({ role }) => role !== null) ?? inputs[0]
    if (!first || inputs.length < 2) return []
    const rest = inputs.filter((input) => input !== first)
    for (const { id } of rest) others.add(id)
    return [[first.id, rest.map(({ node, input }) => ({ node, input }))] as const]
  })
  return { form: form.filter(({ id }) => !others.has(id)), together: Object.fromEntries(groups) }
}

/** Roles in the order in which their inputs are shown first. */
const shown: readonly InputRole[] = [
  ...(['image', 'mask', 'prompt', 'negativePrompt', 'width', 'height', 'batch', 'seed', 'steps', 'cfg'] as const),
  ...(['sampler', 'scheduler', 'denoise', 'model', 'lora'] as const),
]

/** The contract takes so many. */
const mostPinned = 500

/** Ids of inputs that are shown first: those of a form in the file that are there, else those with a usual role. */
export function pinnedOf(form: readonly WorkflowInput[], own: readonly string[] | null): string[] {
  const ids = new Set(form.map(({ id }) => id))
  const named = [...new Set(own ?? [])].filter((id) => ids.has(id))
  if (named.length > 0) return named.slice(0, mostPinned)
  return shown
    .flatMap((role) => form.filter((input) => input.role === role))
    .map(({ id }) => id)
    .slice(0, mostPinned)
}
