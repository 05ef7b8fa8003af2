import { classIn, type NodeClasses } from '../class-inputs'
import { linkOf } from './api-format'
import type { DrawnNode } from './types'

type Nodes = ReadonlyMap<string, DrawnNode>

/** The nodes that a node takes something from, each once. */
export const sourcesOf = ({ inputs }: DrawnNode): string[] => [
  ...new Set([...inputs.values()].flatMap((value) => linkOf(value)?.[0] ?? [])),
]

/** Whether a node gives a result; one of an unknown class might. */
const isOutput = (node: DrawnNode, classes: NodeClasses): boolean => {
  const known = classIn(classes, node.type)
  return !known || known.output_node === true
}

/** The nodes that a result depends on. */
export function usedOf(nodes: Nodes, classes: NodeClasses): ReadonlySet<string> {
  const used = new Set([...nodes].filter(([, node]) => isOutput(node, classes)).map(([id]) => id))
  // The set grows while it is walked.
  for (const id of used) {
    const node = nodes.get(id)
    if (node) for (const source of sourcesOf(node)) used.add(source)
  }
  return used
}
