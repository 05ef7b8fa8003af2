import sharp from 'sharp'
import { newGeneration } from '../../../electron/generation/record'
import { createImages } from '../../../electron/generation/images'
import { dataPaths } from '../../../electron/storage/paths'
import type { Generation } from '../../../shared/contract'

/** A UUID that ends with a number. */
export const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

/** Colours tell the pictures apart. */
const pictureOf = (n: number) =>
  sharp({ create: { width: 48, height: 32, channels: 3, background: { r: n % 256, g: 90, b: 160 } } })
    .png()
    .toBuffer()

/** What a test wants of a generation; everything else is usual. */
export type Wanted = Partial<Omit<Generation, 'params'>> & { prompt?: string; count?: number; seed?: number }

/** A generation that has ended, number `n`, with its picture files in a data folder. */
export async function filled(folder: string, n: number, wanted: Wanted = {}): Promise<Generation> {
  const { prompt = `picture ${n}`, count = 1, seed = n, ...rest } = wanted
  const images = createImages(dataPaths(folder), (text) => text)
  const kept = []
  for (let index = 0; index < count; index += 1) {
    const bytes = await pictureOf(n + index)
    const { image, safe } = await images.keep(idOf(n), index, { pieces: pieces(bytes), room: 1e9 })
    await safe
    kept.push(image)
  }
  const params = {
    ...{ prompt, seed, steps: 4, cfg: 1, width: 64, height: 64 },
    ...{ sampler: 'euler', scheduler: 'simple', batch: 1 },
  }
  const at = 1_760_000_000_000 + n * 60_000
  const about = {
    id: idOf(n),
    by: 'admin',
    serviceId: 'one',
    kind: 'comfyui',
    simulated: true,
    params,
    now: at,
  } as const
  return { ...newGeneration(about), state: 'succeeded', images: kept, finishedAt: at + 2000, ...rest }
}

async function* pieces(bytes: Uint8Array) {
  yield await Promise.resolve(bytes)
}
