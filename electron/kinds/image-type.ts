import type { Buffer } from 'node:buffer'

export type ImageMime = 'image/png' | 'image/jpeg' | 'image/webp'

/** The type that a picture's first bytes tell, or null when it is none that Regie keeps. */
export function sniffImage(bytes: Uint8Array): ImageMime | null {
  const starts = (offset: number, ...values: number[]) => values.every((value, i) => bytes[offset + i] === value)
  if (starts(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (starts(0, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (starts(0, 0x52, 0x49, 0x46, 0x46) && starts(8, 0x57, 0x45, 0x42, 0x50)) return 'image/webp'
  return null
}

/** Decodes base64 with or without a `data:` prefix; null when it is no picture. */
export function decodeImage(base64: string): { bytes: Buffer; mime: ImageMime } | null {
  const bytes = globalThis.Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64')
  const mime = sniffImage(bytes)
  return mime === null ? null : { bytes, mime }
}
