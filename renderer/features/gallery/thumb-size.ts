export const thumbSizes = ['small', 'medium', 'large'] as const
export type ThumbSize = (typeof thumbSizes)[number]

/** Least width of a thumbnail, in px. */
export const thumbWidths: Record<ThumbSize, number> = { small: 104, medium: 148, large: 220 }

const key = 'regie.gallery.thumb-size'

export const isThumbSize = (text: string | null): text is ThumbSize =>
  (thumbSizes as readonly (string | null)[]).includes(text)

export function readThumbSize(): ThumbSize {
  const text = localStorage.getItem(key)
  return isThumbSize(text) ? text : 'medium'
}

export const keepThumbSize = (size: ThumbSize): void => localStorage.setItem(key, size)
