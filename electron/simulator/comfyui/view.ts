import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { empty, type Reply } from '../http/reply'
import { header, type Call } from '../http/server'
import { encodePng } from '../media/png'
import { decodeImage, encodeJpeg, type Raster } from '../media/raster'
import { annotated, isFolderType, isInside } from './files'

const types: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.json': 'application/json',
  '.txt': 'text/plain',
}

/** `channel=a`: the alpha of a picture without transparency is white. */
const opaque = ({ width, height, data }: Raster): Raster => ({
  width,
  height,
  data: new Uint8Array(data.length).fill(255),
})

async function reencoded(call: Call, bytes: Buffer, disposition: string): Promise<Reply | null> {
  const preview = call.query.get('preview')
  const channel = call.query.get('channel')
  if (preview === null && channel !== 'rgb' && channel !== 'a') return null
  const raster = decodeImage(bytes)
  if (!raster) return null
  const headers = { 'content-disposition': disposition }
  if (preview !== null) {
    // There is no WebP encoder here: every preview is a JPEG, and says so.
    const quality = Number(preview.split(';')[1] ?? 90)
    const body = encodeJpeg(raster, Number.isFinite(quality) ? quality : 90)
    return { status: 200, headers: { ...headers, 'content-type': 'image/jpeg' }, body }
  }
  const body = await encodePng(channel === 'a' ? opaque(raster) : raster)
  return { status: 200, headers: { ...headers, 'content-type': 'image/png' }, body }
}

function ranged(call: Call, bytes: Buffer, headers: Record<string, string>): Reply {
  const range = /^bytes=(\d*)-(\d*)$/.exec(header(call, 'range') ?? '')
  if (!range || (range[1] === '' && range[2] === '')) return { status: 200, headers, body: bytes }
  const suffix = range[1] === ''
  const start = suffix ? Math.max(0, bytes.length - Number(range[2])) : Number(range[1])
  const end = suffix || range[2] === '' ? bytes.length : Math.min(bytes.length, Number(range[2]) + 1)
  if (start >= end) return { status: 416, headers: { 'content-range': `bytes */${bytes.length}` }, body: '' }
  const content = `bytes ${start}-${end - 1}/${bytes.length}`
  return { status: 206, headers: { ...headers, 'content-range': content }, body: bytes.subarray(start, end) }
}

/** GET `/view`: a file of the output, input or temp folder. */
export async function view(call: Call, folder: string): Promise<Reply> {
  const asked = call.query.get('filename')
  if (asked === null || asked === '') return empty(404)
  const { name, type } = annotated(asked, 'output')
  if (name.startsWith('/') || name.includes('..')) return empty(400)
  const chosen = call.query.get('type') ?? type
  if (!isFolderType(chosen)) return empty(400)
  const base = path.join(folder, chosen)
  const subfolder = path.resolve(base, call.query.get('subfolder') ?? '')
  if (!isInside(base, subfolder)) return empty(403)
  const file = path.join(subfolder, path.basename(name))
  // Folders in the file name are not looked into: they belong in `subfolder`.
  const info = path.basename(name) === name ? await stat(file).catch(() => null) : null
  if (!info?.isFile()) return empty(404)
  const bytes = await readFile(file)
  const disposition = `filename="${path.basename(name)}"`
  return (
    (await reencoded(call, bytes, disposition)) ??
    ranged(call, bytes, {
      'content-type': types[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
      'content-disposition': disposition,
      'accept-ranges': 'bytes',
      etag: `"${createHash('sha1').update(`${info.mtimeMs}-${info.size}`).digest('hex').slice(0, 16)}"`,
      'last-modified': info.mtime.toUTCString(),
    })
  )
}
