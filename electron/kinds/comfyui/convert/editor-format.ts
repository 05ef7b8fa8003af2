import { reason } from '../../../../shared/problems'
import { isReserved } from './api-format'
import { idOf, isObject, lineOf, listOf, own, type JsonObject } from './json'
import { refuseMore } from './limits'
import type { Refused } from './types'

/** A place where a link ends or begins; `widget`: it may be set on the node as well. */
export interface Slot {
  name: string
  type: string
  label: string | null
  link: string | null
  isWidget: boolean
}

/** A node as the editor keeps it. */
export interface EditorNode {
  id: string
  type: string
  title: string
  mode: 'runs' | 'muted' | 'bypassed'
  at: { x: number; y: number } | null
  inputs: Slot[]
  outputs: { type: string }[]
  /** Of its widgets: by their place, or by name in files of some nodes. */
  values: readonly unknown[] | null
  named: ReadonlyMap<string, unknown> | null
  properties: JsonObject
}

/** Where a link comes from, and the node that it leads to. */
export interface EditorLink {
  node: string
  slot: number
  to: string
  toSlot: number
}

/** A drawing board: that of the file, or of a subgraph. */
export interface Sheet {
  name: string
  nodes: Map<string, EditorNode>
  links: Map<string, EditorLink>
  /** Of a subgraph: what goes in and out, in order, each with the links that it has inside, the first one first. */
  inputs: (Slot & { inside: string[] })[]
  outputs: (Slot & { inside: string[] })[]
  /** Of a subgraph: the node that stands for its inputs. */
  inputNode: string
  /** The place of an input by its name. */
  places: ReadonlyMap<string, number>
  /** Nodes that set a value that others get, by its name. */
  setters: ReadonlyMap<string, EditorNode>
  /** How many slots and values its nodes have. */
  size: number
  /** What takes each input, by its place, in the order of the input's links. */
  consumers: Consumer[][]
}

/** What takes an input of a sheet: a node in it, by its own slot. */
export interface Consumer {
  node: EditorNode
  slot: Slot
}

/** A file of the editor. */
export interface EditorFile {
  root: Sheet
  subgraphs: ReadonlyMap<string, Sheet>
  /** Inputs of a form over it, as node and widget; null where it has none. */
  linear: [string, string][] | null
  refused: Refused[]
  nodes: number
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '*')

function slotOf(json: unknown): Slot | null {
  if (!isObject(json)) return null
  const name = own(json, 'name')
  if (typeof name !== 'string' || isReserved(name)) return null
  const link = own(json, 'link')
  return {
    name,
    type: textOf(own(json, 'type')),
    label: lineOf(own(json, 'label')),
    link: link === null ? null : idOf(link),
    isWidget: isObject(own(json, 'widget')),
  }
}

/** A position, which files write as a list or, some older ones, as an object of numbers. */
function atOf(value: unknown): EditorNode['at'] {
  const [x, y] = isObject(value) ? [own(value, '0'), own(value, '1')] : listOf(value)
  return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x + y) ? { x, y } : null
}

function modeOf(value: unknown): EditorNode['mode'] {
  if (value === 2) return 'muted'
  return value === 4 ? 'bypassed' : 'runs'
}

const mapOf = (json: JsonObject): ReadonlyMap<string, unknown> => new Map(Object.entries(json))

/** One node; null for what is none. */
function nodeOf(json: unknown): EditorNode | null {
  if (!isObject(json)) return null
  const [id, type] = [idOf(own(json, 'id')), own(json, 'type')]
  if (id === null || typeof type !== 'string' || type === '') return null
  const values = own(json, 'widgets_values')
  const named = own(json, 'widgets_values_named')
  const properties = own(json, 'properties')
  return {
    id,
    type,
    title: lineOf(own(json, 'title')) ?? type.slice(0, 200),
    mode: modeOf(own(json, 'mode')),
    at: atOf(own(json, 'pos')),
    inputs: listOf(own(json, 'inputs')).flatMap((slot) => slotOf(slot) ?? []),
    outputs: listOf(own(json, 'outputs')).map((slot) => ({ type: textOf(isObject(slot) ? own(slot, 'type') : null) })),
    values: Array.isArray(values) ? values : null,
    named: isObject(values) ? mapOf(values) : isObject(named) ? mapOf(named) : null,
    properties: isObject(properties) ? properties : {},
  }
}

const isPlace = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0

/** A link, which version 0.4 writes as a list and version 1 as an object. */
function linkOf(json: unknown): [string, EditorLink] | null {
  const [id, node, slot, to, toSlot]: readonly unknown[] = Array.isArray(json)
    ? listOf(json)
    : isObject(json)
      ? ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot'].map((key) => own(json, key))
      : []
  const [name, from, end] = [idOf(id), idOf(node), idOf(to)]
  if (name === null || from === null || end === null || !isPlace(slot) || !isPlace(toSlot)) return null
  return [name, { node: from, slot, to: end, toSlot }]
}

const bad = (node: string, title: string, detail: string): Refused => ({
  node,
  title,
  reason: reason('workflow-node.bad', { node: title, detail }),
})

/** How much a node brings: slots, values, and what it shows of what is in it. */
function sizeOf(node: JsonObject): number {
  const properties = own(node, 'properties')
  const lists = [own(node, 'inputs'), own(node, 'outputs'), own(node, 'widgets_values')]
  const shown = isObject(properties)
    ? ['proxyWidgets', 'proxyWidgetErrorQuarantine'].map((key) => own(properties, key))
    : []
  const named = own(node, 'widgets_values')
  const names = isObject(named) ? Object.keys(named).length : 0
  return [...lists, ...shown].reduce<number>((all, list) => all + listOf(list).length, names)
}

/** Counts what all sheets of a file hold together, so that nothing is read of a file that has too much. */
function countAll(fileName: string, sheets: readonly JsonObject[]): number {
  const sum = (key: string) => sheets.reduce((all, sheet) => all + listOf(own(sheet, key)).length, 0)
  const nodes = sum('nodes')
  refuseMore(fileName, 'nodes', nodes)
  refuseMore(fileName, 'links', sum('links'))
  refuseMore(fileName, 'inputs', sum('inputs') + sum('outputs'))
  const slots = sheets.flatMap((sheet) => ['inputs', 'outputs'].flatMap((key) => listOf(own(sheet, key))))
  const linkIds = (slot: unknown) => (isObject(slot) ? listOf(own(slot, 'linkIds')).length : 0)
  refuseMore(
    fileName,
    'links',
    slots.reduce<number>((all, slot) => all + linkIds(slot), 0),
  )
  let inputs = 0
  for (const sheet of sheets) for (const node of listOf(own(sheet, 'nodes'))) if (isObject(node)) inputs += sizeOf(node)
  refuseMore(fileName, 'inputs', inputs)
  return nodes
}

/** The nodes of a sheet by id; those that are none, or there twice, are refused. */
function nodesOf(json: JsonObject, refused: Refused[]): Map<string, EditorNode> {
  const nodes = new Map<string, EditorNode>()
  for (const one of listOf(own(json, 'nodes'))) {
    const node = nodeOf(one)
    const name = isObject(one) ? (idOf(own(one, 'id')) ?? '?') : '?'
    if (!node) refused.push(bad(name, `#${name}`, 'it has no id or no class'))
    else if (nodes.has(node.id)) refused.push(bad(node.id, node.title, 'another node has its id'))
    else nodes.set(node.id, node)
  }
  return nodes
}

/** What goes into a subgraph, or out of it. */
function boundaryOf(json: unknown): Sheet['inputs'][number] | null {
  const slot = slotOf(json)
  if (!slot || !isObject(json)) return null
  return { ...slot, inside: listOf(own(json, 'linkIds')).flatMap((id) => idOf(id) ?? []) }
}

/** Who takes each input of a sheet; every link is looked up once. */
function consumersOf(inputs: Sheet['inputs'], nodes: Sheet['nodes']): Consumer[][] {
  const byLink = new Map<string, Consumer>()
  for (const node of nodes.values())
    for (const slot of node.inputs) if (slot.link !== null) byLink.set(slot.link, { node, slot })
  return inputs.map(({ inside }) => inside.flatMap((id) => byLink.get(id) ?? []))
}

function sheetOf(json: JsonObject, refused: Refused[]): Sheet {
  const links = listOf(own(json, 'links')).flatMap((one): [string, EditorLink][] => {
    const link = linkOf(one)
    return link ? [link] : []
  })
  const inputNode = own(json, 'inputNode')
  const nodes = nodesOf(json, refused)
  const inputs = listOf(own(json, 'inputs')).flatMap((slot) => boundaryOf(slot) ?? [])
  return {
    ...{ name: lineOf(own(json, 'name')) ?? '?', nodes, inputs, consumers: consumersOf(inputs, nodes) },
    size: listOf(own(json, 'nodes')).reduce<number>(
      (all, node) => all + (isObject(node) ? sizeOf(node) : 0),
      inputs.length,
    ),
    links: new Map(links),
    places: new Map(inputs.map(({ name }, place) => [name, place] as const).reverse()),
    setters: new Map(
      [...nodes.values()].flatMap((node) =>
        passingTypes.has(node.type) ? [[valueName(node.type, node), node] as const] : [],
      ),
    ),
    outputs: listOf(own(json, 'outputs')).flatMap((slot) => boundaryOf(slot) ?? []),
    inputNode: (isObject(inputNode) ? idOf(own(inputNode, 'id')) : null) ?? '-10',
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** The inputs of a form over a workflow (App Mode): `[node, widget]` each. */
function linearOf(json: JsonObject): EditorFile['linear'] {
  const extra = own(json, 'extra')
  const linear = isObject(extra) ? own(extra, 'linearData') : null
  if (!isObject(linear)) return null
  return listOf(own(linear, 'inputs')).flatMap((one): [string, string][] => {
    const [node, widget] = listOf(one)
    const id = idOf(node)
    return id !== null && isText(widget) ? [[id, widget]] : []
  })
}

/** The definitions of subgraphs in a file. */
function definitionsOf(json: JsonObject): JsonObject[] {
  const definitions = own(json, 'definitions')
  return listOf(isObject(definitions) ? own(definitions, 'subgraphs') : []).filter(isObject)
}

/** Reads a file of the editor, version 0.4 or 1. Throws `workflow-file.too-many-…`. */
export function readEditorFile(fileName: string, json: JsonObject): EditorFile {
  const definitions = definitionsOf(json)
  refuseMore(fileName, 'subgraphs', definitions.length)
  const nodes = countAll(fileName, [json, ...definitions])
  const refused: Refused[] = []
  const subgraphs = new Map<string, Sheet>()
  for (const definition of definitions) {
    const id = idOf(own(definition, 'id'))
    const sheet = sheetOf(definition, refused)
    const detail = id === null ? 'has no id' : subgraphs.has(id) ? 'is there twice' : null
    if (detail !== null)
      refused.push({
        node: id ?? '?',
        title: sheet.name,
        reason: reason('workflow-node.subgraph', { subgraph: sheet.name, detail }),
      })
    else if (id !== null) subgraphs.set(id, sheet)
  }
  return { root: sheetOf(json, refused), subgraphs, linear: linearOf(json), refused, nodes }
}

/** Nodes that are the editor's own, and that the server never hears of: what people write, and what holds a value. */
export const noteTypes: ReadonlySet<string> = new Set(['Note', 'MarkdownNote'])
export const primitiveType = 'PrimitiveNode'
/** And what only hands on what comes in, the editor's and that of widespread custom nodes. */
export const passingTypes: ReadonlySet<string> = new Set(['Reroute', 'Reroute (rgthree)', 'SetNode', 'easy setNode'])
/** What gives what another one was given under the same name. */
export const gettingTypes: ReadonlyMap<string, string> = new Map([
  ['GetNode', 'SetNode'],
  ['easy getNode', 'easy setNode'],
])

export const isEditorsOwn = (type: string): boolean =>
  noteTypes.has(type) || type === primitiveType || passingTypes.has(type) || gettingTypes.has(type)

/** What stood for several nodes before there were subgraphs; the editor takes it apart. */
export const isGroup = (type: string): boolean => /^workflow[>/]/.test(type)

/** The name that a value is set or got by. */
export const valueName = (type: string, { values, named }: EditorNode): string =>
  JSON.stringify([type, values?.[0] ?? named?.get('Constant')])

/** The classes of a file of the editor. */
export function classesOfEditor({ root, subgraphs }: EditorFile): string[] {
  const nodes = [root, ...subgraphs.values()].flatMap((sheet) => [...sheet.nodes.values()])
  return nodes.map(({ type }) => type).filter((type) => !isEditorsOwn(type) && !isGroup(type) && !subgraphs.has(type))
}
