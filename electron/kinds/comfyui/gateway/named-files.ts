import { Problem } from '../../../../shared/problems'
import type { Visitor } from '../../gateway'
import { annotatedFile, isNoPath, leadsOut, type Belongings } from './belongings'

/**
 * Inputs of ComfyUI's own classes that name what is read from the disk (`nodes.py`, `comfy_extras`, 0.3.64 to 0.38). From
 * another node comes a name that is made up while the job runs, when nobody looks at it.
 */
const readers: ReadonlyMap<string, readonly string[]> = new Map([
  ['LoadImage', ['image']],
  ['LoadImageMask', ['image']],
  ['LoadImageOutput', ['image']],
  ['LoadLatent', ['latent']],
  ['LoadAudio', ['audio']],
  ['LoadVideo', ['file']],
  ['Load3D', ['model_file', 'image']],
  ['Load3DAnimation', ['model_file', 'image']],
  ['Load3DAdvanced', ['model_file', 'image', 'viewport_state']],
  ['Painter', ['mask']],
  ['WebcamCapture', ['image']],
  ['GeminiInputFiles', ['file']],
  ['OpenAIInputFiles', ['file']],
  ['LoadImageSetNode', ['images']],
  ['LoadImageSetFromFolderNode', ['folder']],
  ['LoadImageTextSetFromFolderNode', ['folder']],
  ['LoadImageDataSetFromFolder', ['folder']],
  ['LoadImageTextDataSetFromFolder', ['folder']],
  ['LoadVideoDataSetFromFolder', ['folder']],
  ['LoadVideoTextDataSetFromFolder', ['folder']],
  ['LoadTrainingDataset', ['folder_name']],
  ['SaveImageDataSetToFolder', ['folder_name', 'filename_prefix']],
  ['SaveImageTextDataSetToFolder', ['folder_name', 'filename_prefix']],
])

/** Inputs that name a whole folder, in those classes and by habit in others. */
const namesFolder = /(?:^|_)(?:folder|directory|dir|path)(?:_|$)/i

/** More different texts that may be names, or longer ones together, are in no workflow that people made: each is looked up. */
const most = { texts: 5_000, characters: 2 ** 20 }

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** All texts in a value that may be paths, each once, however deep they are. */
function pathsIn(value: unknown): Set<string> {
  const texts = new Set<string>()
  const left: unknown[] = [value]
  let characters = 0
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string') {
      if (texts.has(next) || isNoPath(next)) continue
      texts.add(next)
      characters += next.length
      if (texts.size > most.texts || characters > most.characters)
        throw new Problem('gateway.unreadable', { why: `it holds more than ${most.texts} different texts` })
    } else if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) left.push(inner)
  }
  return texts
}

/** A list is a link to another node. One in a wrapper is a value to the check of a graph, and a link when it runs. */
function isLink(value: unknown): boolean {
  if (Array.isArray(value)) return true
  const inner = isRecord(value) ? value['__value__'] : null
  return Array.isArray(inner) && inner.length === 2 && typeof inner[0] === 'string' && typeof inner[1] === 'number'
}

/**
 * Refuses a graph that names somebody else's file or folder, or has one named while it runs. A plain name means the input
 * folder, where files lie that nobody uploaded through the gateway: these are for all. Of outputs one uses one's own.
 */
export function checkFiles(graph: unknown, visitor: Visitor, belongings: Belongings): void {
  for (const text of pathsIn(graph)) {
    const meant = leadsOut(text) ? null : annotatedFile({ type: 'input', subfolder: '', filename: text })
    const isAllowed =
      meant !== null &&
      (meant.type === 'input' ? !belongings.isOthersFile(visitor, meant) : belongings.ownsFile(visitor, meant))
    if (!isAllowed) throw new Problem('gateway.not-your-file', { name: text.slice(0, 200) })
  }
  if (!isRecord(graph)) return
  for (const node of Object.values(graph)) if (isRecord(node)) checkNode(node, visitor, belongings)
}

function checkNode(
  { class_type: type, inputs }: Readonly<Record<string, unknown>>,
  visitor: Visitor,
  belongings: Belongings,
): void {
  if (!isRecord(inputs)) return
  for (const name of readers.get(String(type)) ?? [])
    if (isLink(inputs[name])) throw new Problem('gateway.file-by-link', { node: String(type), input: name })
  for (const [name, value] of Object.entries(inputs)) {
    if (!namesFolder.test(name) || isLink(value)) continue
    for (const folder of pathsIn(value))
      if (belongings.holdsOthersFiles(visitor, folder))
        throw new Problem('gateway.not-your-folder', { name: folder.slice(0, 200) })
  }
}
