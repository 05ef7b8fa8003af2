import { parametersOf, readPngTexts, type FoundParams } from '../../../../shared/png-parameters'

/** What is offered for dropped files. */
export type Destination =
  | { type: 'import' }
  /** `hasGraph`: the image carries a workflow as well. */
  | { type: 'parameters'; found: FoundParams; hasGraph: boolean }
  | { type: 'nothing' }

export interface Dropped {
  name: string
  /** Null where it is too large to be read. */
  bytes: Uint8Array | null
}

/** Whether a file looks like JSON: by its name, or by how it begins. */
const isJson = ({ name, bytes }: Dropped): boolean =>
  /\.json$/i.test(name) || (bytes !== null && /^\uFEFF?\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64))))

/**
 * Where dropped files lead. Workflow files, and several files at once, are imported, by who may; one image offers what
 * made it, or its workflow, where somebody looks at workflows or nothing else can be read of it.
 */
export function destinationOf(
  files: readonly Dropped[],
  { mayImport, atWorkflows }: { mayImport: boolean; atWorkflows: boolean },
): Destination {
  const [file] = files
  if (!file) return { type: 'nothing' }
  if (mayImport && (files.length > 1 || atWorkflows || isJson(file))) return { type: 'import' }
  const texts = file.bytes ? readPngTexts(file.bytes) : new Map<string, string>()
  const hasGraph = mayImport && (texts.has('workflow') || texts.has('prompt'))
  const found = file.bytes && parametersOf(file.bytes)
  if (found) return { type: 'parameters', found, hasGraph }
  return hasGraph ? { type: 'import' } : { type: 'nothing' }
}
