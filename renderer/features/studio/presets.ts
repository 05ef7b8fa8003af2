import * as z from 'zod'
import { PresetContent, PresetName, type Preset } from '../../../shared/contract'
import { safeFileName } from '../../../shared/file-names'
import { emptyEdit, type StudioForm } from './form'

/** What a form is kept as. A seed is kept where it is locked. */
export const contentOf = (form: StudioForm): PresetContent =>
  PresetContent.parse({ ...form, seed: form.keepSeed ? form.seed : null })

/** The form that a preset fills in. The images that are edited stay. */
export function formOf({ seed, edit, ...content }: PresetContent, before: StudioForm): StudioForm {
  const { pictures, mask } = before.edit
  return {
    ...content,
    edit: { ...(edit ?? emptyEdit()), pictures, mask },
    isCustomSize: false,
    seed: seed ?? before.seed,
    keepSeed: seed !== null,
  }
}

/** A preset as it is shared: a small file of JSON. */
const PresetFile = z.object({
  kind: z.literal('regie-preset'),
  version: z.literal(1),
  name: PresetName,
  content: PresetContent,
})

/** Larger files are none of these, in bytes. */
const mostBytes = 1_000_000

export function fileOf({ name, content }: Pick<Preset, 'name' | 'content'>): File {
  const text = JSON.stringify({ kind: 'regie-preset', version: 1, name, content }, null, 2)
  return new File([`${text}\n`], safeFileName(name, '.regie-preset.json'), { type: 'application/json' })
}

/** The preset in a file; null where there is none. */
export async function readPresetFile(file: Blob): Promise<Pick<Preset, 'name' | 'content'> | null> {
  if (file.size > mostBytes) return null
  try {
    const read = PresetFile.safeParse(JSON.parse(await file.text()))
    return read.success ? { name: read.data.name, content: read.data.content } : null
  } catch {
    return null
  }
}

/** A name that none of them has: the same, or with a number. */
export function freeName(name: string, taken: readonly string[]): string {
  const names = new Set(taken.map((one) => one.toLowerCase()))
  let free = name
  for (let n = 2; names.has(free.toLowerCase()); n += 1) free = `${name.slice(0, 74)} (${n})`
  return free
}
