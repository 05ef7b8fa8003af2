import { decode as decodePng } from 'fast-png'
import jpeg from 'jpeg-js'
import { hash } from '../picture/random'

/** An opaque picture: 8-bit RGB, row by row. */
export interface Raster {
  width: number
  height: number
  data: Uint8Array
}

/** A JPEG at the quality that live previews have. */
export function encodeJpeg({ width, height, data }: Raster, quality = 82): Buffer {
  const rgba = Buffer.alloc(width * height * 4, 255)
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from] ?? 0
    rgba[to + 1] = data[from + 1] ?? 0
    rgba[to + 2] = data[from + 2] ?? 0
  }
  return jpeg.encode({ width, height, data: rgba }, quality).data
}

/** What becomes of colours that are seen through: they lie on white, or stay what they are. */
export type Colours = 'on white' | 'as they are'

interface Pixels {
  width: number
  height: number
  data: ArrayLike<number>
}

/** Takes any channel count and depth to 8-bit RGB. */
function toRgb(image: Pixels, channels: number, scale: number, colours: Colours) {
  const { width, height } = image
  const out = new Uint8Array(width * height * 3)
  const opaque = channels === 1 || channels === 3 || colours === 'as they are'
  const grey = channels < 3
  for (let i = 0, from = 0, to = 0; i < width * height; i++, from += channels, to += 3) {
    const alpha = opaque ? 1 : ((image.data[from + channels - 1] ?? 0) * scale) / 255
    for (let c = 0; c < 3; c++) {
      const value = (image.data[from + (grey ? 0 : c)] ?? 0) * scale
      out[to + c] = value * alpha + 255 * (1 - alpha)
    }
  }
  return { width, height, data: out }
}

function readPng(bytes: Uint8Array, colours: Colours): Raster {
  const image = decodePng(bytes)
  if (image.palette) {
    const { palette, width, height } = image
    const data = new Uint8Array(width * height * 3)
    const perByte = 8 / image.depth
    const stride = Math.ceil(width / perByte)
    for (let i = 0; i < width * height; i++) {
      const x = i % width
      const byte = image.data[Math.floor(i / width) * stride + Math.floor(x / perByte)] ?? 0
      const index = (byte >> (8 - image.depth * ((x % perByte) + 1))) & ((1 << image.depth) - 1)
      data.set(palette[index]?.slice(0, 3) ?? [0, 0, 0], i * 3)
    }
    return { width, height, data }
  }
  return toRgb(image, image.channels, image.depth === 16 ? 1 / 257 : image.depth === 1 ? 255 : 1, colours)
}

/** WebP is known by its header only: its size is read, and its pixels are a colour drawn from its bytes. */
function readWebp(bytes: Buffer): Raster | null {
  const kind = bytes.toString('latin1', 12, 16)
  let size: [number, number] | null = null
  if (kind === 'VP8X' && bytes.length >= 30) size = [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1]
  if (kind === 'VP8 ' && bytes.length >= 30) size = [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff]
  if (kind === 'VP8L' && bytes.length >= 25) {
    const bits = bytes.readUInt32LE(21)
    size = [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
  }
  if (!size) return null
  const [width, height] = size
  const tint = hash(bytes.toString('latin1'))
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) data[i] = 96 + ((tint >>> ((i % 3) * 8)) & 0x5f)
  return { width, height, data }
}

/** Decodes PNG and JPEG, and WebP as far as its size; null for anything else or when the file is damaged. */
export function decodeImage(bytes: Buffer, colours: Colours = 'on white'): Raster | null {
  try {
    if (bytes.readUInt32BE(0) === 0x89504e47) return readPng(bytes, colours)
    if (bytes.readUInt16BE(0) === 0xffd8) {
      return toRgb(jpeg.decode(bytes, { useTArray: true, maxMemoryUsageInMB: 512 }), 4, 1, colours)
    }
    return bytes.toString('latin1', 8, 12) === 'WEBP' ? readWebp(bytes) : null
  } catch {
    return null // a damaged file is no picture
  }
}

/** A picture of the same size whose pixels are greys: `pick` gives each from the pixels and where it stands in them. */
export function mapPixels({ width, height, data }: Raster, pick: (data: Uint8Array, from: number) => number): Raster {
  const out = new Uint8Array(data.length)
  for (let at = 0; at < data.length; at += 3) out[at] = out[at + 1] = out[at + 2] = pick(data, at)
  return { width, height, data: out }
}

export const inverted = (raster: Raster): Raster => ({ ...raster, data: raster.data.map((value) => 255 - value) })

/** How opaque each pixel of a PNG is, as greys; null for a picture without transparency. */
export function decodeAlpha(bytes: Buffer): Raster | null {
  if (bytes.readUInt32BE(0) !== 0x89504e47) return null
  const { width, height, data, channels, depth } = decodePng(bytes)
  if (channels !== 2 && channels !== 4) return null
  const out = new Uint8Array(width * height * 3)
  for (let from = channels - 1, to = 0; to < out.length; from += channels, to += 3)
    out[to] = out[to + 1] = out[to + 2] = (data[from] ?? 0) / (depth === 16 ? 257 : 1)
  return { width, height, data: out }
}

/** Lays a picture over another at a place, as far as the mask's red says; where it is 0 nothing of `below` changes. */
export function composite(below: Raster, above: Raster, mask: Raster, { x, y }: { x: number; y: number }): Raster {
  const share = resize(mask, above.width, above.height)
  const data = below.data.slice()
  for (let row = 0; row < above.height && row + y < below.height; row++) {
    for (let column = 0; column < above.width && column + x < below.width; column++) {
      const from = (row * above.width + column) * 3
      const to = ((row + y) * below.width + column + x) * 3
      const amount = (share.data[from] ?? 0) / 255
      for (let c = 0; c < 3; c++) {
        const kept = data[to + c] ?? 0
        data[to + c] = Math.round(kept + ((above.data[from + c] ?? 0) - kept) * amount)
      }
    }
  }
  return { ...below, data }
}

/** Resizes: averages when it shrinks, interpolates when it grows. `crop` keeps the aspect and cuts the rest off. */
export function resize(source: Raster, width: number, height: number, crop = false): Raster {
  if (source.width === width && source.height === height) return source
  let [x0, y0, w, h] = [0, 0, source.width, source.height]
  if (crop) {
    const scale = Math.min(source.width / width, source.height / height)
    ;[w, h] = [width * scale, height * scale]
    ;[x0, y0] = [(source.width - w) / 2, (source.height - h) / 2]
  }
  const data = new Uint8Array(width * height * 3)
  const taps = Math.max(1, Math.min(8, Math.ceil(Math.max(w / width, h / height))))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * 3
      sample(
        source,
        x0 + ((x + 0.5) * w) / width,
        y0 + ((y + 0.5) * h) / height,
        [w / width, h / height, taps],
        data,
        to,
      )
    }
  }
  return { width, height, data }
}

type Footprint = [width: number, height: number, taps: number]

function sample(source: Raster, cx: number, cy: number, [fw, fh, taps]: Footprint, out: Uint8Array, to: number) {
  const sum = [0, 0, 0]
  for (let j = 0; j < taps; j++) {
    for (let i = 0; i < taps; i++) {
      const x = Math.max(0, Math.min(source.width - 1, cx + ((i + 0.5) / taps - 0.5) * fw - 0.5))
      const y = Math.max(0, Math.min(source.height - 1, cy + ((j + 0.5) / taps - 0.5) * fh - 0.5))
      const [xi, yi] = [Math.floor(x), Math.floor(y)]
      const [u, v] = [x - xi, y - yi]
      const right = xi + 1 < source.width ? 3 : 0
      const below = yi + 1 < source.height ? source.width * 3 : 0
      const at = (yi * source.width + xi) * 3
      for (let c = 0; c < 3; c++) {
        const top = (source.data[at + c] ?? 0) * (1 - u) + (source.data[at + right + c] ?? 0) * u
        const bottom = (source.data[at + below + c] ?? 0) * (1 - u) + (source.data[at + below + right + c] ?? 0) * u
        sum[c] = (sum[c] ?? 0) + top * (1 - v) + bottom * v
      }
    }
  }
  for (let c = 0; c < 3; c++) out[to + c] = (sum[c] ?? 0) / (taps * taps)
}
