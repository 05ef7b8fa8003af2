import type { NodeClasses } from '../../../electron/kinds/comfyui/class-inputs'
import {
  convertWorkflow,
  parseWorkflow,
  type Conversion,
  type WorkflowFile,
} from '../../../electron/kinds/comfyui/convert'
import { checkGraph, type GraphFault } from '../../../electron/kinds/comfyui/check-graph'
import { Problem } from '../../../shared/problems'

/** What came of one file: how far it came, and what stands in the way. */
export interface Judged {
  name: string
  /** It was understood as a workflow. */
  read: boolean
  /** It became a graph, whole. */
  converted: boolean
  /** Why not, as a sentence each. */
  why: string[]
  conversion: Conversion | null
  /** What a ComfyUI of these classes would not take, files that are missing apart. */
  faults: GraphFault[]
  missingFiles: GraphFault[]
}

/** The classes that a file names, to be asked about first; empty for what is no workflow. */
export function classesIn(file: WorkflowFile): string[] {
  try {
    return parseWorkflow(file).classes
  } catch (error) {
    if (error instanceof Problem) return []
    throw error
  }
}

const isModel = ({ detail }: GraphFault) => /\.(?:safetensors|sft|ckpt|pth?|bin|gguf|onnx)$/.test(detail)

/** Reads and converts one file against the classes of a ComfyUI, and holds the graph against them. */
export function judge(file: WorkflowFile, classes: NodeClasses): Judged {
  const of = { name: file.name, conversion: null, faults: [], missingFiles: [] }
  try {
    const conversion = convertWorkflow(parseWorkflow(file), classes)
    const { workflow, reason, refused } = conversion
    const why = [
      ...(reason ? [reason.message] : []),
      ...refused.map(({ node, title, reason: one }) => `#${node} ${title}: ${one.message}`),
    ]
    const faults = workflow ? checkGraph(workflow.api, classes) : []
    const missingFiles = faults.filter((fault) => fault.fault === 'choice-unknown' && isModel(fault))
    return {
      ...{ ...of, read: true, converted: workflow !== null, why, conversion },
      ...{ faults: faults.filter((fault) => !missingFiles.includes(fault)), missingFiles },
    }
  } catch (error) {
    if (error instanceof Problem) return { ...of, read: false, converted: false, why: [error.message] }
    throw error
  }
}
