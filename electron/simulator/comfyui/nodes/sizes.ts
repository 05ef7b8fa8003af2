interface Size {
  width: number
  height: number
}

/** The multiple of `step` that is nearest to a length, and at least one of them. */
export const nearMultiple = (length: number, step: number) => Math.max(step, Math.round(length / step) * step)

/** The size of about so many pixels at the aspect of a picture. */
export function sizeOfPixels({ width, height }: Size, pixels: number, step: number): Size {
  const scale = Math.sqrt(pixels / (width * height))
  return { width: nearMultiple(width * scale, step), height: nearMultiple(height * scale, step) }
}
