import { reason } from '../../../../shared/problems'
import type { EditorFile, EditorNode, Sheet } from './editor-format'
import { idOf, isObject, listOf, own } from './json'
import { refuseMore } from './limits'
import type { Refused } from './types'

/** A sheet where it is used: that of the file once, that of a subgraph for each node that stands for it. */
export interface Scope {
  /** What comes before the ids of its nodes, e.g. `12:`. */
  prefix: string
  sheet: Sheet
  /** The node that stands for it, and where that stands; null for that of the file. */
  host: { node: EditorNode; scope: Scope } | null
  /** Inside it, by the node that stands for one; none for one that is muted or bypassed. */
  inner: Map<string, Scope>
  /** Values that its host gives: by the place of the host's input. */
  promoted: Map<number, unknown>
  /** And those that it gives past its inputs: by a node and the name of a widget. */
  overrides: Map<string, Map<string, unknown>>
}

/** Subgraphs in each other: ComfyUI takes more, and nobody makes them. */
const deepestNesting = 50

/** The list of widgets that a host shows, in the form of older files: `[node, widget]`, or with a third text. */
function proxiesOf({ properties }: EditorNode): { node: string; widget: string }[] {
  return listOf(own(properties, 'proxyWidgets')).flatMap((one) => {
    const [node, widget] = listOf(one)
    const id = idOf(node)
    // The oldest had the way to the widget in its name: `12: 3: text`.
    return id !== null && typeof widget === 'string'
      ? [{ node: id, widget: widget.replace(/^(?:\d{1,20}: ?)+/, '') }]
      : []
  })
}

/** Values by the name of an input that a newer editor could not place, and put aside. */
function asideOf({ properties }: EditorNode): ReadonlyMap<string, unknown> {
  const aside = new Map<string, unknown>()
  for (const one of listOf(own(properties, 'proxyWidgetErrorQuarantine'))) {
    const [node, name] = isObject(one) ? listOf(own(one, 'originalEntry')) : []
    const value = isObject(one) ? own(one, 'hostValue') : undefined
    if (node === '-1' && typeof name === 'string' && value !== undefined && !aside.has(name)) aside.set(name, value)
  }
  return aside
}

const widgetKey = (node: string, widget: string): string => JSON.stringify([node, widget])

/** The place of the input of a sheet by the widget that takes it: a node in it, and that's name. */
function placesOf({ inputs, consumers }: Sheet): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  for (const place of inputs.keys())
    for (const { node, slot } of consumers[place] ?? []) {
      const key = widgetKey(node.id, slot.name)
      if (!places.has(key)) places.set(key, place)
    }
  return places
}

/** Lays subgraphs out, each as often as it is used. */
class Layout {
  readonly scopes: Scope[] = []
  readonly refused: Refused[] = []
  /** By the id of a subgraph: places of its inputs that its node has a widget for. */
  readonly #widgets = new Map<string, ReadonlySet<number>>()
  readonly #places = new Map<Sheet, ReadonlyMap<string, number>>()
  #nodes = 0
  #inputs = 0

  constructor(
    readonly fileName: string,
    readonly file: EditorFile,
  ) {}

  /** Places of inputs that something behind them has a widget for, however deep. */
  #widgetsOf(id: string, above: readonly string[]): ReadonlySet<number> {
    const known = this.#widgets.get(id)
    const sheet = this.file.subgraphs.get(id)
    if (known) return known
    if (!sheet || above.includes(id) || above.length > deepestNesting) return new Set()
    const shown = new Set<number>()
    for (const place of sheet.inputs.keys()) {
      const isShown = (sheet.consumers[place] ?? []).some(({ node, slot }) => {
        const nested = this.file.subgraphs.get(node.type)
        if (!nested) return slot.isWidget
        const at = nested.places.get(slot.name)
        return at !== undefined && this.#widgetsOf(node.type, [...above, id]).has(at)
      })
      if (isShown) shown.add(place)
    }
    this.#widgets.set(id, shown)
    return shown
  }

  #placesIn(sheet: Sheet): ReadonlyMap<string, number> {
    const known = this.#places.get(sheet) ?? placesOf(sheet)
    this.#places.set(sheet, known)
    return known
  }

  /** What a host gives to what is in it. */
  #give(node: EditorNode, scope: Scope, around: Scope): void {
    const { sheet } = scope
    const aside = asideOf(node)
    const values = node.values ?? []
    let next = 0
    for (const place of this.#widgetsOf(node.type, [])) {
      const name = sheet.inputs[place]?.name ?? ''
      const value = aside.has(name)
        ? aside.get(name)
        : (values[next] ?? (node.values ? undefined : node.named?.get(name)))
      if (value !== undefined && value !== null) scope.promoted.set(place, value)
      next += 1
    }
    const proxies = proxiesOf(node)
    for (const [at, { node: source, widget }] of proxies.entries()) {
      const value = values[at]
      if (value !== undefined && value !== null) this.#giveTo(scope, source, widget, value)
    }
    const byWidget = new Map(proxies.map((one) => [one.widget, one]))
    for (const [widget, value] of around.overrides.get(node.id) ?? []) {
      const proxy = byWidget.get(widget)
      const place = sheet.places.get(widget)
      if (place !== undefined) scope.promoted.set(place, value)
      else if (proxy) this.#giveTo(scope, proxy.node, proxy.widget, value)
    }
  }

  /** Gives a value to a widget inside: through the input that leads there, else past the inputs. */
  #giveTo(scope: Scope, node: string, widget: string, value: unknown): void {
    const { sheet, promoted, overrides } = scope
    const place = node === '-1' ? sheet.places.get(widget) : this.#placesIn(sheet).get(widgetKey(node, widget))
    if (place !== undefined) {
      promoted.set(place, value)
      return
    }
    const own = overrides.get(node) ?? new Map<string, unknown>()
    own.set(widget, value)
    overrides.set(node, own)
  }

  #refuse(host: EditorNode, prefix: string, sheet: Sheet, detail: string): void {
    const told = reason('workflow-node.subgraph', { subgraph: sheet.name, detail })
    this.refused.push({ node: `${prefix}${host.id}`, title: host.title, reason: told })
  }

  /** `above`: the subgraphs that it is in. */
  lay(sheet: Sheet, prefix: string, host: Scope['host'], above: readonly string[]): Scope {
    const scope: Scope = { prefix, sheet, host, inner: new Map(), promoted: new Map(), overrides: new Map() }
    this.scopes.push(scope)
    this.#nodes += sheet.nodes.size
    refuseMore(this.fileName, 'nodes', this.#nodes)
    this.#inputs += sheet.size
    refuseMore(this.fileName, 'inputs', this.#inputs)
    if (host) this.#give(host.node, scope, host.scope)
    for (const node of sheet.nodes.values()) {
      const nested = this.file.subgraphs.get(node.type)
      if (!nested || node.mode !== 'runs') continue
      if (above.includes(node.type)) this.#refuse(node, prefix, nested, 'contains itself')
      else if (above.length >= deepestNesting)
        this.#refuse(node, prefix, nested, `lies more than ${deepestNesting} deep`)
      else scope.inner.set(node.id, this.lay(nested, `${prefix}${node.id}:`, { node, scope }, [...above, node.type]))
    }
    return scope
  }
}

/** Lays a file out. Throws `workflow-file.too-many-nodes` where subgraphs in subgraphs become too many. */
export function layOut(fileName: string, file: EditorFile): { root: Scope; scopes: Scope[]; refused: Refused[] } {
  const layout = new Layout(fileName, file)
  const root = layout.lay(file.root, '', null, [])
  return { root, scopes: layout.scopes, refused: layout.refused }
}
