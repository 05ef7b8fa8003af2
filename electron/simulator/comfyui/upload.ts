import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readForm, type Form, type FormFile } from '../http/forms'
import { empty, json, type Reply } from '../http/reply'
import type { Call } from '../http/server'
import { encodePng, readPngTexts } from '../media/png'
import { decodeAlpha, decodeImage } from '../media/raster'
import { annotated, isFolderType, isInside } from './files'
import { isObject, type Json } from './graph'
import { aiohttpError } from './login'
import { str } from './python'

/**
 * Where a file goes that was sent in a form, under another name when a different one has that name already. `save` writes
 * it; what is answered does not depend on whether it did.
 */
async function receive(
  call: Call,
  folder: string,
  save: (target: string, form: Form, image: FormFile) => Promise<void>,
) {
  const form = await readForm(call)
  const image = form?.files.get('image')
  if (!form || !image || image.filename === '') return empty(400)
  const type = form.fields.get('type') ?? 'input'
  if (!isFolderType(type)) return aiohttpError
  const base = path.join(folder, type)
  const subfolder = path.normalize(form.fields.get('subfolder') ?? '')
  const target = path.resolve(base, subfolder, image.filename)
  if (!isInside(base, target) || target === base) return empty(400)
  await mkdir(path.dirname(target), { recursive: true })
  const overwrite = ['true', '1'].includes(form.fields.get('overwrite') ?? '')
  const file = overwrite ? target : await freeName(target, image.bytes)
  await save(file, form, image)
  return json({ name: path.basename(file), subfolder: subfolder === '.' ? '' : subfolder, type })
}

/** POST `/upload/image`: keeps a file as it is. */
export const uploadImage = (call: Call, folder: string): Promise<Reply> =>
  receive(call, folder, (target, _form, { bytes }) => writeFile(target, bytes))

/** The picture that a mask is made for; null where its name leads nowhere, at which the real program saves nothing. */
function originalOf(folder: string, reference: Json): string | null {
  const otherwise = reference['type'] ?? 'output'
  if (typeof otherwise !== 'string' || !isFolderType(otherwise)) return null
  const { name, type } = annotated(str(reference['filename']), otherwise)
  if (name === '' || name.startsWith('/') || name.includes('..')) return null
  const base = path.join(folder, type)
  const file = path.resolve(base, str(reference['subfolder'] ?? ''), name)
  return isInside(base, file) && existsSync(file) ? file : null
}

/**
 * POST `/upload/mask`: keeps the picture that `original_ref` names with the transparency of the one that is sent (measured
 * on 0.33). Where there is no such picture it answers as if all were well, and keeps nothing.
 */
export async function uploadMask(call: Call, folder: string): Promise<Reply> {
  try {
    return await receive(call, folder, async (target, form, { bytes }) => {
      const reference: unknown = JSON.parse(form.fields.get('original_ref') ?? '')
      if (!isObject(reference) || !('filename' in reference)) throw new SyntaxError('no filename')
      const original = originalOf(folder, reference)
      if (original !== null) await writeFile(target, await withTransparency(await readFile(original), bytes))
    })
  } catch (error) {
    if (error instanceof BadPicture || error instanceof SyntaxError) return aiohttpError
    throw error
  }
}

/** Thrown for what Pillow could not put together. */
class BadPicture extends Error {}

async function withTransparency(original: Buffer, mask: Buffer): Promise<Buffer> {
  const [below, seen] = [decodeImage(original, 'as they are'), decodeImage(mask)]
  if (!below || !seen || below.width !== seen.width || below.height !== seen.height) throw new BadPicture()
  const opaque = { ...seen, data: new Uint8Array(seen.data.length).fill(255) }
  return encodePng(below, readPngTexts(original), decodeAlpha(mask) ?? opaque)
}

async function freeName(target: string, bytes: Buffer): Promise<string> {
  const { dir, name, ext } = path.parse(target)
  for (let i = 0; ; i++) {
    const file = i === 0 ? target : path.join(dir, `${name} (${i})${ext}`)
    const there = await readFile(file).catch(() => null)
    if (!there || there.equals(bytes)) return file
  }
}
