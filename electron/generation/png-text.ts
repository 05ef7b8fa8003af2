import { open } from 'node:fs/promises'
import { inflateSync } from 'node:zlib'
import { beginning, type Redact } from '../logs/cutting'
import { Problem } from '../../shared/problems'

/** Longest text that is unpacked, in bytes: a chunk of a few kB may claim to be gigabytes. */
const maxTextBytes = 4 * 2 ** 20
/** And of all texts of a file together: there may be thousands such chunks. */
const maxTextsBytes = 4 * maxTextBytes

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** `comf` is ComfyUI's own, in animated files; it is built as a tEXt is. */
const textTypes = /^(?:tEXt|zTXt|iTXt|comf)$/
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const utf8 = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

/**
 * The text chunks of a PNG by keyword: `parameters` from Forge, `prompt` and `workflow` from ComfyUI (tEXt, zTXt and
 * iTXt of the PNG specification, section 11.3.4). What is no PNG has none; a torn file gives what came before the tear.
 */
export function readPngText(file: Uint8Array): Record<string, string> {
  const texts: [string, string][] = []
  if (!signature.every((byte, i) => file[i] === byte)) return {}
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  let left = maxTextsBytes
  for (let at = 8; at + 12 <= file.length && left > 0;) {
    const length = view.getUint32(at)
    const type = latin1(file.subarray(at + 4, at + 8))
    const data = file.subarray(at + 8, at + 8 + length)
    if (data.length < length || type === 'IEND') break
    if (textTypes.test(type)) {
      const text = length > maxTextBytes ? null : readChunk(type, data)
      if (text) texts.push(text)
      // What could not be unpacked was tried up to its limit.
      left -= text ? text[1].length : maxTextBytes
    }
    at += 12 + length
  }
  return Object.fromEntries(texts)
}

function readChunk(type: string, data: Uint8Array): [string, string] | null {
  const end = data.indexOf(0)
  if (end < 1) return null
  const keyword = latin1(data.subarray(0, end))
  const rest = data.subarray(end + 1)
  switch (type) {
    case 'tEXt':
    case 'comf':
      // The specification says Latin-1, but Pillow and others write UTF-8 when they must.
      return [keyword, readLoose(rest)]
    case 'zTXt': {
      const text = unpack(rest.subarray(1))
      return text && [keyword, readLoose(text)]
    }
    case 'iTXt': {
      const isPacked = rest[0] === 1
      const language = rest.indexOf(0, 2)
      const translated = language < 0 ? -1 : rest.indexOf(0, language + 1)
      if (translated < 0) return null
      const text = rest.subarray(translated + 1)
      const unpacked = isPacked ? unpack(text) : text
      return unpacked && [keyword, utf8(unpacked)]
    }
    default:
      return null
  }
}

function readLoose(bytes: Uint8Array): string {
  const text = utf8(bytes)
  return text.includes('\uFFFD') ? latin1(bytes) : text
}

function unpack(bytes: Uint8Array): Uint8Array | null {
  try {
    return inflateSync(bytes, { maxOutputLength: maxTextBytes })
  } catch {
    return null
  }
}

/** So much of a file is looked at in one go, in bytes. */
const windowBytes = 64 * 1024
/** A large PNG has a part for every 8 kB of it. */
const mostParts = 1_000_000

/** The text parts of a PNG file, each with the place of its beginning; of one that is too long, an empty one. */
async function* textParts(read: (at: number, length: number) => Promise<Buffer>) {
  let window = await read(0, windowBytes)
  let windowAt = 0
  if (!signature.every((byte, i) => window[i] === byte)) return
  let at = 8
  for (let part = 0; ; part += 1) {
    if (part > mostParts) throw new Problem('generation.bad-image', { detail: 'too many parts' })
    if (at < windowAt || at + 8 > windowAt + window.length) [window, windowAt] = [await read(at, windowBytes), at]
    if (window.length < at - windowAt + 8) return
    const length = window.readUInt32BE(at - windowAt)
    const type = window.toString('latin1', at - windowAt + 4, at - windowAt + 8)
    if (type === 'IEND') return
    if (textTypes.test(type))
      yield { at, type, length, data: length > maxTextBytes ? Buffer.alloc(0) : await read(at + 8, length) }
    at += 12 + length
  }
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

/** The checksum of a part (PNG specification, annex D). */
const crc32 = (bytes: Uint8Array): number =>
  (bytes.reduce((crc, byte) => (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0

/** A text part of the same length that says, under the same keyword, what may be said; the rest is blank. */
function saying(keyword: string, text: string, length: number): Buffer {
  const data = Buffer.alloc(length, ' ')
  const said = Buffer.from(`${keyword}\0${text}`, 'utf8').subarray(0, length)
  said.copy(data)
  if (data.indexOf(0) < 0) data.write('x\0', 'latin1')
  const typed = Buffer.concat([Buffer.from('tEXt', 'latin1'), data])
  const crc = Buffer.alloc(4)
  crc.writeUInt32BE(crc32(typed))
  return Buffer.concat([typed, crc])
}

/**
 * Takes secrets out of what a backend wrote into a PNG file as text, in its place: the picture and every other part
 * stay as they are. A text that is too long to be read is blanked. What is no PNG stays as it is. Resolves with whether
 * anything was changed.
 */
export async function hideInPngText(file: string, redact: Redact): Promise<boolean> {
  let isChanged = false
  const handle = await open(file, 'r+')
  try {
    const read = async (at: number, length: number) => {
      const bytes = Buffer.alloc(length)
      const { bytesRead } = await handle.read(bytes, 0, length, at)
      return bytes.subarray(0, bytesRead)
    }
    for await (const { at, type, length, data } of textParts(read)) {
      if (length < 3 || (data.length > 0 && data.length < length)) continue
      const found = readChunk(type, data)
      const isUnreadable = data.length === 0 || found === null
      if (!isUnreadable && redact(found[1]) === found[1] && redact(found[0]) === found[0]) continue
      const text = isUnreadable ? '' : beginning(found[1], length, redact)
      const replacement = saying(redact(found?.[0] ?? 'text'), text, length)
      await handle.write(replacement, 0, replacement.length, at + 4)
      isChanged = true
    }
    return isChanged
  } finally {
    await handle.close()
  }
}
