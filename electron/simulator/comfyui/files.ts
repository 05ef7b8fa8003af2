import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { encodePng } from '../media/png'
import type { Raster } from '../media/raster'
import { sampleOf, type SampleKind } from '../media/samples'
import { NodeException, type ShownImage } from './values'

export type FolderType = ShownImage['type']

export const isFolderType = (type: string): type is FolderType =>
  type === 'output' || type === 'input' || type === 'temp'

/** Whether `file` lies in `folder` or is it. */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative))
}

/** Splits `name.png [temp]` into the name and the folder that the annotation chooses. */
export function annotated(name: string, otherwise: FolderType): { name: string; type: FolderType } {
  const match = /^(.*) \[(output|input|temp)\]$/.exec(name)
  const type = match?.[2]
  return match?.[1] !== undefined && type !== undefined && isFolderType(type)
    ? { name: match[1], type }
    : { name, type: otherwise }
}

/** Path of a picture that LoadImage names (`sub/name.png`, `name.png [temp]`); null when there is no such file. */
export function existingFile(folder: string, value: string): string | null {
  const { name, type } = annotated(value, 'input')
  const base = path.join(folder, type)
  const file = path.resolve(base, name)
  return name !== '' && isInside(base, file) && existsSync(file) ? file : null
}

const two = (value: number) => String(value).padStart(2, '0')

/** Fills in the tokens that a file name prefix may hold, but for `%batch_num%`. */
function withTokens(prefix: string, width: number, height: number, now: Date): string {
  const tokens: Record<string, string> = {
    year: String(now.getFullYear()),
    month: two(now.getMonth() + 1),
    day: two(now.getDate()),
    hour: two(now.getHours()),
    minute: two(now.getMinutes()),
    second: two(now.getSeconds()),
    width: String(width),
    height: String(height),
  }
  return prefix.replace(/%(\w+)%/g, (whole, name: string) => tokens[name] ?? whole)
}

async function nextCounter(folder: string, stem: string): Promise<number> {
  const counters = (await readdir(folder)).flatMap((file) => {
    if (!file.startsWith(`${stem}_`)) return []
    const digits = /^(\d+)_/.exec(file.slice(stem.length + 1))?.[1]
    return digits === undefined ? [] : [Number(digits)]
  })
  return Math.max(0, ...counters) + 1
}

/**
 * Writes pictures as `prefix_00001_.png`, counting on from what is there.
 * Throws a NodeException when the prefix leaves the folder.
 */
export async function saveImages(
  images: readonly Raster[],
  where: { folder: string; type: 'output' | 'temp'; prefix: string; texts: Record<string, string> },
): Promise<ShownImage[]> {
  const base = path.join(where.folder, where.type)
  const [first] = images
  const prefix = path.normalize(withTokens(where.prefix, first?.width ?? 0, first?.height ?? 0, new Date()))
  const target = path.resolve(base, path.dirname(prefix))
  const stem = path.basename(prefix)
  if (!isInside(base, target)) {
    const detail = `full_output_folder: ${target}\n         output_dir: ${base}`
    throw new NodeException('Exception', `Saving image outside the output folder is not allowed.\n ${detail}`)
  }
  await mkdir(target, { recursive: true })
  const counter = await nextCounter(target, stem)
  const subfolder = path.relative(base, target)
  const shown: ShownImage[] = []
  for (const [index, raster] of images.entries()) {
    const name = stem.replaceAll('%batch_num%', String(index))
    const filename = `${name}_${String(counter + index).padStart(5, '0')}_.png`
    await writeFile(path.join(target, filename), await encodePng(raster, where.texts))
    shown.push({ filename, subfolder, type: where.type })
  }
  return shown
}

/** Writes samples beside a picture that was saved, under its name. */
export async function saveSamples(
  kinds: readonly SampleKind[],
  beside: ShownImage | undefined,
  folder: string,
): Promise<ShownImage[]> {
  if (!beside) return []
  return Promise.all(
    kinds.map(async (kind) => {
      const { bytes, ending } = sampleOf(kind)
      const filename = `${path.parse(beside.filename).name}${kind}.${ending}`
      await writeFile(path.join(folder, beside.type, beside.subfolder, filename), bytes)
      return { ...beside, filename }
    }),
  )
}
