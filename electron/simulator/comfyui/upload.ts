import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readForm } from '../http/forms'
import { empty, json, type Reply } from '../http/reply'
import type { Call } from '../http/server'
import { annotated, existingFile, isFolderType, isInside } from './files'
import { aiohttpError } from './login'

/** POST `/upload/image`: keeps a file, under another name when a different one has that name already. */
export async function uploadImage(call: Call, folder: string): Promise<Reply> {
  const form = await readForm(call)
  const image = form?.files.get('image')
  if (!image || image.filename === '') return empty(400)
  const type = form?.fields.get('type') ?? 'input'
  if (!isFolderType(type)) return aiohttpError
  const base = path.join(folder, type)
  const subfolder = path.normalize(form?.fields.get('subfolder') ?? '')
  const target = path.resolve(base, subfolder, image.filename)
  if (!isInside(base, target) || target === base) return empty(400)
  await mkdir(path.dirname(target), { recursive: true })
  const overwrite = ['true', '1'].includes(form?.fields.get('overwrite') ?? '')
  const file = overwrite ? target : await freeName(target, image.bytes)
  await writeFile(file, image.bytes)
  return json({ name: path.basename(file), subfolder: subfolder === '.' ? '' : subfolder, type })
}

/** POST `/upload/mask`: like an image, and only for a picture that is there. */
export async function uploadMask(call: Call, folder: string): Promise<Reply> {
  const form = await readForm(call)
  const reference = form?.fields.get('original_ref')
  if (reference === undefined) return empty(400)
  const original: unknown = JSON.parse(reference)
  const name = typeof original === 'object' && original !== null && 'filename' in original ? original.filename : null
  if (typeof name !== 'string' || existingFile(folder, annotated(name, 'input').name) === null) return empty(400)
  return uploadImage(call, folder)
}

async function freeName(target: string, bytes: Buffer): Promise<string> {
  const { dir, name, ext } = path.parse(target)
  for (let i = 0; ; i++) {
    const file = i === 0 ? target : path.join(dir, `${name} (${i})${ext}`)
    const there = await readFile(file).catch(() => null)
    if (!there || there.equals(bytes)) return file
  }
}
