import type { Need, WorkflowNeeds } from '../../shared/contract'
import { choicesOf, classIn, inputsOf, type NodeClasses } from '../kinds/comfyui/class-inputs'
import type { Answer } from './asking'
import type { ReadWorkflow } from './record'

type Row = ReadWorkflow['needs'][number]

/** Whether a loader lists a file that its node wants; null where nobody can say. */
function isListed(name: string, node: ReadWorkflow['api'][string], classes: NodeClasses): boolean | null {
  const known = classIn(classes, node.class_type)
  if (!known) return null
  const lists = [...inputsOf(known, (input) => node.inputs[input])]
    .filter((input) => node.inputs[input.name] === name)
    .flatMap(({ spec }) => {
      const choices = choicesOf(spec)
      return choices ? [choices.includes(name)] : []
    })
  return lists.length === 0 ? null : lists.every(Boolean)
}

/** Whether a service has what is needed, for all the nodes that want it; null where that is not known. */
function presentOn({ need, nodes }: Row, api: ReadWorkflow['api'], classes: NodeClasses): boolean | null {
  if (need.type === 'node') return classIn(classes, need.name) !== undefined
  const told = nodes.flatMap((id) => {
    const node = api[id]
    return node ? [isListed(need.name, node, classes)] : []
  })
  if (told.includes(false)) return false
  return told.length > 0 && told.every((one) => one === true) ? true : null
}

/** What a workflow lacks on a service. */
export const missingOn = ({ api, needs }: Pick<ReadWorkflow, 'api' | 'needs'>, classes: NodeClasses): Need[] =>
  needs.flatMap((row) => (presentOn(row, api, classes) === false ? [row.need] : []))

const isText = (value: unknown): value is string => typeof value === 'string'

/** What choices there are on a service, where the form, which was made before or by another one, has others. */
function choicesOn({ api, form }: Pick<ReadWorkflow, 'api' | 'form'>, classes: NodeClasses): Record<string, string[]> {
  const differing = form.flatMap(({ id, node, input, type, choices }) => {
    const found = api[node]
    const known = found && classIn(classes, found.class_type)
    if (type !== 'choice' || !known) return []
    const its = [...inputsOf(known, (name) => found.inputs[name])].find(({ name }) => name === input)
    const now = (its ? (choicesOf(its.spec) ?? []) : []).filter(isText)
    return now.length === 0 || now.join('\n') === choices.join('\n') ? [] : [[id, now] as const]
  })
  return Object.fromEntries(differing)
}

/** What a workflow needs, and which services have it, by what they told. */
export function needsOn(
  { api, form, needs }: Pick<ReadWorkflow, 'api' | 'form' | 'needs'>,
  answers: readonly Answer[],
): WorkflowNeeds {
  const rows = needs.map((row) => {
    const present = answers.map(({ id, classes }) => [id, classes && presentOn(row, api, classes)] as const)
    return { ...row, present: Object.fromEntries(present) }
  })
  const services = answers.map(({ id, classes, reason, at }) => ({
    ...{ id, answered: classes !== null, reason, at },
    choices: classes ? choicesOn({ api, form }, classes) : {},
  }))
  return { rows, services }
}

/** The classes that a graph is of. */
export const classesOf = (api: ReadWorkflow['api']): Set<string> =>
  new Set(Object.values(api).map(({ class_type: type }) => type))
