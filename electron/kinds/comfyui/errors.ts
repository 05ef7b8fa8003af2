import { Problem, reason, type Reason } from '../../../shared/problems'
import { isOutOfMemory, listNames } from '../words'
import { choiceKey, type Choices } from './choices'
import type { ExecutionError, NodeErrors, Refused } from './schemas'
import type { Graph } from './graph'

/** A node as people know it: its title in the workflow, else its class, else its id. */
export const titleOf = (graph: Graph, id: string): string =>
  graph[id]?._meta?.title ?? graph[id]?.class_type ?? `#${id}`

/** A 400 of `POST /prompt`: which input of which node, and what the service has instead. */
export function validationProblem(refused: Refused, graph: Graph, choices: Choices): Problem {
  const inner = firstNodeError(refused.node_errors)
  if (inner) {
    const { id, error } = inner
    const node = titleOf(graph, id)
    const input = error.extra_info?.input_name ?? error.details.split(/[:,]/)[0] ?? ''
    const detail = [error.message, error.details].filter(Boolean).join(': ')
    if (error.type === 'value_not_in_list') {
      const received = error.extra_info?.received_value ?? graph[id]?.inputs[input]
      const value = typeof received === 'string' ? received : JSON.stringify(received ?? null)
      const available =
        choices[choiceKey(graph[id]?.class_type ?? '', input)] ?? configured(error.extra_info?.input_config)
      return new Problem('backend.choice-refused', { node, input, value, available: listNames(available), detail })
    }
    return new Problem('backend.input-refused', { node, input, detail })
  }
  if (typeof refused.error === 'string') return new Problem('backend.job-refused', { detail: refused.error })
  const { type, message, details } = refused.error
  const detail = [message, details].filter(Boolean).join(': ')
  // 0.3 reports an unknown class as `invalid_prompt` with only the node's id; later versions name it.
  const unknownClass = type === 'missing_node_type' || (type === 'invalid_prompt' && /^Node ID/.test(details))
  return new Problem(unknownClass ? 'backend.node-missing' : 'backend.job-refused', {
    detail: unknownClass ? nameNode(detail, details, graph) : detail,
  })
}

function nameNode(detail: string, details: string, graph: Graph) {
  const id = /#(\w+)/.exec(details)?.[1]
  const classType = id === undefined ? undefined : graph[id]?.class_type
  return classType === undefined ? detail : `${classType} (${detail})`
}

function configured(config: unknown): string[] {
  const list: unknown = Array.isArray(config) ? config[0] : null
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : []
}

function firstNodeError(errors: NodeErrors) {
  for (const [id, node] of Object.entries(errors)) {
    const error = node.errors[0]
    if (error) return { id, error }
  }
  return null
}

/** Outputs that a 200 of `POST /prompt` dropped, as warnings. */
export function droppedOutputs(errors: NodeErrors, graph: Graph): Reason[] {
  return Object.entries(errors).flatMap(([id, node]) =>
    node.errors.map((error) =>
      reason('backend.outputs-dropped', {
        detail: `${titleOf(graph, id)}: ${[error.message, error.details].filter(Boolean).join(': ')}`,
      }),
    ),
  )
}

/** How the readers of model files say that one is no model, or not all of it (measured on safetensors and torch). */
const unreadable =
  /SafetensorError|deserializing header|UnpicklingError|invalid load key|PytorchStreamReader|central directory|Could not detect model type|file not fully covered/i

/** The file that a loader could not read; null when it was something else. */
function damagedFile(node: Graph[string] | undefined, detail: string): string | null {
  if (!node || !/Loader/.test(node.class_type) || !unreadable.test(detail)) return null
  const name = Object.entries(node.inputs).find(([input]) => /_name$/.test(input))?.[1]
  return typeof name === 'string' ? name : null
}

/** An `execution_error` in the service's own words; a full GPU is recognised. Tracebacks hold paths and stay out. */
export function executionProblem(error: ExecutionError, graph: Graph): Problem {
  const type = error.exception_type ?? ''
  const message = (error.exception_message ?? '').trim()
  const detail = [type, message].filter(Boolean).join(': ').slice(0, 1000) || 'no details'
  if (isOutOfMemory(detail)) return new Problem('backend.out-of-memory', { detail })
  const file = error.node_id ? damagedFile(graph[error.node_id], detail) : null
  if (file !== null) return new Problem('backend.model-damaged', { file, detail })
  const node = error.node_id ? titleOf(graph, error.node_id) : (error.node_type ?? 'the workflow')
  return new Problem('backend.execution-failed', { node, detail })
}
