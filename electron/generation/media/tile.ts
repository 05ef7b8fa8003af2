import { mediaOf } from '../../../shared/media'
import { loadSharp } from '../sharp'
import type { Pixels } from './source'

/**
 * Letters of what a tile says, as lines on a grid of 4 × 6: there need be no font on a machine, and what is there looks
 * otherwise on each.
 */
const glyphs: Readonly<Record<string, string>> = {
  A: 'M0 6V2L2 0L4 2V6M0 4H4',
  B: 'M0 0V6H3L4 5V4L3 3H0M3 3L4 2V1L3 0H0',
  E: 'M4 0H0V6H4M0 3H3',
  F: 'M4 0H0V6M0 3H3',
  G: 'M4 1L3 0H1L0 1V5L1 6H3L4 5V3H2.4',
  I: 'M2 0V6M1 0H3M1 6H3',
  J: 'M4 0V5L3 6H1L0 5',
  K: 'M0 0V6M4 0L0 3.4M1.4 2.4L4 6',
  M: 'M0 6V0L2 2.6L4 0V6',
  N: 'M0 6V0L4 6V0',
  O: 'M1 0H3L4 1V5L3 6H1L0 5V1L1 0',
  P: 'M0 6V0H3L4 1V2L3 3H0',
  R: 'M0 6V0H3L4 1V2L3 3H0M2.4 3L4 6',
  V: 'M0 0L2 6L4 0',
  W: 'M0 0L0.8 6L2 3L3.2 6L4 0',
  X: 'M0 0L4 6M4 0L0 6',
  '0': 'M1 0H3L4 1V5L3 6H1L0 5V1L1 0',
  '1': 'M1 1L2 0V6M1 6H3',
  '2': 'M0 1L1 0H3L4 1V2L0 6H4',
  '3': 'M0 0H4L2 2.4H3L4 3.4V5L3 6H1L0 5',
  '4': 'M3 6V0L0 4H4',
  '5': 'M4 0H0V2.5H3L4 3.5V5L3 6H0',
  '6': 'M3.6 0H2L0 2V5L1 6H3L4 5V4L3 3H0',
  '7': 'M0 0H4L1.6 6',
  '8': 'M1 0H3L4 1V2L3 3H1L0 2V1L1 0M1 3L0 4V5L1 6H3L4 5V4L3 3',
  '9': 'M0.4 6H2L4 4V1L3 0H1L0 1V2L1 3H4',
  '×': 'M1 2L3 4M3 2L1 4',
}

const side = 384
const step = 5.6

/** A line of text with its middle at `x`; `height` of its letters and the width of their lines, in px. */
function written(text: string, at: { x: number; y: number; height: number; line: number; colour: string }): string {
  const scale = at.height / 6
  const letters = Array.from(text.toUpperCase())
  const left = at.x - ((letters.length - 1) * step * scale + 4 * scale) / 2
  const paths = letters.flatMap((letter, n) => {
    const lines = glyphs[letter]
    if (lines === undefined) return []
    const place = `translate(${left + n * step * scale} ${at.y}) scale(${scale})`
    return `<path transform="${place}" d="${lines}" stroke-width="${at.line / scale}"/>`
  })
  return `<g stroke="${at.colour}">${paths.join('')}</g>`
}

/** A strip of film, or a picture that is not shown. */
const icons = {
  video:
    '<rect x="-44" y="-34" width="88" height="68" rx="9"/><path d="M-24 -34V34M24 -34V34M-44 -11H-24M-44 11H-24M24 -11H44M24 11H44"/>',
  picture:
    '<rect x="-42" y="-36" width="84" height="72" rx="9"/><circle cx="-17" cy="-12" r="8"/><path d="M-42 22L-14 -2L10 22L24 8L42 24"/>',
}

/** What stands in the place of a picture that cannot be made: an icon, the type, and the size where it is known. As an SVG. */
export function tileSvg(mime: string, pixels: Pixels | null): string {
  const { name, shown } = mediaOf(mime)
  const middle = side / 2
  const title = written(name, { x: middle, y: 206, height: 40, line: 6, colour: '#e6e9ee' })
  const size = pixels
    ? written(`${pixels.width} × ${pixels.height}`, { x: middle, y: 272, height: 18, line: 2.6, colour: '#a9b1bc' })
    : ''
  const icon = `<g transform="translate(${middle} 140)" stroke="#8fa0b5" stroke-width="5">${icons[shown === 'video' ? 'video' : 'picture']}</g>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="100%" height="100%" fill="#2a2f37"/><g fill="none" stroke-linecap="round" stroke-linejoin="round">${icon}${title}${size}</g></svg>`
}

/** The same as a WebP. */
export async function tileOf(mime: string, pixels: Pixels | null): Promise<Buffer<ArrayBuffer>> {
  const sharp = await loadSharp()
  return Buffer.from(
    await sharp(Buffer.from(tileSvg(mime, pixels)))
      .webp({ quality: 80 })
      .toBuffer(),
  )
}
