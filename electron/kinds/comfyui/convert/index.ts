import { reason } from '../../../../shared/problems'
import type { NodeClasses } from '../class-inputs'
import { classesOfApi, readApiFormat } from './api-format'
import { drawEditorFile } from './draw'
import { classesOfEditor, readEditorFile, type EditorFile } from './editor-format'
import { finish } from './finish'
import type { JsonObject } from './json'
import { findWorkflow } from './read-file'
import type { Conversion, Drawing, WorkflowFile } from './types'

export type { Conversion, ConvertedWorkflow, WorkflowFile } from './types'

/** A file that was read so far that it is known which classes its nodes are of. */
export interface ParsedWorkflow {
  fileName: string
  format: Conversion['format']
  /** What the file says it is, e.g. `0.4`; null where it does not. */
  formatVersion: string | null
  /** The classes to ask a ComfyUI about, each once: all that `convertWorkflow` looks up. */
  classes: string[]
  content: { api: JsonObject } | { editor: EditorFile }
}

/**
 * Reads a file: ComfyUI's API format, the editor's, an app, or a picture that carries one of them. Throws
 * `workflow-file.*` for what is no workflow, or too much of one.
 */
export function parseWorkflow(file: WorkflowFile): ParsedWorkflow {
  const { name: fileName } = file
  const found = findWorkflow(file)
  const of = { fileName, format: found.format, formatVersion: found.version }
  if ('api' in found) return { ...of, classes: [...new Set(classesOfApi(found.api))], content: { api: found.api } }
  const editor = readEditorFile(fileName, found.editor)
  return { ...of, classes: [...new Set(classesOfEditor(editor))], content: { editor } }
}

/** Whether a file cannot be converted for want of a ComfyUI that tells of its classes. */
const lacksService = ({ refused }: Drawing) => refused.some((one) => one.reason.problem === 'workflow-node.unknown')

/**
 * Converts what was read, all of it or nothing. `classes`: what a ComfyUI tells of those in `parsed.classes`, without
 * those that it does not know; null where none could be asked, which does for graphs in API format, and for those of the
 * editor whose values have names. Throws `workflow-file.too-many-…` for what grows beyond measure.
 */
export function convertWorkflow(parsed: ParsedWorkflow, classes: NodeClasses | null): Conversion {
  const { fileName, format, formatVersion, content } = parsed
  const drawing =
    'api' in content ? readApiFormat(fileName, content.api) : drawEditorFile(fileName, content.editor, classes ?? {})
  const of = { format, formatVersion, ...drawing.count }
  if (!classes && lacksService(drawing)) {
    const why = reason('workflow-file.needs-service', { name: fileName })
    return { ...of, skipped: drawing.skipped, reason: why, refused: [], workflow: null }
  }
  return { ...of, ...finish(fileName, format, drawing, classes) }
}
