import type { ResolvedParams } from '../backend'
import type { Graph } from './graph'
import type { Workflow } from './workflows'

/** Choices of a node's drop-down, by class and input, e.g. `UNETLoader.unet_name`. */
export type Choices = Readonly<Record<string, readonly string[]>>

export const choiceKey = (classType: string, input: string) => `${classType}.${input}`

/** File name without its folders; ComfyUI names files with `/` or `\` as its own system does. */
export const fileName = (name: string) => name.split(/[\\/]/).at(-1) ?? name

/** The model files that a workflow would use on this service, and those that it lacks. */
export function findModels(workflow: Workflow, choices: Choices) {
  const found: { node: string; input: string; name: string }[] = []
  const missing: string[] = []
  for (const { node, input, pattern } of workflow.models) {
    const target = workflow.graph[node]
    const usual = target?.inputs[input]
    if (!target || typeof usual !== 'string') throw new Error(`workflow ${workflow.id} has no input ${node}.${input}`)
    const there = choices[choiceKey(target.class_type, input)] ?? []
    const match = new RegExp(pattern, 'i')
    const name = there.find((file) => fileName(file) === usual) ?? there.find((file) => match.test(fileName(file)))
    if (name === undefined) missing.push(usual)
    else found.push({ node, input, name })
  }
  return { found, missing }
}

/** A colour of 24 bits that differs much between neighbouring seeds (Knuth's multiplicative hash). */
export const colourOf = (seed: number) => (Math.imul(seed % 2 ** 32, 2_654_435_761) >>> 8) & 0xffffff

/** The graph to post: a copy of the workflow's with every bound value and model file in its place. */
export function bindGraph(workflow: Workflow, params: ResolvedParams, choices: Choices): Graph {
  const graph = structuredClone(workflow.graph)
  const put = (place: readonly [string, string] | undefined, value: unknown) => {
    if (place === undefined || value === undefined) return
    const node = graph[place[0]]
    if (!node) throw new Error(`workflow ${workflow.id} has no node ${place[0]}`)
    node.inputs[place[1]] = value
  }
  for (const { node, input, name } of findModels(workflow, choices).found) put([node, input], name)
  const { bindings } = workflow
  put(bindings.prompt, params.prompt)
  put(bindings.negativePrompt, params.negativePrompt)
  put(bindings.seed, params.seed)
  put(bindings.steps, params.steps)
  put(bindings.cfg, params.cfg)
  put(bindings.sampler, params.sampler)
  put(bindings.scheduler, params.scheduler)
  put(bindings.width, params.width)
  put(bindings.height, params.height)
  put(bindings.batch, params.batch)
  put(bindings.checkpoint, params.checkpoint)
  put(bindings.colour, colourOf(params.seed))
  return graph
}
