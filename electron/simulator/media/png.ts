import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import type { Raster } from './raster'

const compress = promisify(deflate)

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) c = (crcTable[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(data.length + 12)
  out.writeUInt32BE(data.length, 0)
  out.write(type, 4, 'latin1')
  out.set(data, 8)
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8)
  return out
}

/** A text chunk as Pillow writes it: tEXt in Latin-1 where the text fits, else uncompressed iTXt in UTF-8. */
function textChunk(keyword: string, value: string): Buffer {
  const key = Buffer.from(keyword, 'latin1')
  const latin1 = !/[\u0100-\uffff]/.test(value)
  if (latin1) return chunk('tEXt', Buffer.concat([key, Buffer.from([0]), Buffer.from(value, 'latin1')]))
  // keyword, end, not compressed, compression method, empty language tag, empty translated keyword
  return chunk('iTXt', Buffer.concat([key, Buffer.from([0, 0, 0, 0, 0]), Buffer.from(value, 'utf8')]))
}

/** Pixels with a fourth channel: how opaque they are. */
function withAlpha({ data }: Raster, alpha: Raster): Uint8Array {
  const out = new Uint8Array((data.length / 3) * 4)
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    out.set(data.subarray(from, from + 3), to)
    out[to + 3] = alpha.data[from] ?? 255
  }
  return out
}

/** Rows with the "up" filter, which suits smooth pictures and costs one subtraction a byte. */
function filtered(data: Uint8Array, stride: number, height: number): Buffer {
  const out = Buffer.alloc((stride + 1) * height)
  for (let y = 0; y < height; y++) {
    const from = y * stride
    const to = y * (stride + 1)
    out[to] = y === 0 ? 0 : 2
    if (y === 0) out.set(data.subarray(0, stride), 1)
    else for (let i = 0; i < stride; i++) out[to + 1 + i] = (data[from + i] ?? 0) - (data[from - stride + i] ?? 0)
  }
  return out
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** An 8-bit PNG, RGBA where `alpha` (greys) is given. Compression runs on node's thread pool. Text chunks come before the pixels, as Pillow puts them. */
export async function encodePng(
  raster: Raster,
  texts: Record<string, string> = {},
  alpha: Raster | null = null,
): Promise<Buffer> {
  const pixels = alpha ? withAlpha(raster, alpha) : raster.data
  const head = Buffer.alloc(13)
  head.writeUInt32BE(raster.width, 0)
  head.writeUInt32BE(raster.height, 4)
  head.set([8, alpha ? 6 : 2, 0, 0, 0], 8)
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    ...Object.entries(texts).map(([key, value]) => textChunk(key, value)),
    chunk('IDAT', await compress(filtered(pixels, raster.width * (alpha ? 4 : 3), raster.height), { level: 4 })),
    chunk('IEND', new Uint8Array()),
  ])
}

/** Text chunks of a PNG by keyword, tEXt and uncompressed iTXt; empty for anything that is not a PNG. */
export function readPngTexts(bytes: Uint8Array): Record<string, string> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const texts: Record<string, string> = {}
  if (!file.subarray(0, 8).equals(signature)) return texts
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at)
    const type = file.toString('latin1', at + 4, at + 8)
    const data = file.subarray(at + 8, at + 8 + length)
    const end = data.indexOf(0)
    if (type === 'tEXt' && end > 0) texts[data.toString('latin1', 0, end)] = data.toString('latin1', end + 1)
    if (type === 'iTXt' && end > 0 && data[end + 1] === 0) {
      const translated = data.indexOf(0, data.indexOf(0, end + 3) + 1)
      texts[data.toString('latin1', 0, end)] = data.toString('utf8', translated + 1)
    }
    at += length + 12
  }
  return texts
}
