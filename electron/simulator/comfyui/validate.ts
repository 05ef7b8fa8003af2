import { isObject, type Graph, type Json } from './graph'
import { nodeClasses } from './nodes'
import { choicesOf, type InputSpec, type Lists, type NodeClass } from './nodes/node'
import { factsOf, inputsOf } from './nodes/recorded'
import { repr, str, toBool, toFloat, toInt } from './python'

/** One complaint, in the shape that `/prompt` answers. */
export interface Complaint {
  type: string
  message: string
  details: string
  extra_info: Json
}

export interface NodeErrors {
  errors: Complaint[]
  dependent_outputs: string[]
  class_type: string
}

export type Validation =
  | { valid: true; graph: Graph; outputs: string[]; nodeErrors: Record<string, NodeErrors> }
  | { valid: false; error: Complaint; nodeErrors: Record<string, NodeErrors> }

interface Verdict {
  valid: boolean
  reasons: Complaint[]
}

interface Round {
  graph: Graph
  lists: Lists
  folder: string
  verdicts: Map<string, Verdict>
}

/** A Python exception that escapes from a node's validation. */
class Escaped extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message)
  }
}

const complaint = (type: string, message: string, details: string, extra_info: Json = {}): Complaint => ({
  type,
  message,
  details,
  extra_info,
})

const traceback = [
  '  File "/opt/ComfyUI/execution.py", line 972, in validate_prompt\n    m = await validate_inputs(prompt_id, prompt, o, validated)\n',
]

/** Types that fit every other one. */
const anything: ReadonlySet<string> = new Set(['*', 'COMFY_MATCHTYPE_V3'])

/** Whether a link of one type may enter an input of another (`A,B` names alternatives). */
function typesAgree(received: string, wanted: string | readonly string[]): boolean {
  if (anything.has(received)) return true
  if (typeof wanted !== 'string') return received === 'COMBO'
  if (anything.has(wanted)) return true
  const allowed = wanted.split(',').map((type) => type.trim())
  return received.split(',').every((type) => allowed.includes(type.trim()))
}

/** Converts a literal as Python would; throws an Error with Python's message. */
function convert(value: unknown, type: string | readonly string[]): unknown {
  if (type === 'INT') return toInt(value)
  if (type === 'FLOAT') return toFloat(value)
  if (type === 'STRING') return str(value)
  if (type === 'BOOLEAN') return toBool(value)
  return value
}

function checkRange(name: string, value: unknown, spec: InputSpec): Complaint | null {
  const [type, options = {}] = spec
  const extra = { input_name: name, input_config: [type, options], received_value: value }
  const { min, max } = options
  if (typeof value === 'number' && typeof min === 'number' && value < min) {
    return complaint('value_smaller_than_min', `Value ${value} smaller than min of ${min}`, name, extra)
  }
  if (typeof value === 'number' && typeof max === 'number' && value > max) {
    return complaint('value_bigger_than_max', `Value ${value} bigger than max of ${max}`, name, extra)
  }
  const choices = choicesOf(spec)
  if (!choices || choices.includes(value)) return null
  const long = choices.length > 20
  const listed = long ? `(list of length ${choices.length})` : repr(choices)
  return complaint('value_not_in_list', 'Value not in list', `${name}: '${str(value)}' not in ${listed}`, {
    ...extra,
    input_config: long ? null : [type, options],
  })
}

/** Checks a literal and leaves the converted value in `inputs`, as ComfyUI does. */
function checkLiteral(name: string, inputs: Json, spec: InputSpec, node: NodeClass): Complaint | null {
  const [type, options = {}] = spec
  const given = inputs[name]
  const value = isObject(given) && '__value__' in given ? given['__value__'] : given
  try {
    inputs[name] = convert(value, type)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const kind = typeof type === 'string' ? type : 'COMBO'
    return complaint(
      'invalid_input_type',
      `Failed to convert an input value to a ${kind} value`,
      `${name}, ${str(value)}, ${message}`,
      { input_name: name, input_config: [type, options], received_value: value, exception_message: message },
    )
  }
  return node.check?.input === name ? null : checkRange(name, inputs[name], spec)
}

/** Checks a link and everything upstream of it. `upstream` tells whether the source is sound. */
function checkLink(
  round: Round,
  name: string,
  link: unknown[],
  spec: InputSpec,
): { own: Complaint | null; upstream: boolean } {
  const [type, options = {}] = spec
  const extra = { input_name: name, input_config: [type, options] }
  if (link.length !== 2) {
    const message = 'Bad linked input, must be a length-2 list of [node_id, slot_index]'
    return { own: complaint('bad_linked_input', message, name, { ...extra, received_value: link }), upstream: true }
  }
  const source = str(link[0])
  const from = round.graph[source]
  if (!from) throw new Escaped('KeyError', repr(link[0]))
  const outputs = factsOf(from.class_type).output
  const received = typeof link[1] === 'number' ? outputs.at(link[1]) : undefined
  if (received === undefined) throw new Escaped('IndexError', 'tuple index out of range')
  if (!typesAgree(received, type)) {
    const details = `${name}, received_type(${received}) mismatch input_type(${str(type)})`
    const own = complaint('return_type_mismatch', 'Return type mismatch between linked nodes', details, {
      ...extra,
      received_type: received,
      linked_node: link,
    })
    return { own, upstream: true }
  }
  try {
    return { own: null, upstream: validateNode(round, source).valid }
  } catch (error) {
    if (!(error instanceof Escaped)) throw error
    const reason = complaint(
      'exception_during_inner_validation',
      'Exception when validating inner node',
      error.message,
      {
        ...extra,
        exception_message: error.message,
        exception_type: error.type,
        traceback,
        linked_node: link,
      },
    )
    round.verdicts.set(source, { valid: false, reasons: [reason] })
    return { own: null, upstream: false }
  }
}

function validateNode(round: Round, id: string): Verdict {
  const known = round.verdicts.get(id)
  if (known) return known
  // A cycle comes back here: the node counts as unsound, without a reason of its own.
  round.verdicts.set(id, { valid: false, reasons: [] })
  const node = round.graph[id]
  const type = node && nodeClasses.get(node.class_type)
  if (!node || !type) throw new Escaped('KeyError', repr(id))
  const { inputs } = node
  if (!inputs) {
    round.verdicts.delete(id)
    throw new Escaped('KeyError', "'inputs'")
  }
  const { required, optional } = inputsOf(node.class_type, round.lists)
  const reasons: Complaint[] = []
  let sound = true
  for (const [name, spec] of Object.entries({ ...required, ...optional })) {
    if (!(name in inputs)) {
      if (name in required) {
        reasons.push(complaint('required_input_missing', 'Required input is missing', name, { input_name: name }))
      }
      continue
    }
    const value = inputs[name]
    if (Array.isArray(value)) {
      const { own, upstream } = checkLink(round, name, value, spec)
      if (own) reasons.push(own)
      sound &&= upstream
    } else {
      const own = checkLiteral(name, inputs, spec, type)
      if (own) reasons.push(own)
    }
  }
  const custom = customComplaint(type, inputs, round.folder)
  if (custom) reasons.push(custom)
  const verdict = { valid: sound && reasons.length === 0, reasons }
  // It is told of where it was done with: behind what it is linked to.
  round.verdicts.delete(id)
  round.verdicts.set(id, verdict)
  return verdict
}

function customComplaint(type: NodeClass, inputs: Json, folder: string): Complaint | null {
  if (!type.check || !(type.check.input in inputs) || Array.isArray(inputs[type.check.input])) return null
  const said = type.check.complain(inputs[type.check.input], folder)
  if (said === null) return null
  return complaint('custom_validation_failed', 'Custom validation failed for node', `${type.check.input} - ${said}`, {
    input_name: type.check.input,
  })
}

const refused = (error: Complaint, nodeErrors: Record<string, NodeErrors> = {}): Validation => ({
  valid: false,
  error,
  nodeErrors,
})

/** Finds the output nodes; a node without a known class refuses the whole graph. */
function findOutputs(prompt: Json, targets: readonly string[] | null): string[] | Complaint {
  const outputs: string[] = []
  for (const [id, node] of Object.entries(prompt)) {
    const details = `Node ID '#${id}'`
    if (!isObject(node) || typeof node['class_type'] !== 'string') {
      return complaint('invalid_prompt', 'Cannot execute because a node is missing the class_type property.', details)
    }
    if (!nodeClasses.has(node['class_type'])) {
      const message = `Cannot execute because node ${node['class_type']} does not exist.`
      return complaint('invalid_prompt', message, details)
    }
    if (factsOf(node['class_type']).output_node && (targets === null || targets.includes(id))) outputs.push(id)
  }
  return outputs.length > 0 ? outputs : complaint('prompt_no_outputs', 'Prompt has no outputs', '')
}

function verdictOf(round: Round, output: string): Verdict {
  try {
    return validateNode(round, output)
  } catch (error) {
    if (!(error instanceof Escaped)) throw error
    const reason = complaint('exception_during_validation', 'Exception when validating node', error.message, {
      exception_type: error.type,
      traceback,
    })
    const verdict = { valid: false, reasons: [reason] }
    round.verdicts.set(output, verdict)
    return verdict
  }
}

/**
 * Validates an API-format graph as ComfyUI does (`execution.py`, `validate_prompt`), in the words of 0.3.64: every output
 * node on its own, so that a graph with one sound output is accepted and its other outputs are reported. Inputs that grow
 * and drop-downs of the new kind are looked at as 0.33 does, whose classes are recorded. Converts literals in place.
 */
export function validatePrompt(
  prompt: Json,
  targets: readonly string[] | null,
  { lists, folder }: { lists: Lists; folder: string },
): Validation {
  const outputs = findOutputs(prompt, targets)
  if (!Array.isArray(outputs)) return refused(outputs)
  const graph = prompt as Graph // every node was just seen to be an object with a known class_type
  const round: Round = { graph, lists, folder, verdicts: new Map() }
  const nodeErrors: Record<string, NodeErrors> = {}
  const good: string[] = []
  const details: string[] = []
  for (const output of outputs) {
    const verdict = verdictOf(round, output)
    if (verdict.valid) {
      good.push(output)
      continue
    }
    details.push(...verdict.reasons.map((reason) => `${reason.message}: ${reason.details}`))
    for (const [id, { valid, reasons }] of round.verdicts) {
      // A node downstream of an unsound one is unsound too, but has no reason of its own: it is left out.
      if (valid || reasons.length === 0) continue
      const entry = (nodeErrors[id] ??= {
        errors: reasons,
        dependent_outputs: [],
        class_type: graph[id]?.class_type ?? '',
      })
      entry.dependent_outputs.push(output)
    }
  }
  if (good.length > 0) return { valid: true, graph, outputs: good, nodeErrors }
  const message = 'Prompt outputs failed validation'
  return refused(complaint('prompt_outputs_failed_validation', message, details.join('\n')), nodeErrors)
}
