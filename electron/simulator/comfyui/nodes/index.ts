import { conditioning } from './conditioning'
import { images } from './images'
import { latents } from './latents'
import { loaders } from './loaders'
import type { Lists, NodeClass } from './node'

export const nodeClasses: ReadonlyMap<string, NodeClass> = new Map(
  Object.entries({ ...loaders, ...conditioning, ...latents, ...images }),
)

/** A node class as `/object_info` describes it. */
export function describeNode(name: string, node: NodeClass, lists: Lists): Record<string, unknown> {
  const inputs = node.inputs(lists)
  return {
    input: inputs,
    input_order: Object.fromEntries(
      Object.entries<object>({ ...inputs }).map(([group, specs]) => [group, Object.keys(specs)]),
    ),
    output: node.outputs,
    output_is_list: node.outputs.map(() => false),
    output_name: node.outputs,
    name,
    display_name: node.displayName,
    description: '',
    python_module: node.module,
    category: node.category,
    output_node: node.outputNode,
  }
}
