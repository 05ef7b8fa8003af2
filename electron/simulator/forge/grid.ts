import type { Raster } from '../media/raster'

/** Pictures of one size side by side, as near to a square as their number allows. */
export function gridOf(rasters: readonly Raster[]): Raster {
  const [first] = rasters
  if (!first) throw new Error('a grid needs a picture')
  const rows = Math.max(1, Math.floor(Math.sqrt(rasters.length)))
  const columns = Math.ceil(rasters.length / rows)
  const [width, height] = [first.width * columns, first.height * rows]
  const data = new Uint8Array(width * height * 3)
  for (const [i, raster] of rasters.entries()) {
    const left = (i % columns) * first.width
    const top = Math.floor(i / columns) * first.height
    for (let y = 0; y < first.height; y++) {
      const row = raster.data.subarray(y * first.width * 3, (y + 1) * first.width * 3)
      data.set(row, ((top + y) * width + left) * 3)
    }
  }
  return { width, height, data }
}
