import { reason } from '../../../../shared/problems'
import { idOf, isObject, lineOf, listOf, own, type JsonObject } from './json'
import { refuseMore } from './limits'
import type { DrawnNode, Drawing, Inputs, Refused } from './types'

/** Names that JavaScript gives a meaning to; no node and no input is called so. */
export const isReserved = (name: string): boolean => name === '__proto__'

/** Whether this is a graph as the server takes it: some of it are nodes, and nothing is that has the name of one. */
const isApiGraph = (json: unknown): json is JsonObject =>
  isObject(json) && Object.values(json).some((node) => isObject(node) && typeof own(node, 'class_type') === 'string')

/** The graph in a file: as it is, or with what is sent beside it. Null for anything else. */
export function apiGraphOf(json: unknown): JsonObject | null {
  if (isApiGraph(json)) return json
  const wrapped = isObject(json) ? own(json, 'prompt') : undefined
  return isApiGraph(wrapped) ? wrapped : null
}

/** A link of the API format, which has numbers for ids in some files; null for any other value. */
export function linkOf(value: unknown): [string, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null
  const [node, slot] = listOf(value)
  const id = idOf(node)
  return id !== null && typeof slot === 'number' && Number.isInteger(slot) && slot >= 0 ? [id, slot] : null
}

const bad = (node: string, title: string, detail: string): Refused => ({
  node,
  title,
  reason: reason('workflow-node.bad', { node: title, detail }),
})

/** One node; a text says why it cannot be read. */
function readNode(json: JsonObject): DrawnNode | string {
  const type = own(json, 'class_type')
  const given = own(json, 'inputs') ?? {}
  if (typeof type !== 'string' || type === '') return 'it has no class'
  if (!isObject(given)) return 'its inputs are no list of names and values'
  const inputs: Inputs = new Map()
  for (const [name, value] of Object.entries(given)) {
    if (isReserved(name)) return `no input is called ${name}`
    inputs.set(name, linkOf(value) ?? value)
  }
  const meta = own(json, '_meta')
  const title = isObject(meta) ? lineOf(own(meta, 'title')) : null
  return { type, title: title ?? type, inputs, labels: new Map() }
}

/**
 * Reads a graph in API format. What stands beside the nodes and is none (`_meta`, `version`) is passed over; a node that
 * cannot be read is refused, so that nothing is taken in part.
 */
export function readApiFormat(name: string, graph: JsonObject): Drawing {
  const entries = Object.entries(graph).filter(
    (entry): entry is [string, JsonObject] => isObject(entry[1]) && Object.hasOwn(entry[1], 'class_type'),
  )
  refuseMore(name, 'nodes', entries.length)
  const nodes = new Map<string, DrawnNode>()
  const refused: Refused[] = []
  let inputs = 0
  for (const [key, json] of entries) {
    const id = idOf(key)
    const node = id === null || isReserved(id) ? 'no node has such an id' : readNode(json)
    if (typeof node === 'string')
      refused.push(bad(key.slice(0, 200), lineOf(own(json, 'class_type')) ?? `#${key.slice(0, 50)}`, node))
    else {
      nodes.set(key, node)
      inputs += node.inputs.size
    }
  }
  refuseMore(name, 'inputs', inputs)
  return {
    nodes,
    map: [...nodes].map(([id, { title, type }]) => ({ id, title, type, at: null, state: 'runs', from: [] })),
    skipped: [],
    refused,
    notes: [],
    models: new Map(),
    together: [],
    outer: null,
    pinned: null,
    count: { nodes: entries.length, subgraphs: 0 },
  }
}

/** The classes of a graph in API format. */
export const classesOfApi = (graph: JsonObject): string[] =>
  Object.values(graph).flatMap((node) => {
    const type = isObject(node) ? own(node, 'class_type') : undefined
    return typeof type === 'string' ? [type] : []
  })
