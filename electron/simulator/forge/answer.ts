import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { encodePng } from '../media/png'
import { encodeJpeg, type Raster } from '../media/raster'
import { gridOf } from './grid'
import { writeInfotext } from './infotext'
import type { Params } from './models'
import type { Options } from './options'
import { infoOf, type Plan } from './plan'

export interface Generated {
  images: string[]
  parameters: Record<string, unknown>
  info: string
}

/** The pictures of a job, and when it began. */
export interface Made {
  plan: Plan
  rasters: readonly Raster[]
  startedAt: string
}

const encode = async (raster: Raster, format: string, infotext: string) =>
  format === 'jpg' || format === 'jpeg' ? encodeJpeg(raster, 80) : await encodePng(raster, { parameters: infotext })

async function saveAll(files: Buffer[], { folder, plan, format }: { folder: string; plan: Plan; format: string }) {
  const day = new Date().toISOString().slice(0, 10)
  const place = path.join(folder, 'outputs', `${plan.kind}-images`, day)
  await mkdir(place, { recursive: true })
  for (const [i, file] of files.entries()) {
    await writeFile(path.join(place, `${String(i).padStart(5, '0')}-${plan.seeds[i] ?? 0}.${format}`), file)
  }
}

/** Puts the pictures into files, saves them where that was asked for, and says what was made. */
export async function answerOf(
  { plan, rasters, startedAt }: Made,
  params: Params,
  { folder, options }: { folder: string; options: Options },
): Promise<Generated> {
  const [width, height] = plan.final
  const infotexts = rasters.map((_, i) => writeInfotext({ ...plan.facts, seed: plan.seeds[i] ?? 0, width, height }))
  const save = params.flag('save_images')
  const withGrid = save && rasters.length > 1 && options['return_grid'] === true
  const all = withGrid ? [gridOf(rasters), ...rasters] : rasters
  const texts = withGrid ? [infotexts[0] ?? '', ...infotexts] : infotexts
  const format = String(options['samples_format'])
  const files = await Promise.all(all.map((raster, i) => encode(raster, format, texts[i] ?? '')))
  if (save) await saveAll(files.slice(withGrid ? 1 : 0), { folder, plan, format })
  const shown = plan.kind === 'img2img' && !params.flag('include_init_images') ? { init_images: null, mask: null } : {}
  return {
    images: params.flag('send_images') ? files.map((file) => file.toString('base64')) : [],
    parameters: { ...params.all(), ...shown },
    info: JSON.stringify(infoOf(plan, texts, withGrid ? 1 : 0, startedAt)),
  }
}
