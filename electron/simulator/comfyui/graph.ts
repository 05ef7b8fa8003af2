/** A JSON object whose values nobody has looked at yet. */
export type Json = Record<string, unknown>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A node of an API-format graph. `inputs` may be missing: validation of a neighbour then fails, as in ComfyUI. */
export interface GraphNode {
  class_type: string
  inputs?: Json
}

/** Node ids and their nodes, after every `class_type` was found to exist. */
export type Graph = Record<string, GraphNode>

export type Link = readonly [node: string, slot: number]

export const isLink = (value: unknown): value is Link =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'number'
