import { inflateSync } from 'node:zlib'

/** Longest text that is unpacked, in bytes: a chunk of a few kB may claim to be gigabytes. */
const maxTextBytes = 4 * 2 ** 20

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
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
  for (let at = 8; at + 12 <= file.length;) {
    const length = view.getUint32(at)
    const type = latin1(file.subarray(at + 4, at + 8))
    const data = file.subarray(at + 8, at + 8 + length)
    if (data.length < length || type === 'IEND') break
    const text = readChunk(type, data)
    if (text) texts.push(text)
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
