import { Buffer } from 'node:buffer'
import type { MediaMime } from '../../shared/media'

/** What is taken as a preview, and from people to generate from. */
export type ImageMime = 'image/png' | 'image/jpeg' | 'image/webp'

/** So many first bytes are enough to tell the type of a file. */
export const tellingBytes = 256

/** Brands of MP4 (ISO/IEC 14496-12 and mp4ra.org). Songs and HEIF pictures have some of them too. */
const mp4 = /^(?:iso[m1-9abc]|mp4[12]|avc1|dash|msdh|M4V |MSNV|f4v |F4V |3g[p2s].|cmf[c2]|av01|hvc1)$/
const notMp4 = /^(?:M4[ABP] |hei[cfsxm]|hev[cfsx]|mif1|msf1|jpm |jpx |crx )$/

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** The type of a file that begins with an `ftyp` box: the box's own brand first, then those that it is compatible with. */
function sniffBrands(bytes: Uint8Array): MediaMime | null {
  const length = Buffer.from(bytes.subarray(0, 4)).readUInt32BE()
  const brands: string[] = []
  // Behind the first stands a version.
  for (let at = 8; at + 4 <= Math.min(length, bytes.length); at += at === 8 ? 8 : 4)
    brands.push(latin1(bytes.subarray(at, at + 4)))
  const [first = ''] = brands
  if (brands.includes('avif') || brands.includes('avis')) return 'image/avif'
  if (first === 'qt  ') return 'video/quicktime'
  return !notMp4.test(first) && brands.some((brand) => mp4.test(brand)) ? 'video/mp4' : null
}

/** The DocType in an EBML header (RFC 8794, section 11.2.6), looked for among the elements of the header. */
function sniffDocType(bytes: Uint8Array): MediaMime | null {
  const at = latin1(bytes).indexOf('\x42\x82')
  const length = (bytes[at + 2] ?? 0) & 0x7f
  if (at < 0 || ((bytes[at + 2] ?? 0) & 0x80) === 0) return null
  const type = latin1(bytes.subarray(at + 3, at + 3 + length)).replace(/\0+$/, '')
  return type === 'webm' ? 'video/webm' : type === 'matroska' ? 'video/x-matroska' : null
}

/**
 * The type that a file's first bytes tell (`tellingBytes` are enough), or null when it is none that Regie keeps. What a
 * service says of it does not count.
 */
export function sniffMedia(bytes: Uint8Array): MediaMime | null {
  const starts = (offset: number, ...values: number[]) => values.every((value, i) => bytes[offset + i] === value)
  if (starts(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (starts(0, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (starts(0, 0x52, 0x49, 0x46, 0x46) && starts(8, 0x57, 0x45, 0x42, 0x50)) return 'image/webp'
  if (/^GIF8[79]a/.test(latin1(bytes.subarray(0, 6)))) return 'image/gif'
  if (starts(0, 0x76, 0x2f, 0x31, 0x01)) return 'image/x-exr'
  if (starts(4, 0x66, 0x74, 0x79, 0x70)) return sniffBrands(bytes)
  if (starts(0, 0x1a, 0x45, 0xdf, 0xa3)) return sniffDocType(bytes.subarray(0, tellingBytes))
  return null
}

const isImageMime = (mime: MediaMime | null): mime is ImageMime =>
  mime === 'image/png' || mime === 'image/jpeg' || mime === 'image/webp'

/** The same of a picture that is shown at once or given to a service: PNG, JPEG or WebP, or null. */
export function sniffImage(bytes: Uint8Array): ImageMime | null {
  const mime = sniffMedia(bytes)
  return isImageMime(mime) ? mime : null
}

/** Decodes base64 with or without a `data:` prefix; null when it is no picture. */
export function decodeImage(base64: string): { bytes: Buffer; mime: ImageMime } | null {
  const bytes = Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64')
  const mime = sniffImage(bytes)
  return mime === null ? null : { bytes, mime }
}
