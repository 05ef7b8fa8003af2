/** Kinds of files that hold models, by the ends of their names. `pickle` can run code that stands in it. */
type Format = 'safetensors' | 'gguf' | 'onnx' | 'pickle'

const formats: Readonly<Record<string, Format>> = {
  safetensors: 'safetensors',
  sft: 'safetensors',
  gguf: 'gguf',
  onnx: 'onnx',
  ckpt: 'pickle',
  pt: 'pickle',
  pt2: 'pickle',
  pth: 'pickle',
  bin: 'pickle',
  pkl: 'pickle',
}

/** What a removal adds to a file's name: no service lists such a file. */
export const removedEnd = '.regie-removed'

/** What stands before and behind the name of a file that is being downloaded. */
export const partEnd = '.regie-part'

/** A file's own name, without what a removal has added. */
export const ownName = (name: string): string => (name.endsWith(removedEnd) ? name.slice(0, -removedEnd.length) : name)

/** What a name says of a file; null for one that holds no model. */
export const formatOf = (name: string): Format | null => {
  const end = /\.([a-z0-9]{1,12})$/i.exec(ownName(name))?.[1]?.toLowerCase()
  return (end === undefined ? undefined : formats[end]) ?? null
}

/** Whether to load a file can run code that somebody has put in it. */
export const runsCode = (name: string): boolean => formatOf(name) === 'pickle'
