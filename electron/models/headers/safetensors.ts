import type { FileHandle } from 'node:fs/promises'

/** The shapes of what a file holds, by name, and what its makers wrote beside. */
export interface Tensors {
  shapes: ReadonlyMap<string, readonly number[]>
  notes: Readonly<Record<string, string>>
}

/**
 * A header is no longer than this in bytes: those of the largest models are below 1 MiB. The format itself allows 100 MB,
 * which would cost half a second for each file that claims so much.
 */
const longest = 16 * 2 ** 20
/** So many tensors a header names at most: a LoRA of a video model has 5000. */
const mostTensors = 100_000
const mostDimensions = 16
const longestNote = 1000

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** The shape of one entry, and where it ends; null for what is no entry. */
function entryOf(value: unknown): { shape: number[]; end: number } | null {
  if (typeof value !== 'object' || value === null) return null
  const { shape, data_offsets: offsets }: { shape?: unknown; data_offsets?: unknown } = value
  if (!Array.isArray(shape) || shape.length > mostDimensions || !shape.every(isCount)) return null
  if (!Array.isArray(offsets) || offsets.length !== 2) return null
  const begin: unknown = offsets[0]
  const end: unknown = offsets[1]
  return isCount(begin) && isCount(end) && begin <= end ? { shape, end } : null
}

function notesOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {}
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= longestNote,
  )
  return Object.fromEntries(texts)
}

/** What a parsed header says of a file with so many bytes behind it; null for what is none. */
function tensorsOf(parsed: unknown, dataBytes: number): Tensors | null {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
  const shapes = new Map<string, readonly number[]>()
  let notes: Tensors['notes'] = {}
  for (const [name, value] of Object.entries(parsed)) {
    if (name === '__metadata__') {
      notes = notesOf(value)
      continue
    }
    const entry = entryOf(value)
    // What ends behind the file's end was cut short, or never was what it says.
    if (!entry || entry.end > dataBytes || shapes.size >= mostTensors) return null
    shapes.set(name, entry.shape)
  }
  return shapes.size > 0 ? { shapes, notes } : null
}

/**
 * Reads the header of a safetensors file, which is never run; null for what is none, or beyond what is read. Costs no more
 * than in proportion to the header, whatever stands there. https://huggingface.co/docs/safetensors/index#format
 */
export async function readSafetensors(file: FileHandle, size: number): Promise<Tensors | null> {
  const begin = Buffer.alloc(8)
  if (size < 10 || (await file.read(begin, 0, 8, 0)).bytesRead < 8) return null
  const length = begin.readBigUInt64LE()
  if (length > BigInt(longest) || length < 2n || length > BigInt(size - 8)) return null
  const text = Buffer.alloc(Number(length))
  if ((await file.read(text, 0, text.length, 8)).bytesRead < text.length) return null
  if (text[0] !== '{'.charCodeAt(0)) return null
  try {
    return tensorsOf(JSON.parse(text.toString('utf8')), size - 8 - text.length)
  } catch {
    return null // no JSON, or one that nests deeper than is read
  }
}
