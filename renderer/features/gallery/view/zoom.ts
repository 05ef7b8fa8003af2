/** Sizes and offsets in CSS px; `scale` is CSS px for each pixel of the image. */
export interface Size {
  width: number
  height: number
}

export interface Point {
  x: number
  y: number
}

/** How an image is looked at: fitted into the stage, or at a scale with its centre so far from the stage's. */
export type View = { kind: 'fit' } | { kind: 'scale'; scale: number; x: number; y: number }

export const fit: View = { kind: 'fit' }

const least = 0.05
const most = 16

/** The scale at which all of the image is seen; 1 where a size is not known yet. */
export function fitScale(image: Size, stage: Size): number {
  if (image.width <= 0 || image.height <= 0 || stage.width <= 0 || stage.height <= 0) return 1
  return Math.min(stage.width / image.width, stage.height / image.height)
}

const clamp = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value))

/** An image that is larger than the stage covers it; a smaller one stays in its middle. */
function within(view: { scale: number } & Point, image: Size, stage: Size): View {
  const limit = (side: 'width' | 'height') => Math.max(0, (image[side] * view.scale - stage[side]) / 2)
  return { kind: 'scale', scale: view.scale, x: clamp(view.x, limit('width')), y: clamp(view.y, limit('height')) }
}

/** Scale and offset of a view. */
export function placed(view: View, image: Size, stage: Size): { scale: number } & Point {
  return view.kind === 'fit' ? { scale: fitScale(image, stage), x: 0, y: 0 } : view
}

/** Zooms to a scale; the point (from the stage's centre) stays where it is. */
export function zoomedTo(view: View, scale: number, at: Point, { image, stage }: { image: Size; stage: Size }): View {
  const now = placed(view, image, stage)
  const next = Math.min(most, Math.max(Math.min(least, fitScale(image, stage)), scale))
  const factor = next / now.scale
  const x = at.x - (at.x - now.x) * factor
  const y = at.y - (at.y - now.y) * factor
  return within({ scale: next, x, y }, image, stage)
}

/** Moves the image. */
export function panned(view: View, by: Point, { image, stage }: { image: Size; stage: Size }): View {
  const now = placed(view, image, stage)
  return within({ scale: now.scale, x: now.x + by.x, y: now.y + by.y }, image, stage)
}

const steps = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16]

/** The next round scale, larger or smaller. */
export function nextStep(scale: number, direction: 1 | -1): number {
  const further =
    direction > 0 ? steps.find((step) => step > scale * 1.01) : steps.findLast((step) => step < scale * 0.99)
  return further ?? (direction > 0 ? most : least)
}

/** Which part of the image is seen, as fractions of it. */
export function seenPart(
  view: View,
  image: Size,
  stage: Size,
): { left: number; top: number; width: number; height: number } {
  const { scale, x, y } = placed(view, image, stage)
  const part = (side: 'width' | 'height', offset: number) => {
    const whole = image[side] * scale
    const size = Math.min(1, stage[side] / whole)
    const begin = Math.min(1 - size, Math.max(0, (whole - stage[side]) / 2 / whole - offset / whole))
    return { begin, size }
  }
  const [across, down] = [part('width', x), part('height', y)]
  return { left: across.begin, top: down.begin, width: across.size, height: down.size }
}
