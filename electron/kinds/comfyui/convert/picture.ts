import { readPngTexts } from '../../../../shared/png-parameters'

type Texts = ReadonlyMap<string, string>

const startsWith = (bytes: Uint8Array, start: string, at = 0): boolean =>
  bytes.length >= at + start.length && Buffer.from(start, 'latin1').equals(bytes.subarray(at, at + start.length))

/** What is looked at of EXIF: so many tags of a folder, and so much text, in bytes: tags may all name the same. */
const mostTags = 200
const mostText = 16 * 2 ** 20
/** What a camera or a program said of a picture at length: where some nodes put all of it. */
const userComment = 0x9286
const furtherTags = 0x8769

/** Where a picture keeps EXIF: what follows the mark of its byte order. */
function exifOf(bytes: Uint8Array): Uint8Array | null {
  const from = startsWith(bytes, 'Exif\0\0') ? 6 : 0
  return startsWith(bytes, 'II', from) || startsWith(bytes, 'MM', from) ? bytes.subarray(from) : null
}

/** The texts of EXIF in a row (ComfyUI writes `prompt:{…}` and `workflow:{…}`), those of the tags that it refers to as well. */
function exifTexts(exif: Uint8Array): string[] {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength)
  const isLittle = startsWith(exif, 'II')
  const short = (at: number) => (at + 2 <= exif.length ? view.getUint16(at, isLittle) : 0)
  const long = (at: number) => (at + 4 <= exif.length ? view.getUint32(at, isLittle) : 0)
  const texts: string[] = []
  const folders = [long(4)]
  let left = mostText
  // There may be one more, and none of its own.
  for (const [depth, folder] of folders.entries()) {
    const count = Math.min(short(folder), mostTags)
    for (let i = 0; i < count; i += 1) {
      const at = folder + 2 + 12 * i
      const [tag, length] = [short(at), long(at + 4)]
      if (tag === furtherTags && depth === 0) folders.push(long(at + 8))
      const isText = short(at + 2) === 2 || tag === userComment
      if (!isText || length <= 4) continue
      const from = long(at + 8)
      left -= Math.min(length, exif.length)
      if (left < 0) return texts
      texts.push(readText(exif.subarray(from, from + length), isLittle))
    }
  }
  return texts
}

/** A text of EXIF: UTF-8, or what a comment says of itself in its first eight bytes. */
function readText(bytes: Uint8Array, isLittle: boolean): string {
  const encoding = startsWith(bytes, 'UNICODE\0') ? (isLittle ? 'utf-16le' : 'utf-16be') : 'utf-8'
  const isMarked = startsWith(bytes, 'UNICODE\0') || startsWith(bytes, 'ASCII\0\0\0')
  return new TextDecoder(encoding).decode(isMarked ? bytes.subarray(8) : bytes).replace(/\0+$/, '')
}

/** `prompt:{…}` is the text `prompt`; JSON alone is both; anything else are parameters of a generation. */
function named(texts: readonly string[]): Texts {
  const found = new Map<string, string>()
  for (const text of texts) {
    const [, name, rest = ''] = /^(prompt|workflow):([^]*)$/i.exec(text) ?? []
    if (name !== undefined) found.set(name.toLowerCase(), rest)
    else if (/^\s*\{/.test(text)) found.set('json', text)
    else if (/(?:^|\n)Steps: \d/.test(text)) found.set('parameters', text)
  }
  return found
}

/** The part of a WebP file that holds EXIF. */
function exifOfWebp(bytes: Uint8Array): Uint8Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true)
    if (startsWith(bytes, 'EXIF', at)) return exifOf(bytes.subarray(at + 8, at + 8 + length))
    at += 8 + length + (length % 2)
  }
  return null
}

/** The part of a JPEG file that holds EXIF: before the picture itself begins. */
function exifOfJpeg(bytes: Uint8Array): Uint8Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda;) {
    const length = view.getUint16(at + 2)
    const found = bytes[at + 1] === 0xe1 ? exifOf(bytes.subarray(at + 4, at + 2 + length)) : null
    if (found) return found
    at += 2 + length
  }
  return null
}

/**
 * What programs wrote into a picture, by keyword: `prompt` and `workflow` of ComfyUI, `parameters` of others, `json`
 * where a text has no name. Null for what is no PNG, WebP or JPEG.
 */
export function textsInPicture(bytes: Uint8Array): Texts | null {
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return readPngTexts(bytes)
  const isWebp = startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)
  if (!isWebp && !startsWith(bytes, '\xff\xd8\xff')) return null
  const exif = isWebp ? exifOfWebp(bytes) : exifOfJpeg(bytes)
  return exif ? named(exifTexts(exif)) : new Map()
}
