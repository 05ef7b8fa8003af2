import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Graph } from '../../../../electron/kinds/comfyui/graph'
import { untitled } from './board'
import { randomGraph, randomOf, scrambled } from './scramble'
import { convert } from './support'

/** A graph as it is called elsewhere. */
function renamed(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const name = (id: string) => names.get(id) ?? id
  return Object.fromEntries(
    Object.entries(graph).map(([id, node]) => {
      const inputs = Object.entries(node.inputs).map(([input, value]): [string, unknown] =>
        Array.isArray(value) ? [input, [name(String(value[0])), Number(value[1])]] : [input, value],
      )
      return [name(id), { ...node, inputs: Object.fromEntries(inputs) }]
    }),
  )
}

describe('any graph, drawn in the editor in any way', () => {
  it('is that graph again: reroutes, bypassed and muted nodes, primitives, a subgraph with promoted widgets', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const random = randomOf(seed)
        const graph = randomGraph(random)
        const { file, names } = scrambled(graph, random)
        const { workflow, refused } = convert(file)
        expect(refused).toEqual([])
        expect(untitled(workflow?.api ?? {})).toEqual(untitled(renamed(graph, names)))
      }),
      { numRuns: 100 },
    )
  })
})
