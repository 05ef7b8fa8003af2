import { isLink, type Graph } from './graph'
import { nodeClasses } from './nodes'

/** What a node's result depends on: its class, its inputs, and the same of everything upstream. */
export function signatures(graph: Graph, folder: string): Map<string, string> {
  const known = new Map<string, string>()
  const sign = (id: string): string => {
    const before = known.get(id)
    if (before !== undefined) return before
    const { class_type, inputs = {} } = graph[id] ?? { class_type: '' }
    const parts = Object.entries(inputs)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, isLink(value) ? [sign(value[0]), value[1]] : value])
    const changed = nodeClasses.get(class_type)?.changed?.(inputs, folder) ?? ''
    const signature = JSON.stringify([class_type, changed, parts])
    known.set(id, signature)
    return signature
  }
  for (const id of Object.keys(graph)) sign(id)
  return known
}

/** All nodes that the outputs need, inputs before users, preferring nodes that finish an output. */
export function order(graph: Graph, outputs: readonly string[]): string[] {
  const sources = (id: string) =>
    Object.values(graph[id]?.inputs ?? {}).flatMap((value) => (isLink(value) ? [value[0]] : []))
  const sequence: string[] = []
  const visit = (id: string) => {
    if (sequence.includes(id)) return
    for (const source of sources(id)) visit(source)
    sequence.push(id)
  }
  for (const output of outputs) visit(output)
  return sequence
}
