import { mediaOf } from '../../../shared/media'
import { Problem } from '../../../shared/problems'
import { sniffMedia } from '../../kinds/image-type'
import { loadSharp } from '../sharp'

/** The longest side and the most pixels of a picture that is taken. A few bytes may claim to be many gigabytes. */
const longestSide = 8192
const mostPixels = 40_000_000

/** A picture as it is kept: upright, and without what a camera or a program wrote into it. */
export interface TidyPicture {
  bytes: Buffer
  mime: 'image/png' | 'image/jpeg'
  width: number
  height: number
}

const unreadable = (detail: string, cause?: unknown) =>
  new Problem('picture.unreadable', { detail }, cause === undefined ? undefined : { cause })

/** Throws a Problem for a file of a type that nothing can be generated from. */
export function assertUsable(mime: string): void {
  const { name, shown } = mediaOf(mime)
  if (shown !== 'image') throw new Problem('picture.not-usable', { type: name })
}

/**
 * Reads a picture and writes it anew: turned as its camera says, so that what a person saw is what is sent, in sRGB and
 * without places, texts and profiles. A JPEG stays one; all else becomes a PNG, which loses nothing. Throws a Problem for
 * what is no picture that can be read, and for one with too many pixels, which is never unpacked.
 */
export async function tidyPicture(given: Uint8Array): Promise<TidyPicture> {
  const type = sniffMedia(given)
  if (type === null) throw unreadable('neither PNG, JPEG, WebP, AVIF nor GIF')
  assertUsable(type)
  const sharp = await loadSharp()
  const reader = () => sharp(given, { limitInputPixels: mostPixels, failOn: 'error' })
  // sharp's errors carry no code: a header that cannot be read means that these bytes are no picture.
  const { width, height } = await sharp(given, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw unreadable('its header cannot be read', error)
    })
  if (width * height > mostPixels || Math.max(width, height) > longestSide)
    throw new Problem('picture.too-many-pixels', {
      width,
      height,
      most: Math.floor(mostPixels / 1_000_000),
      side: longestSide,
    })
  const upright = reader().rotate().toColourspace('srgb')
  const written =
    type === 'image/jpeg'
      ? upright.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      : upright.png({ compressionLevel: 6 })
  const { data, info } = await written.toBuffer({ resolveWithObject: true }).catch((error: unknown) => {
    throw unreadable('it is broken or cut off', error)
  })
  const mime = type === 'image/jpeg' ? 'image/jpeg' : 'image/png'
  return { bytes: data, mime, width: info.width, height: info.height }
}
