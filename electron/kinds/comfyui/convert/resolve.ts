import { gettingTypes, passingTypes, primitiveType, valueName, type EditorNode, type Sheet } from './editor-format'
import type { Scope } from './scopes'

/** Where an input's value comes from in the end; null: nothing is linked, or what is linked gives nothing. */
export type Source =
  | { from: 'output'; node: string; slot: number }
  /** A widget of a node of the editor that only holds a value. */
  | { from: 'primitive'; scope: Scope; node: EditorNode }
  /** The node that stands for a subgraph, where nothing is linked to its input. */
  | { from: 'host'; scope: Scope; place: number }
  | { from: 'loop' }
  | null

const typesOf = (type: string) => type.toLowerCase().split(',')
const isAny = (type: string) => type === '*' || type === ''

/** Whether the editor would let them be linked: LiteGraph.isValidConnection. */
function fits(a: string, b: string): boolean {
  if (isAny(a) || isAny(b) || a.toLowerCase() === b.toLowerCase()) return true
  const others = typesOf(b)
  return typesOf(a).some((one) => others.includes(one))
}

/** The input that a bypassed node's output goes on with, by the editor's rule; -1 where there is none. */
function bypassOf(inputs: readonly { type: string }[], outputType: string, slot: number, wanted: string): number {
  if (isAny(wanted)) return inputs.length > slot ? slot : 0
  const fitsBoth = ({ type }: { type: string }) => fits(type, outputType) && fits(type, wanted)
  const same = inputs[slot]
  if (same && fitsBoth(same)) return slot
  const exact = inputs.findIndex(({ type }) => type === wanted)
  return exact === -1 ? inputs.findIndex(fitsBoth) : exact
}

/** A place on the way: an input of a node, or an output of one. */
interface Place {
  scope: Scope
  node: EditorNode
  slot: number
  side: 'input' | 'output'
  wanted: string
}

type Step = { at: Place } | { found: Source }

/** The inputs of the node that stands for a subgraph: as the subgraph says, linked as the node is. */
function inputsOfHost(node: EditorNode, { inputs }: Sheet): EditorNode['inputs'] {
  const links = new Map<string, (string | null)[]>()
  for (const { name, link } of node.inputs.toReversed()) {
    const known = links.get(name)
    if (known) known.push(link)
    else links.set(name, [link])
  }
  return inputs.map((slot) => ({ ...slot, link: links.get(slot.name)?.pop() ?? null }))
}

/** Follows links through reroutes, subgraphs and what is bypassed. */
export class Links {
  readonly #known = new Map<string, Source>()
  readonly #inputs = new Map<string, EditorNode['inputs']>()

  constructor(readonly subgraphs: ReadonlyMap<string, Sheet>) {}

  /** The inputs of a node as links refer to them, by place. */
  inputs(scope: Scope, node: EditorNode): EditorNode['inputs'] {
    const key = `${scope.prefix}${node.id}`
    const known = this.#inputs.get(key)
    if (known) return known
    const sheet = this.subgraphs.get(node.type)
    const inputs = sheet ? inputsOfHost(node, sheet) : node.inputs
    this.#inputs.set(key, inputs)
    return inputs
  }

  /** Where the value of an input comes from. */
  source(scope: Scope, node: EditorNode, slot: number): Source {
    const wanted = this.inputs(scope, node)[slot]?.type ?? '*'
    let place: Place = { scope, node, slot, side: 'input', wanted }
    const passed: string[] = []
    const seen = new Set<string>()
    for (;;) {
      const key = JSON.stringify([place.scope.prefix, place.node.id, place.slot, place.side, place.wanted])
      const known = this.#known.get(key)
      const step: Step =
        known !== undefined ? { found: known } : seen.has(key) ? { found: { from: 'loop' } } : this.#step(place)
      seen.add(key)
      passed.push(key)
      if ('at' in step) {
        place = step.at
        continue
      }
      // What lies on the way is the same for whoever comes by it again.
      for (const one of passed) this.#known.set(one, step.found)
      return step.found
    }
  }

  #step(place: Place): Step {
    return place.side === 'input' ? this.#fromInput(place) : this.#fromOutput(place)
  }

  #fromInput({ scope, node, slot, wanted }: Place): Step {
    const { sheet, host } = scope
    const link = sheet.links.get(this.inputs(scope, node)[slot]?.link ?? '')
    if (!link) return { found: null }
    if (host && link.node === sheet.inputNode) {
      const outside = this.inputs(host.scope, host.node)[link.slot]
      if (!outside) return { found: null }
      if (outside.link === null) return { found: { from: 'host', scope, place: link.slot } }
      return { at: { scope: host.scope, node: host.node, slot: link.slot, side: 'input', wanted: outside.type } }
    }
    const origin = sheet.nodes.get(link.node)
    if (!origin) return { found: null }
    return { at: { scope, node: origin, slot: link.slot, side: 'output', wanted } }
  }

  #fromOutput({ scope, node, slot, wanted }: Place): Step {
    const on = (place: number, type: string): Step => ({
      at: { scope, node, slot: place, side: 'input', wanted: type },
    })
    if (node.mode === 'muted') return { found: null }
    if (node.mode === 'bypassed') {
      const inputs = this.inputs(scope, node)
      const outputs = this.subgraphs.get(node.type)?.outputs ?? node.outputs
      const at = bypassOf(inputs, outputs[slot]?.type ?? '*', slot, wanted)
      return at < 0 ? { found: null } : on(at, inputs[at]?.type ?? '*')
    }
    if (node.type === primitiveType) return { found: { from: 'primitive', scope, node } }
    if (passingTypes.has(node.type)) return on(0, wanted)
    const setter = gettingTypes.get(node.type)
    if (setter !== undefined) {
      const origin = scope.sheet.setters.get(valueName(setter, node))
      return origin ? { at: { scope, node: origin, slot: 0, side: 'input', wanted } } : { found: null }
    }
    const inner = scope.inner.get(node.id)
    if (!inner) return { found: { from: 'output', node: `${scope.prefix}${node.id}`, slot } }
    const link = inner.sheet.links.get(inner.sheet.outputs[slot]?.inside[0] ?? '')
    // What goes in comes out again.
    if (link?.node === inner.sheet.inputNode) return on(link.slot, wanted)
    const origin = inner.sheet.nodes.get(link?.node ?? '')
    if (!link || !origin) return { found: null }
    return { at: { scope: inner, node: origin, slot: link.slot, side: 'output', wanted } }
  }
}
