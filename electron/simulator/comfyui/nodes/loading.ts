import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { decodeAlpha, decodeImage, inverted, type Raster } from '../../media/raster'
import { existingFile } from '../files'
import { NodeException } from '../values'
import type { NodeClass } from './node'

/** How a class checks and watches the picture that it names. */
export const named: Pick<NodeClass, 'check' | 'changed'> = {
  check: {
    input: 'image',
    complain: (value, folder) =>
      existingFile(folder, String(value)) === null ? `Invalid image file: ${String(value)}` : null,
  },
  changed: (inputs, folder) => {
    const file = existingFile(folder, String(inputs['image']))
    return file === null ? '' : createHash('sha256').update(readFileSync(file)).digest('hex')
  },
}

/** A picture that a node names. Throws a NodeException for one that cannot be read. */
export async function openPicture(folder: string, name: string): Promise<{ file: string; raster: Raster }> {
  const file = existingFile(folder, name)
  const raster = file === null ? null : decodeImage(await readFile(file), 'as they are')
  if (file === null || !raster)
    throw new NodeException('PIL.UnidentifiedImageError', `cannot identify image file '${file ?? ''}'`)
  return { file, raster }
}

/** Where a picture may be seen through, as `LoadImage` gives it: black all over where it has no transparency. */
export async function transparencyOf(file: string): Promise<Raster> {
  const alpha = decodeAlpha(await readFile(file))
  return alpha ? inverted(alpha) : { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) }
}
