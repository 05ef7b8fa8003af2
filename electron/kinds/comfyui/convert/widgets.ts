import { choicesOf, inputsOf, type ClassInput, type NodeClass, type Spec } from '../class-inputs'
import type { EditorNode } from './editor-format'
import { isObject, own } from './json'

/** Types that the editor has a widget for (1.58: ComfyWidgets), beside choices. */
const widgetTypes: ReadonlySet<string> = new Set([
  ...['INT', 'FLOAT', 'STRING', 'BOOLEAN', 'COMFY_DYNAMICCOMBO_V3', 'MARKDOWN', 'TEXTAREA', 'COLOR', 'COLORS'],
  ...['BOUNDING_BOX', 'BOUNDING_BOXES', 'IMAGECOMPARE', 'CHART', 'GALLERIA', 'PAINTER', 'COMPOSITOR', 'CURVE'],
  ...['RANGE', 'VIDEO_EDIT', 'RESOLUTION_PREVIEW', 'LIGHT_INFO_PREVIEW', 'CAMERA_ANGLE_VIEW', 'WEBCAM'],
])

/** Those whose value is not kept in a file, with the one that is sent. */
const unkept: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  ['IMAGECOMPARE', ['', '']],
  ['AUDIO_UI', undefined],
  ['RESOLUTION_PREVIEW', undefined],
])

/** Those whose value is kept, and never sent: they only show something. */
const unsent: ReadonlySet<unknown> = new Set([
  'CAMERA_ANGLE_VIEW',
  'LIGHT_INFO_PREVIEW',
  'RESOLUTION_PREVIEW',
  'AUDIO_UI',
])

/** What the editor does with a value after each run; it keeps that as a value of its own behind the first. */
const controls: ReadonlySet<unknown> = new Set(['fixed', 'increment', 'decrement', 'randomize', 'increment-wrap'])

const optionsOf = (spec: Spec) => (isObject(spec[1]) ? spec[1] : {})

const typeOf = (spec: Spec): unknown => own(optionsOf(spec), 'widgetType') ?? spec[0]

/** Whether an input is set on the node itself. */
function isWidget({ name, spec }: ClassInput, shown: ReadonlySet<string>): boolean {
  if (own(optionsOf(spec), 'forceInput') === true) return false
  const type = typeOf(spec)
  // Newer files list every widget among the inputs: so widgets of custom nodes are known too.
  return (
    Array.isArray(type) || type === 'COMBO' || (typeof type === 'string' && widgetTypes.has(type)) || shown.has(name)
  )
}

/** So many values stand behind one that the editor changes by itself: how, and for choices also which. */
function controlsBehind({ name, spec }: ClassInput): number {
  const type = typeOf(spec)
  const control = own(optionsOf(spec), 'control_after_generate')
  const isOn = control === true || (typeof control === 'string' && control !== '')
  if (type === 'INT') return isOn || (control === undefined && /^(?:.*\.)?(?:noise_)?seed$/.test(name)) ? 1 : 0
  if (!isOn) return 0
  return choicesOf(spec) ? 2 : 1
}

/** Whether the editor adds a button for uploads behind the required inputs, which has a value of its own. */
const hasUpload = ({ spec }: ClassInput): boolean =>
  ['image_upload', 'video_upload', 'animated_image_upload'].some((name) => own(optionsOf(spec), name) === true) &&
  choicesOf(spec) !== null

/** Whether a value is one that such a widget can hold; texts that are numbers are taken for them by the server. */
function holds(spec: Spec, value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (choicesOf(spec)) return typeof value === 'string' || typeof value === 'number' || Array.isArray(value)
  switch (typeOf(spec)) {
    case 'INT':
    case 'FLOAT':
      return (
        typeof value === 'number' ||
        (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
      )
    case 'BOOLEAN':
      return typeof value === 'boolean'
    case 'STRING':
      return typeof value !== 'object'
    default:
      return true
  }
}

/** What the editor shows where a file has no value; undefined where it has nothing either. */
function defaultOf(spec: Spec): unknown {
  const given = own(optionsOf(spec), 'default')
  if (given !== undefined) return given
  const choices = choicesOf(spec)
  if (choices) return choices[0]
  if (unkept.has(typeOf(spec))) return unkept.get(typeOf(spec))
  switch (typeOf(spec)) {
    case 'INT':
    case 'FLOAT':
      return 0
    case 'BOOLEAN':
      return false
    case 'STRING':
      return ''
    default:
      return undefined
  }
}

/** A value as the graph has it: a list would be a link. */
export const wrapped = (value: unknown): unknown => (Array.isArray(value) ? { __value__: value } : value)

const asSent = (spec: Spec, value: unknown): unknown =>
  typeOf(spec) === 'CURVE' && isObject(value) ? { __type__: 'CURVE', __value__: value } : wrapped(value)

type Values = Map<string, unknown>

/** Goes along the values of a node in the order of its widgets. */
class Cursor {
  #at = 0
  constructor(readonly values: readonly unknown[]) {}

  get isAtEnd(): boolean {
    return this.#at >= this.values.length
  }
  next(): unknown {
    this.#at += 1
    return this.values[this.#at - 1]
  }
  /** Steps over what the editor keeps behind a value; files that others wrote do not have it. */
  stepOver(most: number): void {
    if (most === 0 || !controls.has(this.values[this.#at])) return
    this.#at += 1
    if (most > 1 && typeof this.values[this.#at] === 'string') this.#at += 1
  }
}

/** Reads values by their place; the name of the first that does not fit where there is one. */
function byPlace(
  known: NodeClass,
  node: EditorNode,
  shown: ReadonlySet<string>,
): { values: Values; misfit: string | null } {
  const values: Values = new Map()
  const cursor = new Cursor(node.values ?? [])
  const linked = new Set(node.inputs.flatMap(({ name, link }) => (link === null ? [] : [name])))
  let misfit: string | null = null
  let upload = false
  for (const input of inputsOf(known, (name) => values.get(name))) {
    if (!isWidget(input, shown)) continue
    const { name, spec, isRequired } = input
    if (upload && !isRequired && !name.includes('.')) {
      cursor.next()
      upload = false
    }
    upload ||= isRequired && hasUpload(input)
    const value = cursor.isAtEnd || unkept.has(typeOf(spec)) ? undefined : cursor.next()
    cursor.stepOver(controlsBehind(input))
    if (!holds(spec, value) && !linked.has(name)) misfit ??= name
    values.set(name, value ?? defaultOf(spec))
  }
  return { values, misfit }
}

/** Reads values by their names. */
function byName(known: NodeClass, named: ReadonlyMap<string, unknown>, shown: ReadonlySet<string>): Values {
  const values: Values = new Map()
  for (const input of inputsOf(known, (name) => values.get(name)))
    if (isWidget(input, shown)) values.set(input.name, named.get(input.name) ?? defaultOf(input.spec))
  return values
}

/**
 * The values of a node's widgets by name, as the server takes them; a text names the widget whose value cannot be told.
 * By place first, as the editor itself reads them; by name where the places do not fit.
 */
export function widgetsOf(known: NodeClass, node: EditorNode): Values | string {
  const shown = new Set(node.inputs.flatMap(({ name, isWidget: isShown }) => (isShown ? [name] : [])))
  const placed = node.values || !node.named ? byPlace(known, node, shown) : null
  if (placed?.misfit !== null && placed !== null && !node.named) return placed.misfit
  const values = placed?.misfit === null ? placed.values : byName(known, node.named ?? new Map(), shown)
  const specs = new Map([...inputsOf(known, (name) => values.get(name))].map(({ name, spec }) => [name, spec]))
  return new Map(
    [...values].flatMap(([name, value]) =>
      value === undefined || unsent.has(typeOf(specs.get(name) ?? []))
        ? []
        : [[name, asSent(specs.get(name) ?? [], value)]],
    ),
  )
}

/** Names that newer editors write beside values that are no inputs. */
const notInputs = /^(?:upload|audioUI)$|control_after_generate|control_filter_list/

/**
 * The values of a node of a class that is not known: by name where the file has names; null where they cannot be told
 * apart. A node without values has none to tell apart.
 */
export function widgetsOfUnknown({ values, named }: EditorNode): Values | null {
  if (named)
    return new Map([...named].filter(([name]) => !notInputs.test(name)).map(([name, value]) => [name, wrapped(value)]))
  return (values ?? []).length === 0 ? new Map() : null
}
