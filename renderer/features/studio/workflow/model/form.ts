import type { WorkflowInput } from '../../../../../shared/contract'
import { fold } from '../../../../ui/find'
import { groupBy } from './group'

/** The inputs of one node that are not pinned. */
export interface NodeInputs {
  node: string
  title: string
  inputs: WorkflowInput[]
  /** How many inputs it has, and how many of them are pinned. */
  all: number
  pinned: number
}

export interface ArrangedForm {
  /** In the order of pinning. */
  pinned: WorkflowInput[]
  /** Everything else by node, in the order of the workflow. */
  nodes: NodeInputs[]
}

/** The form of a workflow as it is shown: pinned inputs first, the rest by node. */
export function arrange({ form, pinned }: { form: readonly WorkflowInput[]; pinned: readonly string[] }): ArrangedForm {
  const byId = new Map(form.map((input) => [input.id, input]))
  const first = pinned.flatMap((id) => byId.get(id) ?? [])
  const shown = new Set(first)
  const nodes = groupBy(form, ({ node }) => node)
  return {
    pinned: first,
    nodes: [...nodes].flatMap(([node, inputs]) => {
      const rest = inputs.filter((input) => !shown.has(input))
      if (rest.length === 0) return []
      const title = inputs[0]?.nodeTitle ?? node
      return { node, title, inputs: rest, all: inputs.length, pinned: inputs.length - rest.length }
    }),
  }
}

/** The nodes that have an input, or a name, with all words of a query; of those found by an input, only such inputs. */
export function findInputs(nodes: readonly NodeInputs[], query: string, nameOf: (input: WorkflowInput) => string) {
  const words = fold(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...nodes]
  const has = (text: string) => words.every((word) => fold(text).includes(word))
  return nodes.flatMap((one) => {
    if (has(`${one.title} #${one.node}`)) return one
    const inputs = one.inputs.filter((input) => has(`${one.title} ${nameOf(input)} ${input.input}`))
    return inputs.length === 0 ? [] : { ...one, inputs }
  })
}

/** A list with one of its items at another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = [...list]
  const taken = rest.splice(from, 1)
  rest.splice(Math.max(0, Math.min(to, rest.length)), 0, ...taken)
  return rest
}

/** Labels that more than one of these inputs has: the node's name has to tell them apart. */
export function sharedNames(inputs: readonly WorkflowInput[], nameOf: (input: WorkflowInput) => string): Set<string> {
  const names = groupBy(inputs, nameOf)
  return new Set([...names].flatMap(([name, same]) => (same.length > 1 ? name : [])))
}

/** Whether half the form's width is enough for an input. */
export const isShort = ({ type, role, multiline }: WorkflowInput): boolean =>
  role !== 'seed' &&
  !multiline &&
  (type === 'integer' || type === 'number' || role === 'sampler' || role === 'scheduler')
