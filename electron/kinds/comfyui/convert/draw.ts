import { reason, type Reason } from '../../../../shared/problems'
import { classIn, type NodeClasses } from '../class-inputs'
import { isEditorsOwn, isGroup, noteTypes, type EditorFile, type EditorNode } from './editor-format'
import { isObject, listOf, own } from './json'
import { Links, type Source } from './resolve'
import { inputId } from './roles'
import { layOut, type Scope } from './scopes'
import type { DrawnNode, Drawing, Inputs, Place, Refused, Skipped } from './types'
import { widgetsOf, widgetsOfUnknown, wrapped } from './widgets'

const idIn = (scope: Scope, node: EditorNode): string => `${scope.prefix}${node.id}`

/** The value that a host gives to a widget past its inputs. */
const overrideOf = ({ overrides }: Scope, node: EditorNode, widget: string): unknown =>
  overrides.get(node.id)?.get(widget)

/** What a node holds that is the editor's own and only holds a value. */
function primitiveValue(scope: Scope, node: EditorNode): unknown {
  const [given] = scope.overrides.get(node.id)?.values() ?? []
  return given ?? node.values?.[0] ?? node.named?.get('value')
}

const primitiveKey = (id: string): string => `primitive ${id}`
const hostKey = ({ prefix }: Scope, place: number): string => `host ${prefix} ${place}`

/** Why a node cannot be sent, by what came of reading its values; null where it can. */
function whyNot({ type, title }: EditorNode, widgets: Inputs | string | null): Reason | null {
  if (isGroup(type)) return reason('workflow-node.editor-only', { type })
  if (widgets === null) return reason('workflow-node.unknown', { type })
  if (widgets instanceof Map) return null
  return reason('workflow-node.bad', { node: title, detail: `its values do not fit the input ${widgets}` })
}

/** Makes the graph of what was laid out. */
class Drawer {
  readonly nodes = new Map<string, DrawnNode>()
  readonly map: Drawing['map'] = []
  readonly skipped: Skipped[] = []
  readonly refused: Refused[] = []
  readonly notes: string[] = []
  /** Inputs that one value of the editor is given to, by that value's place. */
  readonly shared = new Map<string, Place[]>()
  /** Inputs that a node on the file's own sheet gives a value to. */
  readonly outer = new Set<string>()
  readonly #links: Links
  /** Of each node that runs, its own values by widget. */
  readonly #widgets = new Map<string, Inputs>()

  constructor(
    readonly file: EditorFile,
    readonly classes: NodeClasses,
  ) {
    this.#links = new Links(file.subgraphs)
  }

  #place(scope: Scope, node: EditorNode, state: Drawing['map'][number]['state']): void {
    const from = node.inputs.flatMap(({ link }) => {
      const origin = scope.sheet.nodes.get(scope.sheet.links.get(link ?? '')?.node ?? '')
      return origin ? [idIn(scope, origin)] : []
    })
    const { title, type, at } = node
    this.map.push({ id: idIn(scope, node), title, type, at, state, from: [...new Set(from)] })
  }

  #skip(scope: Scope, node: EditorNode, why: Skipped['why']): void {
    this.skipped.push({ node: idIn(scope, node), title: node.title, why })
  }

  #note(scope: Scope, node: EditorNode): void {
    const text = node.values?.[0] ?? [...(node.named?.values() ?? [])][0]
    if (typeof text === 'string' && text.trim() !== '') this.notes.push(text)
    this.#skip(scope, node, 'note')
  }

  /** Whether anything is linked to a node, or takes something from it. */
  #isLinked(scope: Scope, node: EditorNode, taken: ReadonlySet<string>): boolean {
    return taken.has(node.id) || node.inputs.some(({ link }) => scope.sheet.links.has(link ?? ''))
  }

  /** First pass: the nodes that run, with the values of their widgets. */
  gather(scope: Scope): void {
    const taken = new Set([...scope.sheet.links.values()].map(({ node }) => node))
    for (const node of scope.sheet.nodes.values()) {
      if (noteTypes.has(node.type)) this.#note(scope, node)
      else if (isEditorsOwn(node.type)) this.#place(scope, node, 'editor-only')
      else if (node.mode !== 'runs') {
        this.#place(scope, node, node.mode)
        this.#skip(scope, node, node.mode)
      } else if (!scope.inner.has(node.id)) this.#gatherNode(scope, node, this.#isLinked(scope, node, taken))
    }
  }

  #gatherNode(scope: Scope, node: EditorNode, isLinked: boolean): void {
    const id = idIn(scope, node)
    // A subgraph that was refused while it was laid out.
    if (this.file.subgraphs.has(node.type)) return
    const known = classIn(this.classes, node.type)
    if (!known && !isLinked) {
      this.#place(scope, node, 'editor-only')
      this.#skip(scope, node, 'unused')
      return
    }
    this.#place(scope, node, 'runs')
    const widgets = known ? widgetsOf(known, node) : widgetsOfUnknown(node)
    const why = whyNot(node, widgets)
    if (why) this.refused.push({ node: id, title: node.title, reason: why })
    else if (widgets instanceof Map) this.#widgets.set(id, widgets)
  }

  /** Second pass: what is linked. */
  link(scope: Scope): void {
    for (const node of scope.sheet.nodes.values()) {
      const widgets = this.#widgets.get(idIn(scope, node))
      if (widgets) this.#linkNode(scope, node, widgets)
    }
  }

  #linkNode(scope: Scope, node: EditorNode, widgets: Inputs): void {
    const id = idIn(scope, node)
    const inputs: Inputs = new Map(widgets)
    for (const widget of widgets.keys()) {
      const value = overrideOf(scope, node, widget)
      if (value !== undefined) inputs.set(widget, wrapped(value))
    }
    const labels = new Map<string, string>()
    for (const [at, { name, label }] of node.inputs.entries()) {
      if (label !== null) labels.set(name, label)
      const source = this.#links.source(scope, node, at)
      if (source?.from === 'loop') {
        this.refused.push({ node: id, title: node.title, reason: reason('workflow-node.loop') })
        return
      }
      this.#take(id, name, source, inputs, labels)
    }
    this.nodes.set(id, { type: node.type, title: node.title, inputs, labels })
  }

  /** Gives an input what its link leads to; what gives nothing leaves its own value. */
  #take(id: string, name: string, source: Source, inputs: Inputs, labels: Map<string, string>): void {
    if (!source || source.from === 'loop') return
    if (source.from === 'output') {
      inputs.set(name, [source.node, source.slot])
      return
    }
    const value =
      source.from === 'primitive'
        ? primitiveValue(source.scope, source.node)
        : this.#hostValue(source.scope, source.place)
    const key =
      source.from === 'primitive' ? primitiveKey(idIn(source.scope, source.node)) : hostKey(source.scope, source.place)
    if (source.from === 'host') {
      const slot = source.scope.sheet.inputs[source.place]
      labels.set(name, slot?.label ?? labels.get(name) ?? slot?.name ?? name)
    }
    if (value !== undefined && value !== null) inputs.set(name, wrapped(value))
    const giver = source.from === 'host' ? source.scope.host?.scope : source.scope
    if (giver?.host === null) this.outer.add(inputId(id, name))
    const together = this.shared.get(key)
    if (together) together.push({ node: id, input: name })
    else this.shared.set(key, [{ node: id, input: name }])
  }

  /** What the node that stands for a subgraph gives to an input: its own value, else that of the first that takes it. */
  #hostValue(scope: Scope, place: number): unknown {
    let at: Given | null = { scope, place }
    while (at) {
      const value: unknown = at.scope.promoted.get(at.place) ?? this.#firstTaken(at)
      if (value !== undefined) return value
      at = nestedOf(at)
    }
    return undefined
  }

  /** The value of the first widget that takes an input of a subgraph; undefined where that is in a further one. */
  #firstTaken({ scope, place }: Given): unknown {
    const [first] = scope.sheet.consumers[place] ?? []
    if (!first) return undefined
    const { node, slot } = first
    return overrideOf(scope, node, slot.name) ?? this.#widgets.get(idIn(scope, node))?.get(slot.name)
  }
}

/** An input of a subgraph where it is used. */
interface Given {
  scope: Scope
  place: number
}

/** The input of a further subgraph that an input goes on to; null where there is none. */
function nestedOf({ scope, place }: Given): Given | null {
  const [first] = scope.sheet.consumers[place] ?? []
  const inner = first && scope.inner.get(first.node.id)
  const next = inner?.sheet.places.get(first?.slot.name ?? '')
  return inner && next !== undefined ? { scope: inner, place: next } : null
}

/** Where the file says that models can be had, and in which folder they belong. */
function modelsOf({ root, subgraphs }: EditorFile): Drawing['models'] {
  const models = new Map<string, { url: string | null; folder: string | null }>()
  for (const sheet of [root, ...subgraphs.values()])
    for (const { properties } of sheet.nodes.values())
      for (const one of listOf(own(properties, 'models'))) {
        if (!isObject(one)) continue
        const [name, url, folder] = [own(one, 'name'), own(one, 'url'), own(one, 'directory')]
        if (typeof name !== 'string' || models.has(name)) continue
        models.set(name, {
          url: webAddress(url),
          folder: typeof folder === 'string' && isFolder(folder) ? folder : null,
        })
      }
  return models
}

/** An address that a person can open; anything else is none. */
const webAddress = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= 2000 && /^https?:\/\/[^\s]+$/.test(value) ? value : null

const isFolder = (value: string): boolean =>
  /^[\w.-]{1,100}(?:\/[\w.-]{1,100}){0,5}$/.test(value) && !value.includes('..')

/** The inputs of a form over a file, by their ids in the graph. */
function pinnedOf(file: EditorFile, root: Scope, shared: ReadonlyMap<string, Place[]>): string[] | null {
  if (!file.linear) return null
  return file.linear.flatMap(([node, widget]) => {
    const inner = root.inner.get(node)
    const place = inner?.sheet.places.get(widget)
    const given = inner ? shared.get(hostKey(inner, place ?? -1)) : shared.get(primitiveKey(`${root.prefix}${node}`))
    return (given ?? [{ node, input: widget }]).map((place) => inputId(place.node, place.input))
  })
}

/** What is set without opening a subgraph: on the file's own sheet, or on a node there that stands for a subgraph. */
const outerOf = (nodes: Drawing['nodes'], given: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([
    ...given,
    ...[...nodes].flatMap(([id, { inputs }]) =>
      id.includes(':') ? [] : [...inputs.keys()].map((name) => inputId(id, name)),
    ),
  ])

/** Draws the graph of a file of the editor, as the editor itself would send it. Throws `workflow-file.too-many-nodes`. */
export function drawEditorFile(fileName: string, file: EditorFile, classes: NodeClasses): Drawing {
  const { root, scopes, refused } = layOut(fileName, file)
  const drawer = new Drawer(file, classes)
  for (const scope of scopes) drawer.gather(scope)
  for (const scope of scopes) drawer.link(scope)
  const { nodes, map, skipped, notes, shared } = drawer
  return {
    ...{ nodes, map, skipped, notes },
    refused: [...file.refused, ...refused, ...drawer.refused],
    models: modelsOf(file),
    outer: outerOf(nodes, drawer.outer),
    together: [...shared.values()].filter((places) => places.length > 1),
    pinned: pinnedOf(file, root, shared),
    count: { nodes: file.nodes, subgraphs: file.subgraphs.size },
  }
}
