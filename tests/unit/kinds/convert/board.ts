import type { Graph } from '../../../../electron/kinds/comfyui/graph'

/** Draws files as the editor saves them, for tests. */

export type Ref = [node: number | string, slot: number]

interface Slot {
  name: string
  type: string
  link?: number | null
  widget?: { name: string }
  label?: string
}

export interface Node {
  id: number | string
  type: string
  title?: string
  mode: number
  pos: [number, number]
  inputs: Slot[]
  outputs: { name: string; type: string }[]
  widgets_values?: unknown
  widgets_values_named?: Record<string, unknown>
  properties: Record<string, unknown>
}

type Link = [id: number, from: number | string, slot: number, to: number | string, toSlot: number, type: string]

type Given = Partial<Pick<Node, 'mode' | 'title' | 'properties' | 'pos' | 'widgets_values_named'>> & {
  /** Linked inputs: from where, of which type; `widget`: one that is a widget too; null: there, and not linked. */
  inputs?: Record<string, { from?: Ref; type: string; widget?: boolean; label?: string }>
  outputs?: string[]
  values?: unknown
}

/** A drawing board: that of a file, or of a subgraph. */
export class Board {
  readonly nodes: Node[] = []
  readonly links: Link[] = []
  readonly inputs: { id: string; name: string; type: string; linkIds: number[]; label?: string }[] = []
  readonly outputs: { id: string; name: string; type: string; linkIds: number[] }[] = []

  constructor(readonly name = '') {}

  link(from: Ref, to: number | string, toSlot: number, type: string): number {
    const id = this.links.length + 1
    this.links.push([id, from[0], from[1], to, toSlot, type])
    if (from[0] === -10) this.inputs[from[1]]?.linkIds.push(id)
    return id
  }

  add(id: number | string, type: string, given: Given = {}): Ref {
    const { inputs = {}, outputs = [], values, ...rest } = given
    const slots = Object.entries(inputs).map(([name, { from, type: of, widget, label }], at): Slot => ({
      ...{ name, type: of, link: from ? this.link(from, id, at, of) : null },
      ...(widget === true ? { widget: { name } } : {}),
      ...(label === undefined ? {} : { label }),
    }))
    this.nodes.push({
      ...{ id, type, mode: 0, pos: [0, 0], properties: {}, ...rest, inputs: slots },
      outputs: outputs.map((of) => ({ name: of, type: of })),
      ...(values === undefined ? {} : { widgets_values: values }),
    })
    return [id, 0]
  }

  /** Of a subgraph: something that goes into it; what takes it links to the result. */
  input(name: string, type: string, label?: string): Ref {
    this.inputs.push({ id: name, name, type, linkIds: [], ...(label === undefined ? {} : { label }) })
    return [-10, this.inputs.length - 1]
  }

  output(name: string, type: string, from: Ref): void {
    const id = this.link(from, -20, this.outputs.length, type)
    this.outputs.push({ id: name, name, type, linkIds: [id] })
  }

  #links(asObjects: boolean): unknown[] {
    if (!asObjects) return this.links
    return this.links.map(([id, origin_id, origin_slot, target_id, target_slot, type]) => ({
      ...{ id, origin_id, origin_slot, target_id, target_slot, type },
    }))
  }

  file(subgraphs: Board[] = [], version: 0.4 | 1 = 0.4, extra: Record<string, unknown> = {}): Record<string, unknown> {
    const definitions = { subgraphs: subgraphs.map((board) => board.definition()) }
    return { nodes: this.nodes, links: this.#links(version === 1), definitions, extra, version }
  }

  definition(): Record<string, unknown> {
    const { name, nodes, inputs, outputs } = this
    return {
      ...{ id: name, name: `The ${name}`, version: 1, nodes, inputs, outputs, links: this.#links(true) },
      ...{ inputNode: { id: -10 }, outputNode: { id: -20 } },
    }
  }
}

const clip = { type: 'CLIP' }

/** Text to image in the editor; `board` may be changed before it is a file. */
export function textToImageBoard(): Board {
  const board = new Board()
  board.add(4, 'CheckpointLoaderSimple', {
    values: ['sd_xl_base_1.0.safetensors'],
    outputs: ['MODEL', 'CLIP', 'VAE'],
  })
  board.add(5, 'EmptyLatentImage', { values: [1024, 768, 1], outputs: ['LATENT'] })
  board.add(6, 'CLIPTextEncode', {
    ...{
      title: 'What to draw',
      values: ['a fox'],
      outputs: ['CONDITIONING'],
      inputs: { clip: { ...clip, from: [4, 1] } },
    },
  })
  board.add(7, 'CLIPTextEncode', {
    ...{ values: ['blurry'], outputs: ['CONDITIONING'], inputs: { clip: { ...clip, from: [4, 1] } } },
  })
  board.add(3, 'KSampler', {
    values: [7, 'randomize', 25, 7, 'dpmpp_2m', 'karras', 1],
    outputs: ['LATENT'],
    inputs: {
      model: { type: 'MODEL', from: [4, 0] },
      positive: { type: 'CONDITIONING', from: [6, 0] },
      negative: { type: 'CONDITIONING', from: [7, 0] },
      latent_image: { type: 'LATENT', from: [5, 0] },
    },
  })
  board.add(8, 'VAEDecode', {
    ...{
      outputs: ['IMAGE'],
      inputs: { samples: { type: 'LATENT', from: [3, 0] }, vae: { type: 'VAE', from: [4, 2] } },
    },
  })
  board.add(9, 'SaveImage', { values: ['fox'], inputs: { images: { type: 'IMAGE', from: [8, 0] } } })
  return board
}

/** The node of a board. Fails where there is none. */
export function nodeOf(board: Board, id: number): Node {
  const node = board.nodes.find((one) => one.id === id)
  if (!node) throw new Error(`no node ${id}`)
  return node
}

/** A graph without what people call its nodes. */
export const untitled = (graph: Graph): Record<string, unknown> =>
  Object.fromEntries(Object.entries(graph).map(([id, { class_type: type, inputs }]) => [id, { type, inputs }]))
