import { safeFileName } from '../../../shared/file-names'
import { formatOf, partEnd, removedEnd } from '../formats'

const ends = /\.(?:safetensors|sft|gguf|onnx|ckpt|pt2?|pth|bin|pkl)$/i

/**
 * The name under which a download is kept, as every system takes it; null for what is no file of a model. Never hidden,
 * never in another folder, and never what Regie itself puts there.
 */
export function modelFileName(given: string): string | null {
  const last = given.split(/[\\/]/).at(-1) ?? ''
  const end = ends.exec(last.trim())?.[0]
  if (end === undefined || last.endsWith(partEnd) || last.endsWith(removedEnd)) return null
  const name = safeFileName(last.trim().slice(0, -end.length), end.toLowerCase())
  return formatOf(name) === null || name.startsWith('.') ? null : name
}
