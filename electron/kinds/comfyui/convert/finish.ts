import { reason, type Reason } from '../../../../shared/problems'
import { checkGraph } from '../check-graph'
import { classIn, type NodeClasses } from '../class-inputs'
import type { Graph } from '../graph'
import { linkOf } from './api-format'
import { formOf, joined, largestSeed, pinnedOf } from './form'
import { needsOf } from './needs'
import { sourcesOf, usedOf } from './prune'
import type { ConvertedWorkflow, DrawnNode, Drawing, Refused, Skipped } from './types'

type Nodes = ReadonlyMap<string, DrawnNode>

/** What came of a drawing: all of it, or why not. */
export interface Finished {
  workflow: ConvertedWorkflow | null
  reason: Reason | null
  refused: Refused[]
  skipped: Skipped[]
}

/** A literal as the graph has it: a list, which would be a link, is wrapped as the editor does it. */
function literal(value: unknown): unknown {
  if (Array.isArray(value)) return { __value__: value }
  // A seed beyond this was rounded up when it was read, past the most that the server takes.
  return typeof value === 'number' && value > largestSeed && value <= 2 ** 64 ? largestSeed : value
}

/** The graph as the server takes it; links to nodes that are not in it are left out, as the editor does it. */
function graphOf(nodes: Nodes): Graph {
  const entries = [...nodes].map(([id, { type, title, inputs }]) => {
    const given = [...inputs].flatMap(([name, value]) => {
      const link = linkOf(value)
      if (!link) return [[name, literal(value)] as const]
      return nodes.has(link[0]) ? [[name, link] as const] : []
    })
    return [id, { class_type: type, inputs: Object.fromEntries(given), _meta: { title } }] as const
  })
  return Object.fromEntries(entries)
}

const refusedOf = (nodes: Nodes, id: string, why: Reason): Refused => ({
  node: id,
  title: nodes.get(id)?.title ?? id,
  reason: why,
})

/** The nodes that could not run, whatever values they are given. */
function brokenIn(nodes: Nodes, graph: Graph, classes: NodeClasses): Refused[] {
  return checkGraph(graph, classes).flatMap(({ fault, node, input, detail }) => {
    const type = nodes.get(node)?.type ?? ''
    if (fault === 'loop') return [refusedOf(nodes, node, reason('workflow-node.loop'))]
    if (fault === 'input-missing')
      return [refusedOf(nodes, node, reason('workflow-node.input-missing', { input: input ?? '', type }))]
    const says = `${input ?? ''} is linked to ${detail}, which is not there`
    return fault === 'link-broken'
      ? [refusedOf(nodes, node, reason('workflow-node.bad', { node: nodes.get(node)?.title ?? node, detail: says }))]
      : []
  })
}

const makesSomething = (nodes: Nodes, classes: NodeClasses) =>
  [...nodes.values()].some(({ type }) => classIn(classes, type)?.output_node !== false)

/**
 * Makes of a drawing what is kept: without the nodes that no result depends on, with its form and what it needs.
 * `classes` null: no ComfyUI could be asked, so that nothing is known to be unused.
 */
export function finish(
  fileName: string,
  format: ConvertedWorkflow['format'],
  drawing: Drawing,
  classes: NodeClasses | null,
): Finished {
  const known = classes ?? {}
  const used = usedOf(drawing.nodes, known)
  const nodes = new Map([...drawing.nodes].filter(([id]) => used.has(id)))
  const unused = [...drawing.nodes].filter(([id]) => !used.has(id))
  const skipped: Skipped[] = [
    ...drawing.skipped,
    ...unused.map(([node, { title }]) => ({ node, title, why: 'unused' as const })),
  ]
  const api = graphOf(nodes)
  // What a refused node gives would be missing everywhere: that is no other reason.
  const refused = drawing.refused.length > 0 ? drawing.refused : brokenIn(nodes, api, known)
  if (refused.length > 0) return { workflow: null, reason: null, refused, skipped }
  if (!makesSomething(nodes, known))
    return { workflow: null, reason: reason('workflow-file.makes-nothing', { name: fileName }), refused, skipped }
  const { form, together } = joined(formOf(fileName, nodes, known, drawing.outer), drawing.together)
  const runs = new Map([...nodes].map(([id, node]) => [id, sourcesOf(node)]))
  // A node that stands for a subgraph has no place on the map: what is in it has.
  const shown = new Set(drawing.map.map(({ id }) => id))
  const workflow: ConvertedWorkflow = {
    format,
    nodes: drawing.count.nodes,
    form,
    pinned: pinnedOf(form, drawing.pinned),
    graph: drawing.map.map((one) => ({ ...one, from: (runs.get(one.id) ?? one.from).filter((id) => shown.has(id)) })),
    skipped,
    notes: drawing.notes,
    ...{ api, together },
    needs: needsOf(nodes, known, drawing.models),
  }
  return { workflow, reason: null, refused, skipped }
}
