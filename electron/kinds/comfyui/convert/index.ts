import { reason } from '../../../../shared/problems'
import type { NodeClasses } from '../class-inputs'
import { classesOfApi, readApiFormat } from './api-format'
import { finish } from './finish'
import { findWorkflow, type Found } from './read-file'
import type { Conversion, WorkflowFile } from './types'

export type { Conversion, ConvertedWorkflow, WorkflowFile } from './types'

/** A file that was read so far that it is known which classes its nodes are of. */
export interface ParsedWorkflow {
  fileName: string
  format: Found['format']
  /** What the file says it is, e.g. `0.4`; null where it does not. */
  formatVersion: string | null
  /** The classes to ask a ComfyUI about, each once: all that `convertWorkflow` looks up. */
  classes: string[]
  found: Found
}

/**
 * Reads a file: ComfyUI's API format, the editor's, an app, or a picture that carries one of them. Throws
 * `workflow-file.*` for what is no workflow, or too much of one.
 */
export function parseWorkflow(file: WorkflowFile): ParsedWorkflow {
  const found = findWorkflow(file)
  const classes = 'api' in found ? classesOfApi(found.api) : []
  return { fileName: file.name, format: found.format, formatVersion: null, classes: [...new Set(classes)], found }
}

/**
 * Converts what was read, all of it or nothing. `classes`: what a ComfyUI tells of those in `parsed.classes`, without
 * those that it does not know; null where none could be asked, which only a graph in API format can do without. Throws
 * `workflow-file.too-many-…` for what grows beyond measure.
 */
export function convertWorkflow(parsed: ParsedWorkflow, classes: NodeClasses | null): Conversion {
  const { fileName, format, formatVersion, found } = parsed
  const named = { format, formatVersion }
  if ('editor' in found) {
    const why = reason('workflow-file.needs-service', { name: fileName })
    return { ...named, nodes: 0, subgraphs: 0, skipped: [], reason: why, refused: [], workflow: null }
  }
  const drawing = readApiFormat(fileName, found.api)
  return { ...named, ...drawing.count, ...finish(fileName, format, drawing, classes) }
}
