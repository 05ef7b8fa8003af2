import * as z from 'zod'

const GraphNode = z.object({
  class_type: z.string(),
  inputs: z.record(z.string(), z.unknown()),
  _meta: z.object({ title: z.string() }).optional(),
})

/** A ComfyUI graph in API format: nodes by id, a link is `[node id, output slot]`. */
export const Graph = z.record(z.string(), GraphNode)
export type Graph = z.infer<typeof Graph>

/** An output of a node, as an input refers to it. */
export type Link = [node: string, slot: number]

/** Builds a graph node by node. */
export interface Drawing {
  graph: Graph
  /** Adds a node and gives the link to its first output. `title` is what a refusal calls it. */
  add: (classType: string, inputs: Record<string, unknown>, title: string) => Link
}

export function createDrawing(): Drawing {
  const graph: Graph = {}
  return {
    graph,
    add(classType, inputs, title) {
      const id = String(Object.keys(graph).length + 1)
      graph[id] = { class_type: classType, inputs, _meta: { title } }
      return [id, 0]
    },
  }
}

/** Another output of the node that a link leads to. */
export const outputOf = ([node]: Link, slot: number): Link => [node, slot]
